// The object around the rules.
#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "rules/user/rule_reader.h"
#include "rules/user/user_rule.h"

namespace onnx_macs {
namespace {

using Kind = LocatedJson::Kind;
using absl::OkStatus;
using absl::Status;

constexpr size_t kMostRules = 10000;
constexpr char kExample[] =
    "[{\"op_type\": \"Scan1D\", \"inputs\": [\"x\"], \"ops\": \"9 * x.elements\"}]";

Status ReadNote(const LocatedJson&, RulesFile*) { return OkStatus(); }

Status ReadOthers(const LocatedJson& json, RulesFile* file) {
  file->others_are_free = json.text == "free";
  if (file->others_are_free || json.text == "builtin") return OkStatus();
  return JsonError(json.place,
                   absl::StrCat("\"others\" is free or builtin, not '", json.text, "'"));
}

Status ReadKeep(const LocatedJson& json, RulesFile* file) {
  if (!file->others_are_free) {
    return JsonError(json.place, "\"keep\" is of use only where \"others\" is \"free\"");
  }
  for (const LocatedJson& item : json.items) {
    if (!item.is(Kind::kString)) {
      return JsonError(item.place, absl::StrCat("the name of an operator is a string, not ",
                                                KindText(item.kind)));
    }
    const size_t colons = item.text.rfind("::");
    const bool has_domain = colons != std::string::npos;
    const std::string domain = has_domain ? item.text.substr(0, colons) : "";
    file->keep.push_back({has_domain ? item.text.substr(colons + 2) : item.text,
                          domain == "ai.onnx" ? "" : domain, item.place});
  }
  return OkStatus();
}

// Two rules of one operator, for all of its versions or for the same.
Status CheckDistinct(const RulesFile& file) {
  absl::flat_hash_map<std::string, const UserRule*> seen;
  for (const UserRule& rule : file.rules) {
    const std::string key =
        absl::StrCat(rule.domain, "::", rule.op_type, " ", rule.since_version.value_or(0));
    const auto [it, is_new] = seen.emplace(key, &rule);
    if (is_new) continue;
    return JsonError(rule.place, absl::StrCat("the rule at ", ToString(it->second->place),
                                              " is of the same operator, ", rule.op_type));
  }
  return OkStatus();
}

Status ReadRules(const LocatedJson& json, RulesFile* file) {
  if (json.items.size() > kMostRules) {
    return JsonError(json.place, absl::StrCat("there are more than ", kMostRules, " rules"));
  }
  file->rules.reserve(json.items.size());
  for (const LocatedJson& item : json.items) {
    if (!item.is(Kind::kObject)) return JsonError(item.place, "a rule is an object");
    if (Status status = ReadRule(item, &file->rules.emplace_back()); !status.ok()) return status;
  }
  return CheckDistinct(*file);
}

constexpr JsonKey<RulesFile> kKeys[] = {
    {"note", Kind::kString, ReadNote, "\"what these rules are for\""},
    {"others", Kind::kString, ReadOthers, "\"free\""},
    {"keep", Kind::kArray, ReadKeep, "[\"MatMul\", \"com.microsoft::Attention\"]"},
    {"rules", Kind::kArray, ReadRules, kExample},
};

}  // namespace

absl::StatusOr<RulesFile> ReadRulesFile(absl::string_view text) {
  const absl::StatusOr<LocatedJson> json = ParseLocatedJson(text);
  if (!json.ok()) return json.status();
  if (!json->is(Kind::kObject)) return JsonError(json->place, "a rules file is an object");
  RulesFile file;
  const Status status = ReadKeys(*json, absl::MakeConstSpan(kKeys), &file);
  if (!status.ok()) return status;
  if (!file.rules.empty() || file.others_are_free) return file;
  return json_internal::WithExampleOf("rules", kExample,
                                      JsonError(json->place, "the file holds no rule"));
}

}  // namespace onnx_macs
