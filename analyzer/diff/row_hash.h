// Parts of rows as numbers and texts by which two models are compared.
#ifndef ANALYZER_DIFF_ROW_HASH_H_
#define ANALYZER_DIFF_ROW_HASH_H_

#include <cstdint>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "analyzer/amount.h"

namespace onnx_macs {

inline uint64_t HashAmount(const Amount& amount) {
  return absl::HashOf(amount.kind(), amount.value(), amount.formula());
}

// "float32[1, 4]" of the input "x: float32[1, 4]", whose name may be another one for the same
// value.
inline absl::string_view TypeOfInput(absl::string_view input) {
  const size_t colon = input.rfind(": ");
  return colon == absl::string_view::npos ? input : input.substr(colon + 2);
}

}  // namespace onnx_macs

#endif  // ANALYZER_DIFF_ROW_HASH_H_
