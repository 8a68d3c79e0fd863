// Groups from text; the regular expressions are those of --filter.
#include "cli/group_options.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "analyzer/system.h"
#include "cli/name_filter.h"
#include "cli/option_values.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

// Dots make levels, none of which may be empty.
bool IsPath(absl::string_view name) {
  return !absl::StartsWith(name, ".") && !absl::EndsWith(name, ".") &&
         !absl::StrContains(name, "..");
}

absl::StatusOr<ComponentGroup> ParseGroup(absl::string_view text) {
  auto pair = ParseAssignment(text);
  if (!pair.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", Printable(text), "' is neither NAME=REGEX nor @FILE"));
  }
  if (!IsPath(pair->first)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", Printable(pair->first), "' is no path: a level of it is empty"));
  }
  auto filter = NameFilter::Compile(pair->second);
  if (!filter.ok()) return filter.status();
  return ComponentGroup{
      std::move(pair->first),
      [filter = *std::move(filter)](const std::string& name) { return filter.Matches(name); }};
}

absl::StatusOr<std::vector<ComponentGroup>> ReadGroups(const std::string& path) {
  const auto bytes = FileBytes::Open(path);
  if (!bytes.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", Printable(path), "' cannot be read: ", bytes.status().message()));
  }
  std::vector<ComponentGroup> groups;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(bytes->view(), '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    auto group = ParseGroup(line);
    if (!group.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, " of '", Printable(path), "': ", group.status().message()));
    }
    groups.push_back(*std::move(group));
  }
  return groups;
}

}  // namespace

absl::StatusOr<std::vector<ComponentGroup>> ParseGroups(absl::string_view text) {
  if (absl::StartsWith(text, "@")) return ReadGroups(std::string(text.substr(1)));
  auto group = ParseGroup(text);
  if (!group.ok()) return group.status();
  std::vector<ComponentGroup> groups;
  groups.push_back(*std::move(group));
  return groups;
}

}  // namespace onnx_macs
