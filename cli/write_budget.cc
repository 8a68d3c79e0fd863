// Limits of every model: its totals and its components' MACs, for the sizes of the run.
#include "cli/write_budget.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "analyzer/limits/budget.h"
#include "analyzer/limits/judge_budget.h"
#include "analyzer/limits/quantity.h"
#include "cli/json_text.h"

namespace onnx_macs {
namespace {

constexpr Metric kModelMetrics[] = {Metric::kMacs, Metric::kParams, Metric::kBytes,
                                    Metric::kMemory};

using Sizes = std::vector<std::pair<std::string, int64_t>>;

// Bytes that are no UTF-8 are not the same in JSON: such a name would not be found again.
bool IsWritable(absl::string_view name) {
  return Json::parse(Dump(name), nullptr, /*allow_exceptions=*/false) == Json(name);
}

class Writer {
 public:
  Writer(const RunView& run, const BudgetStyle& style) : run_(run), style_(style) {}

  absl::StatusOr<std::string> Run() {
    TextSink sink;
    ObjectText json(0, &sink);
    json.Add("schema", std::string(kBudgetSchema));
    json.Add("convention", style_.convention);
    json.AddObject("models", [this](ObjectText* models) {
      for (const ModelReport& model : run_.models) AddModel(model, models);
    });
    if (run_.pipelines.size() == 1) AddPipeline(run_.pipelines[0], &json);
    json.Close();
    if (!status_.ok()) return status_;
    std::string text = absl::StrCat(sink.Take(), "\n");
    if (text.size() > kMostBudgetBytes) {
      return absl::ResourceExhaustedError("the budget would be too large: give a smaller --depth");
    }
    return text;
  }

 private:
  void Fail(absl::string_view why) { status_.Update(absl::FailedPreconditionError(why)); }

  Json Limit(const Reading& reading) {
    absl::int128 limit = 0;
    if (!reading.is_exact()) {
      Fail(reading.doubt);
    } else if (!Grown(reading.amount.value(), style_.margin, /*round_up=*/true, &limit)) {
      Fail("a limit with this --margin is too large to be written");
    }
    return ToJson(Amount::Integer(limit));
  }

  static void AddSizes(const Sizes& sizes, ObjectText* json) {
    Json object = Json::object();
    for (const auto& [name, size] : sizes) {
      if (IsWritable(name)) object[name] = size;
    }
    if (!object.empty()) json->Add("bindings", object);
  }

  void AddModel(const ModelReport& model, ObjectText* models) {
    const std::string name = BudgetName(model, run_.models);
    if (name.empty() || !IsWritable(name)) {
      return Fail(absl::StrCat(model.file,
                               ": there is no name for it in a budget: it is given "
                               "twice, or is no UTF-8"));
    }
    models->AddObject(name, [&](ObjectText* json) {
      AddSizes(model.bindings, json);
      for (const Metric metric : kModelMetrics) {
        json->Add(Describe(metric).key, Limit(ReadModel(model, metric)));
      }
      AddComponents(model, json);
    });
  }

  // What a wrapper's prefix hides does not count as depth. Those without a MAC are left out: 0 and
  // a margin of 0 is 0.
  void AddComponents(const ModelReport& model, ObjectText* json) {
    const auto hidden = static_cast<int>(absl::c_count(model.display_prefix, '.'));
    std::vector<const ComponentRow*> rows;
    for (const ComponentRow& row : model.components) {
      const int depth = row.depth - hidden;
      const bool is_wanted = depth >= 1 && depth <= style_.depth && !row.figures.macs.is_zero();
      if (is_wanted && IsWritable(row.path)) rows.push_back(&row);
    }
    if (rows.empty()) return;
    json->AddObject("components", [&](ObjectText* components) {
      for (const ComponentRow* row : rows) {
        components->Add(row->path, {{"macs", Limit(ReadComponent(model, *row, Metric::kMacs))}});
      }
    });
  }

  void AddPipeline(const PipelineReport& pipeline, ObjectText* json) {
    json->AddObject("pipeline", [&](ObjectText* object) {
      AddSizes(PipelineSettingsOf(pipeline), object);
      object->Add("macs", Limit(ReadPipeline(run_, pipeline, Metric::kMacs)));
    });
  }

  const RunView& run_;
  const BudgetStyle& style_;
  std::string text_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<std::string> BudgetText(const RunView& run, const BudgetStyle& style) {
  return Writer(run, style).Run();
}

}  // namespace onnx_macs
