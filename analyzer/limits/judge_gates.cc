// What each gate is about is looked up on both sides; then the two amounts decide, or the doubt
// about one of them does.
#include "analyzer/limits/judge_gates.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/checked_int.h"
#include "analyzer/figures.h"
#include "analyzer/limits/lookup.h"
#include "analyzer/limits/quantity.h"
#include "analyzer/spelling.h"

namespace onnx_macs {
namespace {

struct Side {
  Reading reading;
  bool is_absent = false;
  std::optional<Part> part{};  // where the gate is on a component
};

// Past any amount there is.
Amount Limit(absl::int128 old_amount, const Gate& gate) {
  absl::int128 limit = 0;
  const bool fits = gate.is_relative ? Grown(old_amount, gate.most, /*round_up=*/false, &limit)
                                     : AddChecked(old_amount, gate.most, &limit);
  return Amount::Integer(fits ? limit : absl::Int128Max());
}

// Where both are formulas that differ by a number, that number may say enough.
bool DecideByDifference(const Gate& gate, const Reading& before, const Reading& after,
                        Verdict* verdict) {
  const Amount difference = Simplified(Subtract(after.amount, before.amount));
  if (!difference.is_integer()) return false;
  const bool is_known = !gate.is_relative || difference.value() <= 0;
  const absl::int128 most = gate.is_relative ? 0 : gate.most;
  if (is_known) *verdict = difference.value() <= most ? Verdict::kHolds : Verdict::kExceeded;
  return is_known;
}

void Decide(const Reading& before, const Reading& after, GateRow* row) {
  const bool has_limit = before.amount.is_integer() && !before.is_lower_bound;
  row->limit = has_limit ? Limit(before.amount.value(), row->gate) : Amount::Unknown();
  // A lower bound that is too much already needs no more counting.
  if (has_limit && after.amount.is_integer() && after.amount.value() > row->limit.value()) {
    row->verdict = Verdict::kExceeded;
    return;
  }
  if (before.is_exact() && after.is_exact()) return;
  const bool is_bound = before.is_lower_bound || after.is_lower_bound;
  if (!is_bound && DecideByDifference(row->gate, before, after, &row->verdict)) return;
  row->verdict = Verdict::kUnknown;
  std::vector<std::string> reasons;
  if (!before.is_exact()) reasons.push_back(absl::StrCat("old: ", before.doubt));
  if (!after.is_exact()) reasons.push_back(absl::StrCat("new: ", after.doubt));
  row->reason = absl::StrJoin(reasons, "; ");
}

std::string WholeName(const RunView& run, bool is_pipeline) {
  if (is_pipeline) return run.pipelines[0].name;
  if (run.models.size() == 1) return run.models[0].file;
  return absl::StrCat(run.models.size(), " files");
}

// Names that mean the only model of a run, though it may be called otherwise there.
std::vector<std::string> NamesOfOnly(const RunView& run) {
  if (run.models.size() != 1) return {};
  return {run.models[0].role, ShortName(run.models[0].file)};
}

absl::Status SeveralParts(const Gate& gate, const std::vector<Part>& parts) {
  std::vector<std::string> names;
  for (const Part& part : parts) {
    const std::string owner = ShortName(part.model->file);
    names.push_back(part.component->path.empty()
                        ? owner
                        : absl::StrCat(owner, ".", part.component->path.view()));
  }
  return absl::InvalidArgumentError(WithExample(
      absl::StrCat("--fail-over ", gate.text, ": '", gate.component, "' can be ",
                   absl::StrJoin(names, " or ")),
      absl::StrCat("--fail-over ", names[0], "=", gate.text.substr(gate.text.rfind('=') + 1))));
}

class Judge {
 public:
  Judge(const RunView& old_run, const RunView& new_run, absl::Span<const Renaming> renamings)
      : old_(old_run), new_(new_run), renamings_(renamings) {
    for (const RunView* run : {&old_run, &new_run}) {
      const std::vector<std::string> names = NamesOfOnly(*run);
      aliases_.insert(aliases_.end(), names.begin(), names.end());
    }
    // The only model of one run is none of the many of the other.
    if (old_run.models.size() != 1 || new_run.models.size() != 1) aliases_.clear();
  }

