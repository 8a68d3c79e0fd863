// `onnx-macs sweep`: one analysis with symbols for what varies, then arithmetic at every point.
// Where the shapes of a point take another path than the formulas assume, the files are analysed
// for it.
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/spelling.h"
#include "analyzer/sweep/formulas.h"
#include "cli/dress.h"
#include "cli/rules_option.h"
#include "cli/run.h"
#include "cli/sweep_view.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

constexpr SweepColumn kColumns[] = {
    {"macs", "MACs", false},    {"ops", "", false},
    {"flops", "FLOPs", false},  {"params", "", false},
    {"weight_bytes", "", true}, {"peak_activation_bytes", "activations", true},
};
constexpr SweepColumn kTraining = {"training_flops", "training FLOPs", false};

// Sets the size of an axis; as a symbol, the value only says that there is one.
void SetAxis(const SweepAxis& axis, AxisValue value, bool is_symbol, Options* options) {
  BindOptions& bind = options->analyze.bind;
  switch (axis.kind) {
    case SweepAxis::Kind::kRes:
      bind.res = {value.size, value.width};
      bind.swept.res = is_symbol;
      break;
    case SweepAxis::Kind::kBatch:
      bind.batch = value.size;
      bind.swept.batch = is_symbol;
      break;
    case SweepAxis::Kind::kSeq:
      bind.seq = value.size;
      bind.swept.seq = is_symbol;
      break;
    case SweepAxis::Kind::kSteps:
      options->pipeline.steps = value.size;
      break;
    case SweepAxis::Kind::kDim:
      bind.dims.emplace_back(axis.name, is_symbol ? axis.name : absl::StrCat(value.size));
      break;
  }
}

// The amounts of the columns: of the pipeline where there is one, else of one call of each file.
// Calls are made one after the other, so the largest of their peaks counts.
std::vector<std::vector<Amount>> AmountsOf(const Results& results) {
  const Figures total = TotalOf(results);
  const bool is_pipeline = results.pipelines.size() == 1;
  const Figures& calls = is_pipeline ? results.pipelines[0].figures : total;
  std::vector<Amount> peaks;
  if (is_pipeline) {
    for (const StageRow& stage : results.pipelines[0].stages) {
      if (stage.times > 0) peaks.push_back(stage.peak_activation_bytes);
    }
  } else {
    for (const ModelReport& model : results.models) {
      peaks.push_back(model.memory->peak_activation_bytes);
    }
  }
  std::vector<std::vector<Amount>> amounts = {{calls.macs},   {calls.ops},          {calls.flops},
                                              {total.params}, {total.weight_bytes}, peaks};
  if (results.training) amounts.push_back({results.training->step.step});
  return amounts;
}

std::string WhatOf(const Results& results) {
  if (results.pipelines.size() == 1) return results.pipelines[0].name;
  if (results.models.size() == 1) return "one call";
  return absl::StrCat("one call of each of ", results.models.size(), " files");
}

std::string FirstGap(const Results& results) {
  for (const ModelReport& model : results.models) {
    for (const GapRow& gap : model.gaps) {
      if (!gap.is_consequence) return absl::StrCat(gap.node.view(), ": ", gap.reason.view());
    }
  }
  return "";
}

// Each takes as long as a run of its own.
constexpr size_t kMostAnew = 1000;

class Sweep {
 public:
  Sweep(const Options& options, const RuleSet& rules, absl::Span<const ModelFile> files)
      : options_(options), rules_(rules), files_(files) {
    report_.convention = options.convention;
    report_.axes = options.over;
    report_.columns.assign(std::begin(kColumns), std::end(kColumns));
    if (options.analyze.training != nullptr) report_.columns.push_back(kTraining);
    for (const ModelFile& file : files) report_.files.push_back(file.path);
  }

