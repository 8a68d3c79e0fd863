// Every key is a row of a table: what it must hold, and what reads it.
#include "analyzer/limits/budget.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "analyzer/limits/quantity.h"

namespace onnx_macs {
namespace {

using Kind = LocatedJson::Kind;
using absl::OkStatus;
using absl::Status;

template <Metric kMetric, typename Target>
Status ReadLimit(const LocatedJson& json, Target* target) {
  const std::string text = json.is(Kind::kInteger) ? absl::StrCat(json.integer) : json.text;
  const bool is_bytes = Describe(kMetric).is_bytes;
  const auto most = ParseQuantity(text, is_bytes ? QuantityUnit::kBytes : QuantityUnit::kCount);
  if (!most.ok()) return JsonError(json.place, most.status().message());
  target->limits.push_back({kMetric, *most});
  return OkStatus();
}

template <typename Target>
Status ReadBindings(const LocatedJson& json, Target* target) {
  for (const JsonMember& member : json.members) {
    if (!member.value.is(Kind::kInteger) || member.value.integer < 0) {
      return JsonError(member.value.place, "a binding is a whole number of at least 0");
    }
    target->bindings.push_back({member.key, member.value.integer, member.key_place});
  }
  return OkStatus();
}

constexpr bool kOrNumber = true;
template <Metric kMetric, typename Target>
constexpr JsonKey<Target> LimitKey(const char* name, const char* example) {
  return {name, Kind::kString, ReadLimit<kMetric, Target>, example, kOrNumber};
}

constexpr const char kCountExample[] = "\"420G\"", kBytesExample[] = "\"24GiB\"",
                     kNodesExample[] = "100";
constexpr const char kBindingsExample[] = R"({"height": 64})";

constexpr JsonKey<PartBudget> kPartKeys[] = {
    LimitKey<Metric::kMacs, PartBudget>("macs", kCountExample),
    LimitKey<Metric::kOps, PartBudget>("ops", kCountExample),
    LimitKey<Metric::kFlops, PartBudget>("flops", kCountExample),
    LimitKey<Metric::kParams, PartBudget>("params", kCountExample),
    LimitKey<Metric::kBytes, PartBudget>("weight_bytes", kBytesExample),
    LimitKey<Metric::kNodes, PartBudget>("nodes", kNodesExample),
};

constexpr JsonKey<PartBudget> kOperatorKeys[] = {
    LimitKey<Metric::kMacs, PartBudget>("macs", kCountExample),
    LimitKey<Metric::kOps, PartBudget>("ops", kCountExample),
    LimitKey<Metric::kFlops, PartBudget>("flops", kCountExample),
    LimitKey<Metric::kNodes, PartBudget>("nodes", kNodesExample),
};

constexpr JsonKey<PartBudget> kWholeKeys[] = {
    LimitKey<Metric::kMacs, PartBudget>("macs", kCountExample),
    LimitKey<Metric::kOps, PartBudget>("ops", kCountExample),
    LimitKey<Metric::kFlops, PartBudget>("flops", kCountExample),
    LimitKey<Metric::kParams, PartBudget>("params", kCountExample),
    LimitKey<Metric::kBytes, PartBudget>("weight_bytes", kBytesExample),
    LimitKey<Metric::kMemory, PartBudget>("peak_activation_bytes", kBytesExample),
    {"bindings", Kind::kObject, ReadBindings<PartBudget>, R"({"steps": 50})"},
};

template <typename Part, size_t kSize>
Status ReadParts(const LocatedJson& json, absl::string_view kind,
                 const JsonKey<Part> (&keys)[kSize], std::vector<Part>* parts) {
  for (const JsonMember& member : json.members) {
    Part& part = parts->emplace_back();
    part.name = member.key;
    part.place = member.key_place;
    if (!member.value.is(Kind::kObject)) {
      return JsonError(member.value.place,
                       absl::StrCat("the limits of ", kind, " are an object, not ",
                                    KindText(member.value.kind)));
    }
    const Status status = ReadKeys(member.value, absl::MakeConstSpan(keys), &part);
    if (!status.ok()) return status;
  }
  return OkStatus();
}

Status ReadComponents(const LocatedJson& json, ModelBudget* model) {
  return ReadParts(json, "a component", kPartKeys, &model->components);
}

Status ReadOperators(const LocatedJson& json, ModelBudget* model) {
  return ReadParts(json, "an operator", kOperatorKeys, &model->operators);
}

constexpr JsonKey<ModelBudget> kModelKeys[] = {
    LimitKey<Metric::kMacs, ModelBudget>("macs", kCountExample),
    LimitKey<Metric::kOps, ModelBudget>("ops", kCountExample),
    LimitKey<Metric::kFlops, ModelBudget>("flops", kCountExample),
    LimitKey<Metric::kParams, ModelBudget>("params", kCountExample),
    LimitKey<Metric::kBytes, ModelBudget>("weight_bytes", kBytesExample),
    LimitKey<Metric::kMemory, ModelBudget>("peak_activation_bytes", kBytesExample),
    LimitKey<Metric::kNodes, ModelBudget>("nodes", kNodesExample),
    {"bindings", Kind::kObject, ReadBindings<ModelBudget>, kBindingsExample},
    {"components", Kind::kObject, ReadComponents, R"({"mid_block": {"macs": "6.5G"}})"},
    {"operators", Kind::kObject, ReadOperators, R"({"Conv": {"nodes": 98}})"},
};

Status ReadSchema(const LocatedJson& json, Budget*) {
  if (json.text == kBudgetSchema) return OkStatus();
  return JsonError(json.place, absl::StrCat("'", json.text, "' is no schema this version reads"));
}

Status ReadConvention(const LocatedJson& json, Budget* budget) {
  budget->convention = json.text;
  budget->convention_place = json.place;
  return OkStatus();
}

Status ReadNote(const LocatedJson&, Budget*) { return OkStatus(); }

Status ReadModels(const LocatedJson& json, Budget* budget) {
  return ReadParts(json, "a model", kModelKeys, &budget->models);
}

template <std::optional<PartBudget> Budget::*kMember>
Status ReadWhole(const LocatedJson& json, Budget* budget) {
  PartBudget& part = (budget->*kMember).emplace();
  part.place = json.place;
  return ReadKeys(json, absl::MakeConstSpan(kWholeKeys), &part);
}

constexpr absl::string_view kModelsExample = R"({"unet.onnx": {"macs": "420G"}})";

constexpr JsonKey<Budget> kKeys[] = {
    {"schema", Kind::kString, ReadSchema, "\"onnx-macs/budget/1\""},
    {"note", Kind::kString, ReadNote, "\"what these limits are for\""},
    {"convention", Kind::kString, ReadConvention, "\"default\""},
    {"models", Kind::kObject, ReadModels, kModelsExample},
    {"pipeline", Kind::kObject, ReadWhole<&Budget::pipeline>, R"({"macs": "20T"})"},
    {"total", Kind::kObject, ReadWhole<&Budget::total>, R"({"params": "1G"})"},
};

bool HasLimit(const PartBudget& part) { return !part.limits.empty(); }

bool HasLimit(const Budget& budget) {
  for (const ModelBudget& model : budget.models) {
    if (HasLimit(model) ||
        absl::c_any_of(model.components, [](const auto& p) { return HasLimit(p); }) ||
        absl::c_any_of(model.operators, [](const auto& p) { return HasLimit(p); })) {
      return true;
    }
  }
  return (budget.pipeline && HasLimit(*budget.pipeline)) ||
         (budget.total && HasLimit(*budget.total));
}

}  // namespace

absl::StatusOr<Budget> ReadBudget(absl::string_view json) {
  const absl::StatusOr<LocatedJson> root = ParseLocatedJson(json);
  if (!root.ok()) return root.status();
  if (!root->is(Kind::kObject)) return JsonError(root->place, "a budget is an object");
  Budget budget;
  const Status status = ReadKeys(*root, absl::MakeConstSpan(kKeys), &budget);
  if (!status.ok()) return status;
  if (HasLimit(budget)) return budget;
  return json_internal::WithExampleOf("models", kModelsExample,
                                      JsonError(root->place, "the budget has no limit"));
}

bool HasLimitOn(const Budget& budget, Metric metric) {
  const auto has = [metric](const PartBudget& part) {
    return absl::c_any_of(part.limits,
                          [metric](const MetricLimit& limit) { return limit.metric == metric; });
  };
  return absl::c_any_of(budget.models, has) || (budget.pipeline && has(*budget.pipeline)) ||
         (budget.total && has(*budget.total));
}

}  // namespace onnx_macs
