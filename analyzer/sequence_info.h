// Sequences as values: what all their values have in common and, where they are few, each of them.
#ifndef ANALYZER_SEQUENCE_INFO_H_
#define ANALYZER_SEQUENCE_INFO_H_

#include <vector>

#include "absl/types/span.h"
#include "analyzer/arena.h"
#include "analyzer/tensor_info.h"

namespace onnx_macs {

// Longer sequences are known only by what their values have in common.
inline constexpr int64_t kMaxItems = 64;

// What holds for both: sizes that differ are unknown.
TensorInfo CommonInfo(Arena& arena, const TensorInfo& a, const TensorInfo& b);

TensorInfo MakeSequence(Arena& arena, const TensorInfo& element, Dim length);
// One of exactly these values; `otherwise` is the type of an empty one.
TensorInfo MakeSequence(Arena& arena, absl::Span<const TensorInfo> items,
                        const TensorInfo& otherwise);

// Every value of a sequence, if that is known.
bool ReadItems(const TensorInfo& sequence, std::vector<TensorInfo>* items);

}  // namespace onnx_macs

#endif  // ANALYZER_SEQUENCE_INFO_H_
