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

// True when `b` says nothing that `a` does not say: the same type, shape and elements.
bool SameInfo(const TensorInfo& a, const TensorInfo& b);

}  // namespace onnx_macs

#endif  // RULES_MERGE_H_
