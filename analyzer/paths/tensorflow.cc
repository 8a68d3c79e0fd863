// Names that tf2onnx and keras2onnx carry over from TensorFlow, where a name is a path of scopes.
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "analyzer/paths/dialect.h"
#include "analyzer/paths/fused_names.h"
#include "analyzer/paths/quantizers.h"

namespace onnx_macs {
namespace {

// Calls of functions, which are no layers.
constexpr absl::string_view kCalls[] = {"StatefulPartitionedCall", "PartitionedCall"};

// Scopes that operators make below the layer that holds them.
constexpr absl::string_view kOperatorScopes[] = {"BiasAdd",       "Cast",
                                                 "Conv1D",        "Conv2D",
                                                 "Conv3D",        "ExpandDims",
                                                 "MatMul",        "Reshape",
                                                 "Squeeze",       "Tensordot",
                                                 "einsum",        "batchnorm",
                                                 "convolution",   "depthwise",
                                                 "moments",       "Conv2DBackpropInput",
                                                 "BatchMatMulV2", "FusedBatchNormV3",
                                                 "ReadVariableOp"};

bool IsNumber(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return !text.empty();
}

// "Conv2D_1" is "Conv2D" and "StatefulPartitionedCall__6" is "StatefulPartitionedCall".
absl::string_view WithoutNumber(absl::string_view atom) {
  const size_t bar = atom.rfind('_');
  if (bar == absl::string_view::npos || !IsNumber(atom.substr(bar + 1))) return atom;
  return atom.substr(0, bar > 0 && atom[bar - 1] == '_' ? bar - 1 : bar);
}

bool TensorFlowPart(absl::string_view name, absl::string_view* part) {
  const size_t slash = WithoutFusionSuffix(name).rfind('/');
  if (slash == absl::string_view::npos) return false;
  *part = name.substr(0, slash);
  return true;
}

std::string TensorFlowPath(absl::string_view part) {
  std::vector<absl::string_view> atoms = absl::StrSplit(part, '/', absl::SkipEmpty());
  while (!atoms.empty() && absl::c_linear_search(kOperatorScopes, WithoutNumber(atoms.back()))) {
    atoms.pop_back();
  }
  std::vector<absl::string_view> layers;
  for (const absl::string_view atom : atoms) {
    if (!absl::c_linear_search(kCalls, WithoutNumber(atom))) layers.push_back(atom);
  }
  // "layer_._0" is how Hugging Face's Keras models number their layers.
  return absl::StrReplaceAll(absl::StrJoin(layers, "."), {{"_._", "."}});
}

absl::string_view TensorFlowOwner(absl::string_view parameter, Arena& arena) {
  absl::string_view part;
  if (!TensorFlowPart(WithoutQuantizerSuffix(parameter), &part)) return {};
  return arena.CopyString(TensorFlowPath(part));
}

// tf2onnx folds a batch norm into the convolution before it: "block/conv/Conv2D_weights_fused_bn"
// is then a weight of "block/bn/FusedBatchNormV3".
bool IsNamedAfterNode(absl::string_view weight) {
  if (const size_t colon = weight.rfind(':'); colon != absl::string_view::npos) {
    weight = weight.substr(0, colon);
  }
  weight = WithoutQuantizerSuffix(weight);
  return absl::EndsWith(weight, "/merged_input") || absl::EndsWith(weight, "_weights_fused_bn");
}

}  // namespace

const Dialect kTensorFlowDialect = {TensorFlowPart, TensorFlowPath, TensorFlowOwner, false,
                                    IsNamedAfterNode};

}  // namespace onnx_macs
