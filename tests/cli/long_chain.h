// A model of some megabytes, so that what happens to its file falls before, while and after it is
// read.
#ifndef ONNX_MACS_TESTS_CLI_LONG_CHAIN_H_
#define ONNX_MACS_TESTS_CLI_LONG_CHAIN_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "onnx/onnx_pb.h"

namespace onnx_macs {

// 60,000 times `op` after itself: models of operators with equally long names are equally long.
inline std::string LongChain(const std::string& op) {
  constexpr int kNodes = 60'000;
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  onnx::GraphProto* const graph = model.mutable_graph();
  graph->add_input()->set_name("v0");
  for (int i = 0; i < kNodes; ++i) {
    onnx::NodeProto* const node = graph->add_node();
    node->set_op_type(op);
    node->set_name(absl::StrCat("/a/module/of/some/depth.", i, "/", op));
    node->add_input(absl::StrCat("v", i));
    node->add_output(absl::StrCat("v", i + 1));
  }
  graph->add_output()->set_name(absl::StrCat("v", kNodes));
  return model.SerializeAsString();
}

}  // namespace onnx_macs

#endif  // ONNX_MACS_TESTS_CLI_LONG_CHAIN_H_
