// Names of kinds, in the order of the enumeration.
#include "analyzer/blocks/block.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kNames[] = {
    "attention", "linear_attention", "layer_norm", "rms_norm", "group_norm", "gelu", "silu",
    "geglu",     "swiglu",           "rope",       "mlp",      "residual",   "moe",  "router",
    "experts",   "shared_experts",
};

}  // namespace

absl::string_view KindName(BlockKind kind) { return kNames[static_cast<size_t>(kind)]; }

}  // namespace onnx_macs