  absl::StatusOr<GateRow> Run(const Gate& gate) const {
    GateRow row;
    row.gate = gate;
    absl::StatusOr<Side> before = Read(old_, gate), after = Read(new_, gate);
    if (!before.ok()) return before.status();
    if (!after.ok()) return after.status();
    row.what = gate.component.empty() ? WholeName(new_, IsPipeline()) : gate.component;
    FollowRenaming(gate, &*before, &*after, &row.what);
    const bool is_missing = before->is_absent && after->is_absent;
    if (is_missing && before->reading.is_exact() && after->reading.is_exact()) return Unknown(gate);
    row.old_is_bound = before->reading.is_lower_bound;
    row.new_is_bound = after->reading.is_lower_bound;
    row.old_is_absent = before->is_absent;
    row.new_is_absent = after->is_absent;
    Decide(before->reading, after->reading, &row);
    row.old_amount = std::move(before->reading.amount);
    row.new_amount = std::move(after->reading.amount);
    return row;
  }

 private:
  bool IsPipeline() const { return old_.pipelines.size() == 1 && new_.pipelines.size() == 1; }

  absl::StatusOr<Side> Read(const RunView& run, const Gate& gate) const {
    if (gate.component.empty()) {
      return Side{IsPipeline() ? ReadPipeline(run, run.pipelines[0], gate.metric)
                               : ReadTotal(run, gate.metric)};
    }
    const std::vector<Part> parts = FindParts(run.models, gate.component, aliases_);
    if (parts.size() > 1) return SeveralParts(gate, parts);
    // It may have been in a file that could not be analysed.
    if (parts.empty()) return Side{ReadTotal({{}, {}, run.num_failed}, gate.metric), true};
    return Side{ReadComponent(*parts[0].model, *parts[0].component, gate.metric), false, parts[0]};
  }

  // What one side has by the gate's name may be on the other by another one.
  void FollowRenaming(const Gate& gate, Side* before, Side* after, std::string* what) const {
    if (before->is_absent == after->is_absent) return;
    const Part& known = before->is_absent ? *after->part : *before->part;
    for (const Renaming& renaming : renamings_) {
      const bool is_new = before->is_absent;
      if ((is_new ? renaming.new_file : renaming.old_file) != known.model->file ||
          (is_new ? renaming.new_path : renaming.old_path) != known.component->path) {
        continue;
      }
      Side* const other = is_new ? before : after;
      const std::optional<Part> part =
          Find(is_new ? old_ : new_, is_new ? renaming.old_file : renaming.new_file,
               is_new ? renaming.old_path : renaming.new_path);
      if (!part) continue;
      *other = {ReadComponent(*part->model, *part->component, gate.metric), false, part};
      *what = absl::StrCat(renaming.old_path, " -> ", renaming.new_path);
      return;
    }
  }

  static std::optional<Part> Find(const RunView& run, absl::string_view file,
                                  absl::string_view path) {
    for (const ModelReport& model : run.models) {
      if (model.file != file) continue;
      if (const ComponentRow* row = FindComponent(model, path); row != nullptr) {
        return Part{&model, row};
      }
    }
    return std::nullopt;
  }

  absl::Status Unknown(const Gate& gate) const {
    std::string nearest = NearestPart(new_.models, gate.component);
    if (nearest.empty()) nearest = NearestPart(old_.models, gate.component);
    const std::string what =
        absl::StrCat("--fail-over ", gate.text, ": neither side has a component '", gate.component,
                     "'", DidYouMean(nearest));
    if (nearest.empty()) return absl::InvalidArgumentError(what);
    return absl::InvalidArgumentError(WithExample(
        what,
        absl::StrCat("--fail-over ", nearest, "=", gate.text.substr(gate.text.rfind('=') + 1))));
  }

  const RunView &old_, &new_;
  const absl::Span<const Renaming> renamings_;
  std::vector<std::string> aliases_;
};

}  // namespace

absl::StatusOr<std::vector<GateRow>> JudgeGates(absl::Span<const Gate> gates,
                                                const RunView& old_run, const RunView& new_run,
                                                absl::Span<const Renaming> renamings) {
  const Judge judge(old_run, new_run, renamings);
  std::vector<GateRow> rows;
  for (const Gate& gate : gates) {
    absl::StatusOr<GateRow> row = judge.Run(gate);
    if (!row.ok()) return row.status();
    rows.push_back(*std::move(row));
  }
  return rows;
}

}  // namespace onnx_macs