  // The error is wrong usage.
  absl::Status Run() {
    const absl::StatusOr<size_t> points = CountPoints(report_.axes);
    if (!points.ok()) return points.status();
    report_.rows.resize(*points);
    // Steps are no size, so there is one set of formulas for each number of them.
    std::vector<AxisValue> all_steps = {{}};
    for (const SweepAxis& axis : report_.axes) {
      if (axis.kind == SweepAxis::Kind::kSteps) all_steps = axis.values;
    }
    for (const AxisValue steps : all_steps) {
      if (const absl::Status status = RunSteps(steps); !status.ok()) return status;
    }
    if (num_anew_ > 0) {
      report_.notes.push_back(absl::StrCat(
          num_anew_,
          num_anew_ == 1
              ? " point was analysed by itself: its shapes take another path than those "
              : " points were analysed by themselves: their shapes take another path than "
                "those ",
          "of the formula"));
    }
    if (num_left_out_ > 0) {
      report_.notes.push_back(absl::StrCat(
          num_left_out_, " more would have to be and were not: ask ", "for fewer points"));
    }
    return absl::OkStatus();
  }

  const SweepReport& report() const { return report_; }
  bool any_file_failed() const { return any_file_failed_; }
  bool has_gaps() const {
    return absl::c_any_of(report_.rows, [](const SweepRow& row) {
      return row.is_lower_bound || row.amounts[0].is_unknown();
    });
  }

 private:
  absl::Status RunSteps(AxisValue steps) {
    Options symbolic = options_;
    for (const SweepAxis& axis : report_.axes) {
      const bool is_steps = axis.kind == SweepAxis::Kind::kSteps;
      SetAxis(axis, is_steps ? steps : axis.values[0], !is_steps, &symbolic);
    }
    absl::StatusOr<CheckedRun> run = AnalyzeChecked(symbolic, rules_, files_);
    if (!run.ok()) return run.status();
    any_file_failed_ |= !run->results.errors.empty();
    if (run->results.models.empty()) return absl::OkStatus();
    report_.what = WhatOf(run->results);
    Formulas formulas(report_.axes);
    bool holds = !HasGaps(run->results);
    for (const Validity& validity : run->validities) {
      formulas.AddValidity(validity);
      holds &= !validity.depends_on_values;
    }
    for (const auto& amounts : AmountsOf(run->results)) formulas.Add(amounts);
    if (holds) AddOrders(formulas);
    return Fill(steps, holds, &formulas);
  }

  // Formulas are numbered as columns are.
  void AddOrders(const Formulas& formulas) {
    report_.orders.clear();
    for (size_t i = 0; i < report_.axes.size(); ++i) {
      const bool is_steps = report_.axes[i].kind == SweepAxis::Kind::kSteps;
      for (size_t column = 0; column < report_.columns.size(); ++column) {
        if (report_.columns[column].header[0] == '\0') continue;
        // Memory is used again at every step.
        const int of_steps = report_.columns[column].is_bytes ? 0 : 1;
        report_.orders.push_back({i, column, is_steps ? of_steps : formulas.Order(column, i)});
      }
    }
  }

  absl::Status Fill(AxisValue steps, bool holds, Formulas* formulas) {
    for (size_t i = 0; i < report_.rows.size(); ++i) {
      const std::vector<AxisValue> point = PointAt(report_.axes, i);
      if (!IsAt(point, steps)) continue;
      SweepRow& row = report_.rows[i];
      row.point = point;
      if (!holds || !formulas->GoTo(point)) {
        if (num_anew_ == kMostAnew) {
          LeaveOut(&row);
          continue;
        }
        if (const absl::Status status = AnalyzePoint(&row); !status.ok()) return status;
        continue;
      }
      for (size_t k = 0; k < report_.columns.size(); ++k) row.amounts.push_back(formulas->At(k));
    }
    return absl::OkStatus();
  }

  bool IsAt(const std::vector<AxisValue>& point, AxisValue steps) const {
    for (size_t i = 0; i < point.size(); ++i) {
      const bool is_steps = report_.axes[i].kind == SweepAxis::Kind::kSteps;
      if (is_steps && point[i].size != steps.size) return false;
    }
    return true;
  }

