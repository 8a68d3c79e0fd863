// What is said of a shape that has more dims than are followed.
#ifndef ANALYZER_RANK_LIMIT_H_
#define ANALYZER_RANK_LIMIT_H_

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

inline std::string TooManyDims(absl::string_view what, size_t dims) {
  return absl::StrCat(what, " has ", dims, " dimensions, more than the ", OpContext::kMaxRank,
                      " that are followed");
}

}  // namespace onnx_macs

#endif  // ANALYZER_RANK_LIMIT_H_
