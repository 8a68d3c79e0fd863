// Names of MXNet: Gluon joins the prefixes of blocks with underscores, which names may hold too.
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "analyzer/paths/dialect.h"
#include "analyzer/paths/flat.h"
#include "analyzer/paths/quantizers.h"

namespace onnx_macs {
namespace {

// Words that begin the name of an operator: "elemwise_add0" is one level.
constexpr absl::string_view kFirstWords[] = {"elemwise", "broadcast", "linear"};

// A layer's call is "BLOCK_conv0_fwd"; an operator of the block itself is "BLOCK__plus0".
bool MxnetPart(absl::string_view name, absl::string_view* part) {
  name = WithoutQuantizerSuffix(name);
  if (const size_t own = name.rfind("__"); own != absl::string_view::npos && own > 0) {
    *part = name.substr(0, own);
    return true;
  }
  *part = absl::ConsumeSuffix(&name, "_fwd") ? name : WithoutParameterKind(name);
  return absl::StrContains(*part, '_');
}

std::string MxnetPath(absl::string_view part) {
  std::string path;
  bool continues = false;  // the level that was begun
  for (const absl::string_view word : absl::StrSplit(part, '_', absl::SkipEmpty())) {
    if (!path.empty()) path.push_back(continues ? '_' : '.');
    absl::StrAppend(&path, word);
    continues = absl::c_linear_search(kFirstWords, word);
  }
  return path;
}

absl::string_view MxnetOwner(absl::string_view parameter, Arena& arena) {
  parameter = WithoutQuantizerSuffix(parameter);
  const absl::string_view layer = WithoutParameterKind(parameter);
  if (layer.size() == parameter.size()) return {};
  return arena.CopyString(MxnetPath(layer));
}

}  // namespace

const Dialect kMxnetDialect = {MxnetPart, MxnetPath, MxnetOwner, false};

}  // namespace onnx_macs