  absl::Status AnalyzePoint(SweepRow* row) {
    Options options = options_;
    for (size_t i = 0; i < report_.axes.size(); ++i) {
      SetAxis(report_.axes[i], row->point[i], false, &options);
    }
    const absl::StatusOr<CheckedRun> run = AnalyzeChecked(options, rules_, files_);
    if (!run.ok()) return run.status();
    for (const auto& amounts : AmountsOf(run->results)) row->amounts.push_back(Largest(amounts));
    row->is_lower_bound = HasGaps(run->results);
    row->remark = FirstGap(run->results);
    row->is_anew = true;
    ++num_anew_;
    if (!row->remark.empty()) NoteGap(*row);
    return absl::OkStatus();
  }

  void LeaveOut(SweepRow* row) {
    row->amounts.assign(report_.columns.size(), Amount::Unknown());
    row->remark = "not analysed: too many points need that";
    ++num_left_out_;
  }

  // The first few; the rest is in JSON.
  void NoteGap(const SweepRow& row) {
    constexpr size_t kMost = 3;
    if (report_.notes.size() >= kMost) return;
    std::vector<std::string> at;
    for (size_t i = 0; i < report_.axes.size(); ++i) {
      at.push_back(
          absl::StrCat(report_.axes[i].name, " ", ToString(report_.axes[i], row.point[i])));
    }
    report_.notes.push_back(absl::StrCat("at ", absl::StrJoin(at, ", "), ": ", row.remark));
  }

  const Options& options_;
  const RuleSet& rules_;
  const absl::Span<const ModelFile> files_;
  SweepReport report_;
  size_t num_anew_ = 0, num_left_out_ = 0;
  bool any_file_failed_ = false;
};

std::string TextOf(const SweepReport& report, const Options& options, const TextStyle& style) {
  const Dress& dress = DressOf(options.format);
  TextSink sink;
  std::string& text = sink.text();
  if (!options.view.quiet) {
    text = dress.title(Printable(absl::StrJoin(report.files, ", ")), report.what, style);
  }
  dress.table(SweepTable(report), style, &sink);
  const std::vector<std::string> remarks =
      options.view.quiet ? std::vector<std::string>() : SweepRemarks(report);
  if (!remarks.empty()) text += "\n";
  for (const std::string& line : remarks) text += dress.remark(line, style);
  return sink.Take();
}

std::string Write(const SweepReport& report, const Options& options) {
  if (options.format == Format::kJson) return SweepJson(report);
  if (options.format == Format::kCsv) return SweepCsv(report);
  return TextOf(report, options, ChooseStyle(options.color, !options.output.empty()));
}

// An option that an axis would set is a contradiction.
std::string GivenTwice(const Options& options) {
  const BindOptions& bind = options.analyze.bind;
  for (const SweepAxis& axis : options.over) {
    const bool is_given = (axis.kind == SweepAxis::Kind::kRes && bind.res) ||
                          (axis.kind == SweepAxis::Kind::kBatch && bind.batch) ||
                          (axis.kind == SweepAxis::Kind::kSeq && bind.seq) ||
                          (axis.kind == SweepAxis::Kind::kSteps && options.pipeline.steps);
    if (is_given) return axis.name;
  }
  return "";
}

}  // namespace

ExitCode RunSweep(const Options& options) {
  const absl::StatusOr<ChosenRules> rules = ChooseRules(options);
  if (!rules.ok()) return Refuse(rules.status().message());
  if (const std::string twice = GivenTwice(options); !twice.empty()) {
    return Refuse(WithExample(absl::StrCat("--", twice, " is given beside --over ", twice),
                              absl::StrCat("--over ", twice, "=256,512")));
  }
  const absl::StatusOr<std::vector<ModelFile>> files = FilesToRead(options, options.files);
  if (!files.ok()) return Refuse(files.status().message());
  Sweep sweep(options, rules->rules(), *files);
  if (const absl::Status status = sweep.Run(); !status.ok()) return Refuse(status.message());
  if (sweep.report().what.empty()) return kFileFailed;
  const ExitCode written = Deliver(Write(sweep.report(), options), options);
  if (written != kFine || sweep.any_file_failed()) return kFileFailed;
  return options.view.strict && sweep.has_gaps() ? kNotCounted : kFine;
}

}  // namespace onnx_macs
