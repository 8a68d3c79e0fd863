// The convention `contractions`: only products of matrices and convolutions are MACs, as PyTorch's
// own counter has it. What the default counts as one MAC of a softmax is two ops here, so that
// FLOPs agree.
#include "analyzer/op_context.h"
#include "rules/attention.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

constexpr int kSoftmaxOps = WeightOf("Softmax").ops + 2;

const CostOverride kOverrides[] = {
    {.op_type = "Softmax",
     .domain = "",
     .cost = PerOutputElement<kSoftmaxOps>,
     .counting = "5 ops per element, no MACs"},
    {.op_type = "Attention",
     .domain = "",
     .cost = CountAttentionProducts,
     .counting = "batch * heads * queries * keys * (key size + value size); softmax: 5 ops"},
    {.op_type = "FlexAttention",
     .domain = "ai.onnx.preview",
     .cost = CountAttentionProducts,
     .counting = "as Attention; the nodes of its graphs are counted besides, once"},
};

}  // namespace

absl::Span<const CostOverride> ContractionsConvention() { return kOverrides; }

}  // namespace onnx_macs
