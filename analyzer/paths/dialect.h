// The ways in which exporters write modules into names. Each is one row of functions in a file of
// its own; paths/exporter.h says which exporter speaks which.
#ifndef ANALYZER_PATHS_DIALECT_H_
#define ANALYZER_PATHS_DIALECT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "analyzer/arena.h"

namespace onnx_macs {

struct Dialect {
  // The part of a node's or value's name that says its module. Equal parts say the same, so that
  // each is read once. False when the name says nothing.
  bool (*module_part)(absl::string_view name, absl::string_view* part);
  // Such a part as a dotted path.
  std::string (*path)(absl::string_view part);
  // The module that owns a parameter of that name; "" when its name does not say.
  absl::string_view (*owner)(absl::string_view parameter, Arena& arena);
  // Names leave out containers that are never called, and number repeated calls of a module.
  bool leaves_out_holders;
  // Whether a weight was made for one node and is named after it; where nodes were fused, that is
  // who computes, and the node has the name of another. nullptr: no exporter of this dialect does
  // so.
  bool (*is_named_after_node)(absl::string_view weight) = nullptr;
};

// torchscript.cc: "/down.0/conv/Conv_2" and "down.0.conv.weight".
extern const Dialect kTorchDialect;
// genai.cc: the same, but operators stand in the names of weights: "lm_head.MatMul.weight".
extern const Dialect kGenaiDialect;
// tensorflow.cc: "StatefulPartitionedCall/model/dense_1/MatMul:0".
extern const Dialect kTensorFlowDialect;
// paddle.cc: only weights, "conv2d_12.w_0".
extern const Dialect kPaddleDialect;
// mxnet.cc: "resnetv24_stage1_conv0_fwd".
extern const Dialect kMxnetDialect;
// flat.cc: only weights, by whatever stands before what they are: "conv1_weight", "fc6/kernel".
extern const Dialect kFlatDialect;

// For dialects in which the names of nodes say nothing.
bool NoModulePart(absl::string_view name, absl::string_view* part);
std::string NoPath(absl::string_view part);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_DIALECT_H_
