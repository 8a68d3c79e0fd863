// The longest common subsequence of two short lists of numbers, for lists whose elements were
// inserted, removed or renumbered.
#ifndef ANALYZER_DIFF_ALIGN_H_
#define ANALYZER_DIFF_ALIGN_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"

namespace onnx_macs {

// Pairs of indices whose elements are equal, both rising. What is equal at both ends is always
// paired; between them a longest sequence is found unless that takes too long, in which case
// nothing more is.
std::vector<std::pair<size_t, size_t>> Align(absl::Span<const uint64_t> a,
                                             absl::Span<const uint64_t> b);

}  // namespace onnx_macs

#endif  // ANALYZER_DIFF_ALIGN_H_
