// Pieces of the textual form of OpCase, made of numbers.
#ifndef ONNX_MACS_TESTS_SUPPORT_TEXT_H_
#define ONNX_MACS_TESTS_SUPPORT_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace onnx_macs::testing {

// "f32[1,2,3]"
inline std::string F32(const std::vector<int64_t>& dims) {
  return absl::StrCat("f32[", absl::StrJoin(dims, ","), "]");
}

// "pads=[1,1]"
inline std::string Attr(const std::string& name, const std::vector<int64_t>& values) {
  return absl::StrCat(name, "=[", absl::StrJoin(values, ","), "]");
}

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_TEXT_H_
