#include "analyzer/diff/node_diff.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "analyzer/diff/row_hash.h"

namespace onnx_macs {
namespace {

using Views = std::vector<absl::string_view>;

void AddChange(absl::string_view what, absl::string_view before, absl::string_view after,
               std::vector<std::string>* changes) {
  if (before == after) return;
  if (before.empty()) {
    changes->push_back(absl::StrCat(what, " added: ", after));
  } else if (after.empty()) {
    changes->push_back(absl::StrCat(what, " removed: ", before));
  } else {
    changes->push_back(absl::StrCat(what, ": ", before, " -> ", after));
  }
}

// By place: "input 2: float32[320] -> float16[320]".
void AddTypes(absl::string_view what, const Views& before, const Views& after,
              std::vector<std::string>* changes) {
  for (size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
    AddChange(absl::StrCat(what, " ", i + 1), i < before.size() ? before[i] : "",
              i < after.size() ? after[i] : "", changes);
  }
}

std::pair<absl::string_view, absl::string_view> NameAndValue(absl::string_view attribute) {
  const size_t sign = attribute.find('=');
  if (sign == absl::string_view::npos) return {attribute, ""};
  return {attribute.substr(0, sign), attribute.substr(sign + 1)};
}

absl::string_view ValueOf(const Views& attributes, absl::string_view name) {
  for (const absl::string_view attribute : attributes) {
    const auto [known, value] = NameAndValue(attribute);
    if (known == name) return value;
  }
  return "";
}

void AddAttributes(absl::string_view before, absl::string_view after,
                   std::vector<std::string>* changes) {
  const Views old_ones = SplitTopLevel(before), new_ones = SplitTopLevel(after);
  for (const absl::string_view attribute : new_ones) {
    const auto [name, value] = NameAndValue(attribute);
    AddChange(absl::StrCat("attribute ", name), ValueOf(old_ones, name), value, changes);
  }
  for (const absl::string_view attribute : old_ones) {
    const auto [name, value] = NameAndValue(attribute);
    if (ValueOf(new_ones, name).empty())
      AddChange(absl::StrCat("attribute ", name), value, "", changes);
  }
}

Views InputTypes(const NodeRow& row) {
  Views types;
  for (const SharedText& input : row.inputs) types.push_back(TypeOfInput(input));
  return types;
}

// "Conv since 11" -> "11": which definition of the operator holds.
absl::string_view VersionOf(const NodeRow& row) {
  const absl::string_view rule = row.rule;
  const size_t since = rule.rfind(" since ");
  return since == absl::string_view::npos ? "" : rule.substr(since + 7);
}

std::vector<std::string> Changes(const NodeRow& before, const NodeRow& after) {
  std::vector<std::string> changes;
  AddChange("operator", before.op, after.op, &changes);
  AddAttributes(before.attributes, after.attributes, &changes);
  AddTypes("input", InputTypes(before), InputTypes(after), &changes);
  AddTypes("output", SplitTopLevel(before.outputs), SplitTopLevel(after.outputs), &changes);
  AddChange("opset", VersionOf(before), VersionOf(after), &changes);
  constexpr const char* kStatus[] = {"counted", "free", "not counted"};
  AddChange("status", kStatus[static_cast<int>(before.status)],
            kStatus[static_cast<int>(after.status)], &changes);
  return changes;
}

}  // namespace

Views SplitTopLevel(absl::string_view list) {
  Views parts;
  size_t begin = 0;
  int depth = 0;
  bool is_quoted = false;
  for (size_t i = 0; i <= list.size(); ++i) {
    const char c = i < list.size() ? list[i] : ',';
    if (is_quoted && c == '\\') {
      ++i;
      continue;
    }
    if (c == '"') is_quoted = !is_quoted;
    if (!is_quoted && c == '[') ++depth;
    if (!is_quoted && c == ']') --depth;
    const bool is_end = i >= list.size() || (c == ',' && depth == 0 && !is_quoted);
    if (!is_end) continue;
    const absl::string_view part =
        absl::StripAsciiWhitespace(list.substr(begin, std::min(i, list.size()) - begin));
    if (!part.empty()) parts.push_back(part);
    begin = i + 1;
  }
  return parts;
}

NodeDiff DiffNodes(const NodeRow* before, const NodeRow* after) {
  NodeDiff diff;
  const NodeRow& known = after != nullptr ? *after : *before;
  diff.presence = before == nullptr  ? Presence::kOnlyNew
                  : after == nullptr ? Presence::kOnlyOld
                                     : Presence::kBoth;
  diff.name = known.name;
  diff.old_name = before != nullptr ? before->name : "";
  diff.op = known.op;
  diff.domain = known.domain;
  if (before != nullptr) {
    diff.macs_before = before->macs;
    diff.ops_before = before->ops;
  }
  if (after != nullptr) {
    diff.macs_after = after->macs;
    diff.ops_after = after->ops;
  }
  if (diff.presence == Presence::kBoth) {
    diff.changes = Changes(*before, *after);
  } else {
    if (!known.attributes.empty()) diff.changes.emplace_back(known.attributes.view());
    diff.changes.push_back(absl::StrCat("output ", known.outputs.view()));
  }
  return diff;
}

}  // namespace onnx_macs
