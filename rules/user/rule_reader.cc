// Every key is a row of a table: what it must hold, and what reads it.
#include "rules/user/rule_reader.h"

#include <climits>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/spelling.h"

namespace onnx_macs {
namespace {

using Kind = LocatedJson::Kind;
using absl::OkStatus;
using absl::Status;
using absl::string_view;

constexpr size_t kMostNames = 64;
constexpr size_t kMostNote = 1000;  // every node of the operator has it

Status ReadOpType(const LocatedJson& json, UserRule* rule) {
  rule->op_type = json.text;
  return json.text.empty() ? JsonError(json.place, "\"op_type\" is empty") : OkStatus();
}

Status ReadDomain(const LocatedJson& json, UserRule* rule) {
  rule->domain = json.text == "ai.onnx" ? "" : json.text;
  return OkStatus();
}

Status ReadSince(const LocatedJson& json, UserRule* rule) {
  if (json.integer < 1 || json.integer > INT_MAX) {
    return JsonError(json.place, "versions begin at 1");
  }
  rule->since_version = static_cast<int>(json.integer);
  return OkStatus();
}

Status ReadNote(const LocatedJson& json, UserRule* rule) {
  rule->note = json.text;
  if (rule->note.size() <= kMostNote) return OkStatus();
  return JsonError(json.place, absl::StrCat("the note has ", rule->note.size(),
                                            " characters; the most are ", kMostNote));
}

bool IsName(string_view text) {
  const auto fits = [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; };
  return !text.empty() && !absl::ascii_isdigit(static_cast<unsigned char>(text[0])) &&
         absl::c_all_of(text, fits) && text != "attr";
}

Status ReadNames(const LocatedJson& json, const FormulaNames& known,
                 std::vector<std::string>* names) {
  if (json.items.size() > kMostNames) return JsonError(json.place, "there are too many names");
  for (const LocatedJson& item : json.items) {
    if (!IsName(item.text)) {
      return JsonError(item.place, "a name is made of letters, digits and _, and is not attr");
    }
    if (absl::c_linear_search(known.inputs, item.text) ||
        absl::c_linear_search(known.outputs, item.text)) {
      return JsonError(item.place, absl::StrCat("the name '", item.text, "' is there twice"));
    }
    names->push_back(item.text);
  }
  return OkStatus();
}

Status ReadInputs(const LocatedJson& json, UserRule* rule) {
  return ReadNames(json, rule->signature, &rule->signature.inputs);
}

Status ReadOutputs(const LocatedJson& json, UserRule* rule) {
  const Status status = ReadNames(json, rule->signature, &rule->signature.outputs);
  rule->outputs.resize(rule->signature.outputs.size());
  return status;
}

Status ReadAttributes(const LocatedJson& json, UserRule* rule) {
  std::vector<AttributeName>& names = rule->signature.attributes.emplace();
  for (const JsonMember& member : json.members) {
    const LocatedJson& value = member.value;
    if (!value.is(Kind::kNull) && !value.is(Kind::kInteger)) {
      return JsonError(value.place, "an attribute's default is a whole number, or null for none");
    }
    AttributeName& name = names.emplace_back();
    name.name = member.key;
    if (value.is(Kind::kInteger)) name.otherwise = value.integer;
  }
  return OkStatus();
}

absl::StatusOr<Formula> ReadFormula(const LocatedJson& json, const UserRule& rule,
                                    bool reads_outputs) {
  if (!json.is(Kind::kString) && !json.is(Kind::kInteger)) {
    return JsonError(json.place, absl::StrCat("a formula is a string or a whole number, not ",
                                              KindText(json.kind)));
  }
  if (json.is(Kind::kInteger) && json.integer < 0) {
    return JsonError(json.place, absl::StrCat(json.integer, " is less than nothing"));
  }
  const std::string text = json.is(Kind::kString) ? json.text : absl::StrCat(json.integer);
  absl::StatusOr<Formula> formula = CheckFormula(text, rule.signature, reads_outputs);
  if (formula.ok()) return formula;
  return JsonError(json.place, absl::StrCat(QuotedFormula(text), ": ", formula.status().message()));
}

template <std::optional<Formula> UserRule::*kMember>
Status ReadCost(const LocatedJson& json, UserRule* rule) {
  absl::StatusOr<Formula> formula = ReadFormula(json, *rule, true);
  if (!formula.ok()) return formula.status();
  rule->*kMember = *std::move(formula);
  return OkStatus();
}

Status ReadShape(const LocatedJson& json, const UserRule& rule, OutputRule* output) {
  const std::vector<std::string>& inputs = rule.signature.inputs;
  output->has_shape = true;
  if (json.is(Kind::kString)) {
    const auto it = absl::c_find(inputs, json.text);
    output->shape_of = static_cast<int>(it - inputs.begin());
    if (it != inputs.end()) return OkStatus();
    return JsonError(json.place, absl::StrCat("there is no input '", json.text,
                                              "' whose shape to take (sizes are a list)",
                                              DidYouMean(Nearest(json.text, inputs))));
  }
  if (!json.is(Kind::kArray) || json.items.size() > kMostNames) {
    return JsonError(json.place, "a shape is a list of sizes, or the name of an input");
  }
  for (const LocatedJson& item : json.items) {
    absl::StatusOr<Formula> size = ReadFormula(item, rule, false);
    if (!size.ok()) return size.status();
    output->sizes.push_back(*std::move(size));
  }
  return OkStatus();
}

Status ReadType(const LocatedJson& json, const UserRule& rule, OutputRule* output) {
  std::vector<string_view> names(rule.signature.inputs.begin(), rule.signature.inputs.end());
  const auto it = absl::c_find(names, string_view(json.text));
  if (it != names.end()) {
    output->type_of = static_cast<int>(it - names.begin());
    return OkStatus();
  }
  constexpr int kLastType = static_cast<int>(DataType::kInt2);
  for (int number = 1; number <= kLastType; ++number) {
    const DataType type = DataTypeFromNumber(number);
    names.push_back(Describe(type).name);
    if (names.back() != json.text) continue;
    output->type = type;
    return OkStatus();
  }
  return JsonError(json.place, absl::StrCat("there is no type, nor an input, '", json.text, "'",
                                            DidYouMean(Nearest(json.text, names))));
}

using ReadOutput = Status (*)(const LocatedJson&, const UserRule&, OutputRule*);

// An object that has something about outputs, by their names.
Status ReadByOutput(const LocatedJson& json, ReadOutput read, UserRule* rule) {
  const std::vector<std::string>& names = rule->signature.outputs;
  for (const JsonMember& member : json.members) {
    const auto it = absl::c_find(names, member.key);
    if (it == names.end()) {
      return JsonError(member.key_place,
                       absl::StrCat("there is no output '", member.key, "'",
                                    DidYouMean(Nearest(member.key, names)),
                                    " (\"outputs\": ", absl::StrJoin(names, ", "), ")"));
    }
    OutputRule& output = rule->outputs[static_cast<size_t>(it - names.begin())];
    if (Status status = read(member.value, *rule, &output); !status.ok()) return status;
  }
  return OkStatus();
}

Status ReadShapes(const LocatedJson& json, UserRule* rule) {
  rule->has_shapes = true;
  return ReadByOutput(json, ReadShape, rule);
}

Status ReadTypes(const LocatedJson& json, UserRule* rule) {
  return ReadByOutput(json, ReadType, rule);
}

constexpr bool kOrNumber = true;
constexpr JsonKey<UserRule> kKeys[] = {
    {"op_type", Kind::kString, ReadOpType, "\"MatMul\""},
    {"domain", Kind::kString, ReadDomain, "\"com.microsoft\""},
    {"since_version", Kind::kInteger, ReadSince, "1"},
    {"note", Kind::kString, ReadNote, "\"two recurrences\""},
    // Names come before the formulas that use them.
    {"inputs", Kind::kArray, ReadInputs, "[\"x\", \"w\"]"},
    {"outputs", Kind::kArray, ReadOutputs, "[\"y\"]"},
    {"attributes", Kind::kObject, ReadAttributes, "{\"heads\": null, \"groups\": 1}"},
    {"shape", Kind::kObject, ReadShapes, "{\"y\": [\"x.shape[0]\", 64]}"},
    {"dtype", Kind::kObject, ReadTypes, "{\"y\": \"float32\"}"},
    {"macs", Kind::kString, ReadCost<&UserRule::macs>, "\"y.elements * x.shape[-1]\"", kOrNumber},
    {"ops", Kind::kString, ReadCost<&UserRule::ops>, "\"5 * y.elements\"", kOrNumber},
    {"backward_macs", Kind::kString, ReadCost<&UserRule::backward_macs>,
     "\"2 * y.elements * x.shape[-1]\"", kOrNumber},
    {"backward_ops", Kind::kString, ReadCost<&UserRule::backward_ops>, "\"5 * y.elements\"",
     kOrNumber},
};

}  // namespace

Status ReadRule(const LocatedJson& json, UserRule* rule) {
  rule->place = json.place;
  if (Status status = ReadKeys(json, absl::MakeConstSpan(kKeys), rule); !status.ok()) return status;
  if (rule->op_type.empty()) {
    return json_internal::WithExampleOf("op_type", "\"MatMul\"",
                                        JsonError(json.place, "the rule names no operator"));
  }
  const bool has_cost = rule->macs || rule->ops || rule->backward_macs || rule->backward_ops;
  if (has_cost || rule->has_shapes) return OkStatus();
  return json_internal::WithExampleOf(
      "ops", "0",
      JsonError(json.place, absl::StrCat("the rule of ", rule->op_type, " says nothing")));
}

}  // namespace onnx_macs
