// Names of the TorchScript exporter since torch 1.13; before that only weights say where they are.
#include "analyzer/paths/torchscript.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "analyzer/paths/dialect.h"
#include "analyzer/paths/fused_names.h"

namespace onnx_macs {
namespace {

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// "block.0" for "block" followed by "block.0": the container says its own name twice.
bool Repeats(absl::string_view previous, absl::string_view atom) {
  if (previous.empty() || !absl::ConsumePrefix(&atom, previous) ||
      !absl::ConsumePrefix(&atom, ".")) {
    return false;
  }
  return !atom.empty() &&
         std::all_of(atom.begin(), atom.end(), [](char c) { return IsDigit(c) || c == '.'; });
}

std::string DottedPath(absl::string_view slashed) {
  std::string path;
  path.reserve(slashed.size());
  size_t last = 0;  // where the last atom begins in `path`
  for (size_t begin = 0, end = 0; begin < slashed.size(); begin = end + 1) {
    end = std::min(slashed.find('/', begin), slashed.size());
    const absl::string_view atom = slashed.substr(begin, end - begin);
    if (atom.empty()) continue;
    if (Repeats(absl::string_view(path).substr(last), atom)) {
      path.resize(last);
    } else if (!path.empty()) {
      path.push_back('.');
      last = path.size();
    }
    path.append(atom.data(), atom.size());
  }
  return path;
}

bool TorchPart(absl::string_view name, absl::string_view* part) {
  if (name.empty() || (name[0] != '/' && !FindPrefixedName(&name))) return false;
  // Only few names end in what a fusion adds.
  if (name.back() == '/' || name.back() == 'n') name = WithoutFusionSuffix(name);
  *part = name.substr(0, name.rfind('/'));
  return true;
}

absl::string_view TorchOwner(absl::string_view parameter, Arena&) {
  return ScopeFromParameter(parameter);
}

}  // namespace

const Dialect kTorchDialect = {TorchPart, DottedPath, TorchOwner, true};

std::string ScopeFromNodeName(absl::string_view name) {
  const size_t end = name.rfind('/');
  return end == absl::string_view::npos ? "" : DottedPath(name.substr(0, end));
}

absl::string_view ScopeFromParameter(absl::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == absl::string_view::npos || absl::StrContains(name, ':') ||
      absl::StrContains(name, '/')) {
    return {};
  }
  return name.substr(0, dot);
}

absl::string_view WithoutCallSuffix(absl::string_view atom) {
  size_t digits = atom.size();
  while (digits > 0 && IsDigit(atom[digits - 1])) --digits;
  const bool has_suffix = digits < atom.size() && digits > 1 && atom[digits - 1] == '_';
  return has_suffix ? atom.substr(0, digits - 1) : absl::string_view();
}

bool MayHaveCallSuffix(absl::string_view path) {
  for (size_t at = path.find('_'); at != absl::string_view::npos; at = path.find('_', at + 1)) {
    if (at + 1 < path.size() && IsDigit(path[at + 1])) return true;
  }
  return false;
}

bool LeavesOutHolders(absl::string_view path, absl::string_view owner) {
  const absl::string_view last = owner.substr(owner.rfind('.') + 1);  // npos + 1 is 0
  if (!absl::EndsWith(path, last)) return false;
  const std::vector<absl::string_view> want = absl::StrSplit(path, '.', absl::SkipEmpty());
  const std::vector<absl::string_view> have = absl::StrSplit(owner, '.', absl::SkipEmpty());
  if (want.size() > have.size() || (!want.empty() && want.back() != have.back())) return false;
  size_t matched = 0;
  for (const absl::string_view atom : have) {
    if (matched < want.size() && want[matched] == atom) ++matched;
  }
  return matched == want.size();
}

std::string JoinPath(absl::string_view parent, absl::string_view child) {
  if (parent.empty() || child.empty()) return absl::StrCat(parent, child);
  return absl::StrCat(parent, ".", child);
}

}  // namespace onnx_macs
