// Rows made of rules: their functions find the rule they work from in the row.
#include "rules/user/user_rules.h"

#include <climits>
#include <deque>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
#include "analyzer/spelling.h"
#include "rules/user/user_rule.h"

namespace onnx_macs {
namespace {

constexpr size_t kMostPhrase = 1000;  // every node of the operator has it

using MaybeFormula = std::optional<Formula>;

const UserRule& RuleOf(const OpContext& ctx) {
  return static_cast<const UserRule&>(*ctx.rule()->data);
}

// What is told of neither is nothing.
Cost CostOf(const OpContext& ctx, const MaybeFormula& macs, const MaybeFormula& ops) {
  Cost cost;
  const std::pair<const MaybeFormula*, Count*> parts[] = {{&macs, &cost.macs}, {&ops, &cost.ops}};
  for (const auto& [formula, count] : parts) {
    if (!*formula) continue;
    const absl::StatusOr<Dim> value = Evaluate(**formula, ctx);
    *count = value.ok() ? Count(*value) : Count::Unknown();
    if (value.ok() || !cost.refusal.empty()) continue;
    cost.refusal = ctx.inference().arena().CopyString(value.status().message());
  }
  return cost;
}

Cost ForwardCost(const OpContext& ctx) {
  const UserRule& rule = RuleOf(ctx);
  return CostOf(ctx, rule.macs, rule.ops);
}

Cost BackwardCost(const OpContext& ctx) {
  const UserRule& rule = RuleOf(ctx);
  return CostOf(ctx, rule.backward_macs, rule.backward_ops);
}

absl::Status InferOutput(OpContext& ctx, int i, const OutputRule& output) {
  const DataType type =
      output.type == DataType::kUndefined ? ctx.InputType(output.type_of) : output.type;
  if (!output.has_shape) {
    ctx.SetOutput(i, type, Shape());
    return absl::OkStatus();
  }
  if (output.shape_of >= 0) {
    ctx.SetOutput(i, type, ctx.InputShape(output.shape_of));
    return absl::OkStatus();
  }
  DimVector sizes;
  for (const Formula& formula : output.sizes) {
    const absl::StatusOr<Dim> size = Evaluate(formula, ctx);
    if (!size.ok()) return size.status();
    if (HasDenominator(*size)) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", formula.text, "' need not be whole; write floor() or ceil()"));
    }
    sizes.push_back(*size);
  }
  ctx.SetOutput(i, type, sizes);
  return absl::OkStatus();
}

absl::Status InferOutputs(OpContext& ctx) {
  const UserRule& rule = RuleOf(ctx);
  for (size_t i = 0; i < rule.outputs.size(); ++i) {
    const absl::Status status = InferOutput(ctx, static_cast<int>(i), rule.outputs[i]);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// "MACs: y.elements * 64; ops: y.elements (two recurrences)".
std::string Phrase(const UserRule& rule) {
  const std::pair<const char*, const MaybeFormula*> parts[] = {
      {"MACs", &rule.macs},
      {"ops", &rule.ops},
      {"MACs backward", &rule.backward_macs},
      {"ops backward", &rule.backward_ops}};
  std::vector<std::string> phrases;
  for (const auto& [name, formula] : parts) {
    if (*formula) phrases.push_back(absl::StrCat(name, ": ", (*formula)->text));
  }
  const std::string note = rule.note.empty() ? "" : absl::StrCat(" (", rule.note, ")");
  return Clipped(absl::StrCat(absl::StrJoin(phrases, "; "), note), kMostPhrase);
}

// A cost of nothing whatever the node makes the node one that is free by rule.
bool IsNothing(const UserRule& rule) {
  const auto is_nothing = [](const MaybeFormula& formula) {
    return !formula || formula->text == "0";
  };
  return is_nothing(rule.macs) && is_nothing(rule.ops);
}

using Rows = std::vector<const OpRule*>;

// The rows of an operator.
Rows RowsOf(const Rows& all, absl::string_view domain, absl::string_view op_type) {
  Rows found;
  for (const OpRule* row : all) {
    if (row->domain == domain && row->op_type == op_type) found.push_back(row);
  }
  return found;
}

}  // namespace

struct UserRules::Content {
  std::string name;
  RulesFile file;
  std::deque<std::string> phrases;  // by rule

  // What the rule says laid over what is known of its operator, which may be nothing.
  OpRule RowFrom(const UserRule& rule, const std::string& phrase, const OpRule& base) const;
  absl::Status AddRule(const UserRule& rule, const std::string& phrase, const RuleSet& known,
                       const Rows& all, std::vector<OpRule>* rows) const;
  absl::Status FreeOthers(const Rows& all, std::vector<OpRule>* rows) const;
  bool IsNamed(const OpRule& row) const;
};

OpRule UserRules::Content::RowFrom(const UserRule& rule, const std::string& phrase,
                                   const OpRule& base) const {
  OpRule row = base;
  row.source = name;
  row.data = &rule;
  if (rule.macs || rule.ops) {
    row.cost = IsNothing(rule) ? CostRule(ZeroCost) : CostRule(ForwardCost);
    row.counting = phrase;
  }
  if (rule.backward_macs || rule.backward_ops) row.backward.cost = BackwardCost;
  if (rule.has_shapes) row.infer = InferOutputs;
  return row;
}

absl::Status UserRules::Content::AddRule(const UserRule& rule, const std::string& phrase,
                                         const RuleSet& known, const Rows& all,
                                         std::vector<OpRule>* rows) const {
  const OpRule* base = known.Find(rule.domain, rule.op_type, rule.since_version.value_or(INT_MAX));
  if (base == nullptr) {
    if (!rule.macs && !rule.ops) {
      return JsonError(rule.place,
                       absl::StrCat("nothing is known of ", rule.op_type,
                                    ", so its rule must say what it costs; example: \"ops\": 0"));
    }
    rows->push_back(RowFrom(rule, phrase,
                            {.op_type = rule.op_type,
                             .domain = rule.domain,
                             .since_version = rule.since_version.value_or(1),
                             .infer = InferOutputs,
                             .cost = ZeroCost,
                             .counting = phrase}));
    return absl::OkStatus();
  }
  const int since = rule.since_version.value_or(0);
  for (const OpRule* row : RowsOf(all, rule.domain, rule.op_type)) {
    if (row->since_version >= since) rows->push_back(RowFrom(rule, phrase, *row));
  }
  if (since > base->since_version) {
    rows->push_back(RowFrom(rule, phrase, *base));
    rows->back().since_version = since;
  }
  return absl::OkStatus();
}

bool UserRules::Content::IsNamed(const OpRule& row) const {
  const auto names = [&row](const auto& entry) {
    return entry.op_type == row.op_type && entry.domain == row.domain;
  };
  return absl::c_any_of(file.rules, names) || absl::c_any_of(file.keep, names);
}

// What costs nothing anyway stays as it is.
absl::Status UserRules::Content::FreeOthers(const Rows& all, std::vector<OpRule>* rows) const {
  for (const KeptOperator& kept : file.keep) {
    if (!RowsOf(all, kept.domain, kept.op_type).empty()) continue;
    std::vector<absl::string_view> names;
    for (const OpRule* row : all) names.push_back(row->op_type);
    return JsonError(kept.place, absl::StrCat("there is no operator ", kept.op_type, " to keep",
                                              DidYouMean(Nearest(kept.op_type, names))));
  }
  for (const OpRule* row : all) {
    if (row->cost == ZeroCost || IsNamed(*row)) continue;
    OpRule& freed = rows->emplace_back(*row);
    freed.cost = ZeroCost;
    freed.counting = "free: none of the operators that the rules file names";
    freed.source = name;
  }
  return absl::OkStatus();
}

UserRules::UserRules(std::unique_ptr<const Content> content) : content_(std::move(content)) {}
UserRules::UserRules(UserRules&&) noexcept = default;
UserRules& UserRules::operator=(UserRules&&) noexcept = default;
UserRules::~UserRules() = default;

absl::StatusOr<UserRules> UserRules::FromJson(std::string name, absl::string_view json) {
  absl::StatusOr<RulesFile> file = ReadRulesFile(json);
  if (!file.ok()) return file.status();
  auto content = std::make_unique<Content>();
  content->name = std::move(name);
  content->file = *std::move(file);
  for (const UserRule& rule : content->file.rules) content->phrases.push_back(Phrase(rule));
  return UserRules(std::move(content));
}

absl::Status UserRules::AddTo(RuleSet* rules) const {
  const Rows all = rules->All();
  std::vector<OpRule> rows;
  // What holds from a version on is laid over what holds for all.
  for (const bool has_version : {false, true}) {
    for (size_t i = 0; i < content_->file.rules.size(); ++i) {
      const UserRule& rule = content_->file.rules[i];
      if (rule.since_version.has_value() != has_version) continue;
      const absl::Status status = content_->AddRule(rule, content_->phrases[i], *rules, all, &rows);
      if (!status.ok()) return status;
    }
  }
  if (content_->file.others_are_free) {
    if (absl::Status status = content_->FreeOthers(all, &rows); !status.ok()) return status;
  }
  rules->Add(rows);
  return absl::OkStatus();
}

}  // namespace onnx_macs
