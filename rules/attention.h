// How attention is counted, for its rule and for the conventions that count it differently.
#ifndef RULES_ATTENTION_H_
#define RULES_ATTENTION_H_

#include "analyzer/op_context.h"

namespace onnx_macs {

// Parts "qk", "softmax" and "av"; MACs are their sum.
Cost CountAttention(const OpContext& ctx);
// The two products alone; the softmax is ops.
Cost CountAttentionProducts(const OpContext& ctx);

}  // namespace onnx_macs

#endif  // RULES_ATTENTION_H_
