// What is known of a value that may have come about in more than one way.
#ifndef RULES_MERGE_H_
#define RULES_MERGE_H_

#include "absl/strings/string_view.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

// Holds for both: equal dims stay, others become a fresh symbol named after `stem`, other ranks
// become unknown, and elements stay only where they agree.
TensorInfo MergeInfo(const OpContext& ctx, const TensorInfo& a, const TensorInfo& b,
                     absl::string_view stem);

// A value carried from round to round, which is `carried` before a round and `next` after it, such
// that it holds for more rounds: a dim that changed becomes a fresh symbol, whose bounds are
// dropped on the side to which it moved. Applied again and again it comes to rest. `last_symbol` is
// the id of the last symbol made before the loop, or -1.
TensorInfo WidenInfo(const OpContext& ctx, const TensorInfo& carried, const TensorInfo& next,
                     int64_t last_symbol);

// True when `b` says nothing that `a` does not say: the same type, shape and elements.
bool SameInfo(const TensorInfo& a, const TensorInfo& b);

}  // namespace onnx_macs

#endif  // RULES_MERGE_H_
