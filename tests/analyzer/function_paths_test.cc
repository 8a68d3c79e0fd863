// Modules that are functions: which module every node of their bodies belongs to, for the exporters
// that write functions. Bodies and calls are named as theirs are.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

// "DOMAIN::OP NAME: inputs -> output", without a domain for ONNX's own.
using Nodes = std::vector<std::string>;

struct Body {
  std::string domain, name, inputs, output;
  Nodes nodes;
};

struct FunctionCase {
  std::string what, producer;
  Nodes nodes;
  std::vector<Body> bodies;
  std::string weights;  // of the main graph
  Nodes paths;          // "NAME PATH" of the nodes with a name, in the order of the model
};

onnx::NodeProto NodeOf(const std::string& text) {
  const std::vector<std::string> sides = absl::StrSplit(text, ": ");
  const std::vector<std::string> head = absl::StrSplit(sides.at(0), ' ');
  const std::vector<std::string> values = absl::StrSplit(sides.at(1), " -> ");
  const std::vector<std::string> op = absl::StrSplit(head.at(0), "::");
  onnx::NodeProto node;
  node.set_op_type(op.back());
  if (op.size() == 2) node.set_domain(op[0]);
  node.set_name(head.at(1));
  for (const auto input : absl::StrSplit(values.at(0), ' ')) node.add_input(std::string(input));
  node.add_output(values.at(1));
  return node;
}

template <typename Proto>
void Import(const std::string& domain, Proto* proto) {
  auto* const import = proto->add_opset_import();
  import->set_domain(domain);
  import->set_version(1);
}

std::string ModelOf(const FunctionCase& c) {
  onnx::ModelProto model = EmptyModel();
  model.set_producer_name(c.producer);
  for (const Body& body : c.bodies) Import(body.domain, &model);
  onnx::GraphProto* const graph = model.mutable_graph();
  AddInput(graph, "x", {2, 2});
  for (const auto weight : absl::StrSplit(c.weights, ' ', absl::SkipEmpty())) {
    AddWeight(graph, std::string(weight), {2, 2});
  }
  for (const std::string& node : c.nodes) *graph->add_node() = NodeOf(node);
  AddOutput(graph, "y", {2, 2});
  for (const Body& body : c.bodies) {
    onnx::FunctionProto* const function = model.add_functions();
    function->set_domain(body.domain);
    function->set_name(body.name);
    function->add_opset_import()->set_version(17);
    for (const Body& other : c.bodies) Import(other.domain, function);
    for (const auto input : absl::StrSplit(body.inputs, ' ')) {
      function->add_input(std::string(input));
    }
    function->add_output(body.output);
    for (const std::string& node : body.nodes) *function->add_node() = NodeOf(node);
  }
  return model.SerializeAsString();
}

const FunctionCase kCases[] = {
    {"jax2onnx: modules are the chain of calls, and what lies around a call is in none of them",
     "jax2onnx",
     {"Neg n0: x -> a", "custom.Block.1::Block Block_1: a -> b",
      "custom.Block.2::Block Block_2: b -> c", "MatMul n3: c const_0 -> y"},
     {{"custom.Block.1",
       "Block",
       "i",
       "o",
       {"Softmax n0: i -> s", "custom.Mlp.1::Mlp Mlp_1: s -> m", "Add n2: m s -> o"}},
      {"custom.Mlp.1", "Mlp", "i", "o", {"MatMul n0: i i -> m", "Relu n1: m -> o"}},
      {"custom.Block.2", "Block", "i", "o", {"MatMul n0: i i -> o"}}},
     "const_0",
     {"n0 ", "Block_1 Block", "Block_1/n0 Block", "Block_1/Mlp_1 Block.Mlp",
      "Block_1/Mlp_1/n0 Block.Mlp", "Block_1/Mlp_1/n1 Block.Mlp", "Block_1/n2 Block",
      "Block_2 Block_1", "Block_2/n0 Block_1", "n3 "}},
    {"dynamo_export: a function for each module, its path behind its class, and its call",
     "pytorch",
     {"pkg.transformers.4.41.2::transformers_models_llama_modeling_llama_LlamaDecoderLayer_model_"
      "layers_0_1 c: x model.layers.0.self_attn.q_proj.weight -> y"},
     {{"pkg.transformers.4.41.2",
       "transformers_models_llama_modeling_llama_LlamaDecoderLayer_model_layers_0_1",
       "i w",
       "o",
       {"pkg.transformers.4.41.2::transformers_models_llama_modeling_llama_LlamaAttention_model_"
        "layers_0_self_attn_1 a: i w -> s",
        "pkg.torch.2.4.0::torch_nn_modules_activation_SiLU_model_layers_0_act_fn_1 m: s "
        "-> t",
        "Add r: t i -> o"}},
      {"pkg.transformers.4.41.2",
       "transformers_models_llama_modeling_llama_LlamaAttention_model_layers_0_self_attn_1",
       "i w",
       "o",
       {"pkg.torch.2.4.0::torch_nn_modules_linear_Linear_model_layers_0_self_attn_q_proj_1 q: i w "
        "-> o"}},
      {"pkg.torch.2.4.0",
       "torch_nn_modules_linear_Linear_model_layers_0_self_attn_q_proj_1",
       "i w",
       "o",
       {"MatMul n: i w -> o"}},
      {"pkg.torch.2.4.0",
       "torch_nn_modules_activation_SiLU_model_layers_0_act_fn_1",
       "i",
       "o",
       {"Sigmoid n: i -> s", "Mul p: i s -> o"}}},
     "model.layers.0.self_attn.q_proj.weight",
     {"c model.layers.0", "c/a model.layers.0.self_attn", "c/a/q model.layers.0.self_attn.q_proj",
      "c/a/q/n model.layers.0.self_attn.q_proj", "c/m model.layers.0.act_fn",
      "c/m/n model.layers.0.act_fn", "c/m/p model.layers.0.act_fn", "c/r model.layers.0"}},
    {"TorchScript's modules as functions: the call says the path, bodies have bare names",
     "pytorch",
     {"__main__::Blk /blocks.0/Blk: x blocks.0.fc.weight -> a",
      "__main__::Blk /blocks.1/Blk: a blocks.1.fc.weight -> b", "Relu /Relu: b -> y"},
     {{"__main__", "Blk", "i w", "o", {"MatMul MatMul_5: i w -> m", "Relu Relu_6: m -> o"}}},
     "blocks.0.fc.weight blocks.1.fc.weight",
     {"/blocks.0/Blk blocks.0", "/blocks.0/Blk/MatMul_5 blocks.0.fc",
      "/blocks.0/Blk/Relu_6 blocks.0.fc", "/blocks.1/Blk blocks.1",
      "/blocks.1/Blk/MatMul_5 blocks.1.fc", "/blocks.1/Blk/Relu_6 blocks.1.fc", "/Relu "}},
};

TEST_CASE("nodes in the bodies of functions are where their modules are") {
  for (const FunctionCase& c : kCases) {
    INFO(c.what);
    Nodes paths;
    for (const NodeRow& row : AnalyzeModel(ModelOf(c)).nodes) {
      paths.push_back(absl::StrCat(row.name.view(), " ", row.path.view()));
    }
    CHECK(absl::StrJoin(paths, "\n") == absl::StrJoin(c.paths, "\n"));
  }
}

}  // namespace
}  // namespace onnx_macs::testing
