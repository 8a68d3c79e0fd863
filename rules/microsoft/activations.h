// The activations that fused operators name in an attribute.
#ifndef RULES_MICROSOFT_ACTIVATIONS_H_
#define RULES_MICROSOFT_ACTIVATIONS_H_

#include "absl/strings/string_view.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

// Operations per element of the activation of that name, in any case; none for an unknown name.
int ActivationOps(absl::string_view name);

// Of the activation that attribute `activation` names, over the output.
Count FusedActivation(const OpContext& ctx);

}  // namespace onnx_macs

#endif  // RULES_MICROSOFT_ACTIVATIONS_H_
