// Module paths per exporter: small graphs named as each exporter names them, and where every node
// belongs, written by hand from what the exporters are known to do. Long, because it is one table.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

// "OP NAME: inputs -> outputs", "-" for a name that is left out; inputs that nothing makes are
// weights, save x.
struct NodeCase {
  std::string text;
  std::string path;
  std::string scopes = {};  // pkg.torch.onnx.name_scopes, or a namespace where it begins with ':'
};

struct PathCase {
  std::string what, producer, exporter;
  std::vector<NodeCase> nodes;
};

struct ParsedNode {
  std::string op, name;
  Names inputs, outputs;
};

ParsedNode Parse(const std::string& text) {
  const std::vector<std::string> sides = absl::StrSplit(text, " : ");
  REQUIRE(sides.size() == 2);
  const std::vector<std::string> head = absl::StrSplit(sides[0], ' ');
  const std::vector<std::string> values = absl::StrSplit(sides[1], " -> ");
  REQUIRE(head.size() == 2);
  REQUIRE(values.size() == 2);
  return {head[0], head[1] == "-" ? "" : head[1], absl::StrSplit(values[0], ' ', absl::SkipEmpty()),
          absl::StrSplit(values[1], ' ')};
}

// As a field that older ONNX libraries do not know but keep.
void AddMetadata(onnx::NodeProto* node, const std::string& scopes) {
  if (scopes.empty()) return;
  onnx::StringStringEntryProto entry;
  entry.set_key(absl::StartsWith(scopes, ":") ? "namespace" : "pkg.torch.onnx.name_scopes");
  entry.set_value(scopes);
  const std::string bytes = entry.SerializeAsString();
  REQUIRE(bytes.size() < 128 * 128);
  std::string field = "\x4a";  // number 9, bytes
  field += static_cast<char>(bytes.size() % 128 + 128);
  field += static_cast<char>(bytes.size() / 128);
  REQUIRE(node->MergeFromString(field + bytes));
}

bool HasValue(const onnx::GraphProto& graph, const std::string& name) {
  for (const auto& node : graph.node()) {
    for (const std::string& output : node.output()) {
      if (output == name) return true;
    }
  }
  for (const auto& weight : graph.initializer()) {
    if (weight.name() == name) return true;
  }
  return name == "x" || absl::StartsWith(name, "in:");
}

std::string ModelOf(const PathCase& c) {
  onnx::ModelProto model = EmptyModel();
  model.set_producer_name(c.producer);
  onnx::GraphProto* const graph = model.mutable_graph();
  AddInput(graph, "x", {2, 2});
  for (const NodeCase& text : c.nodes) {
    const ParsedNode node = Parse(text.text);
    for (const std::string& input : node.inputs) {
      if (!HasValue(*graph, input)) AddWeight(graph, input, {2, 2});
    }
    AddMetadata(AddNode(graph, node.op, node.inputs, node.outputs, node.name), text.scopes);
  }
  AddOutput(graph, graph->node(graph->node_size() - 1).output(0), {2, 2});
  return model.SerializeAsString();
}

const PathCase kCases[] = {
    {"TorchScript names, folded weights, a Sequential that says its name twice",
     "pytorch",
     "PyTorch (TorchScript)",
     {{"MatMul /enc/fc/MatMul : x onnx::MatMul_1 -> /enc/fc/MatMul_output_0", "enc.fc"},
      {"Add /enc/fc/Add : enc.fc.bias /enc/fc/MatMul_output_0 -> /enc/fc/Add_output_0", "enc.fc"},
      {"Relu /enc/Relu : /enc/fc/Add_output_0 -> /enc/Relu_output_0", "enc"},
      {"MatMul /head/head.0/MatMul : /enc/Relu_output_0 onnx::MatMul_2 -> h", "head.0"},
      {"Relu /Relu : h -> y", ""}}},
    {"a second call is the same module, but a module that is called so is another",
     "pytorch",
     "PyTorch (TorchScript)",
     {{"MatMul /fc/MatMul : x fc.weight -> a", "fc"},
      {"Sigmoid /act/Sigmoid : a -> b", "act"},
      {"Sigmoid /act_1/Sigmoid : b -> c", "act"},
      {"MatMul /conv_1/MatMul : c conv_1.weight -> d", "conv_1"},
      {"Sigmoid /gate_1/Sigmoid : d -> e", "gate_1"}}},
    {"containers that are never called come from the weights, for scopes without weights too",
     "pytorch",
     "PyTorch (TorchScript)",
     {{"MatMul /enc/block.0/q/MatMul : x onnx::MatMul_1 -> a", "enc.down.0.block.0.q"},
      {"Add /enc/block.0/q/Add : enc.down.0.block.0.q.bias a -> b", "enc.down.0.block.0.q"},
      {"MatMul /enc/block.0/MatMul : b b -> c", "enc.down.0.block.0"},
      {"Sigmoid /enc/block.0/act/Sigmoid : c -> c1", "enc.down.0.block.0.act"},
      {"Sigmoid /enc/block.0/act_1/Sigmoid : c1 -> c2", "enc.down.0.block.0.act"},
      {"MatMul /enc/block.0/q_1/MatMul : c2 onnx::MatMul_2 -> d", "enc.down.1.block.0.q"},
      {"Add /enc/block.0/q_1/Add : enc.down.1.block.0.q.bias d -> e", "enc.down.1.block.0.q"},
      {"MatMul /enc/block.0_1/MatMul : e e -> f", "enc.down.1.block.0"},
      {"Sigmoid /enc/block.0/act_2/Sigmoid : f -> g", "enc.down.1.block.0.act"},
      {"Sigmoid /enc/block.0/act_3/Sigmoid : g -> h", "enc.down.1.block.0.act"},
      {"Relu /enc/Relu : h -> y", "enc"}}},
    {"equal weights are stored once: the Identity's output says whose they are",
     "pytorch",
     "PyTorch (TorchScript)",
     {{"Identity Identity_7 : b1.norm.bias -> b2.norm.bias", "b2.norm"},
      {"Add /b1/norm/Add : x b1.norm.bias -> a", "b1.norm"},
      {"Add /b2/norm/Add : a b2.norm.bias -> y", "b2.norm"}}},
    {"before torch 1.13 only weights say it, and what reads or feeds a node",
     "pytorch",
     "PyTorch (before 1.13)",
     {{"Transpose Transpose_0 : x -> t", "layer1.0.fc"},
      {"MatMul MatMul_1 : t 42 -> a", "layer1.0.fc"},
      {"Add Add_2 : a layer1.0.fc.bias -> b", "layer1.0.fc"},
      {"Relu Relu_3 : b -> y", "layer1.0.fc"}}},
    {"weights are followed through what only rearranges them, not through scales",
     "",
     "unknown",
     {{"Transpose - : a.fc.weight -> t", "a.fc"},
      {"Cast - : t -> c", "a.fc"},
      {"Unsqueeze - : c axes -> u", "a.fc"},
      {"Squeeze - : u axes -> s", "a.fc"},
      {"MatMul - : x s -> m", "a.fc"},
      {"QuantizeLinear - : m zz.scale -> q", "zz"},
      {"DequantizeLinear - : q zz.scale -> d", "zz"},
      {"MatMul - : d b.fc.weight -> y", "b.fc"}}},
    {"dynamo's metadata, as a list and as a namespace; Identity has none",
     "pytorch",
     "PyTorch (dynamo)",
     {{"MatMul node_linear : x p -> linear", "blocks.0.fc", "['', 'blocks.0', 'blocks.0.fc', 'l']"},
      {"Identity - : linear -> i", "blocks.1"},
      {"Relu node_relu : i -> r", "blocks.1",
       ": m.Net/blocks.1: m.Block/_empty_nn_module_stack_from_metadata_hook: n.o/relu: aten.relu"},
      {"Relu node_relu_1 : r -> y", "", "['', 'relu_1']"}}},
    {"dynamo's names alone, once a tool has dropped the metadata",
     "pytorch",
     "PyTorch (dynamo), its metadata lost",
     {{"MatMul node_linear : x fc.weight -> linear", "fc"},
      {"Relu node_relu : linear -> relu", "fc"}}},
    {"dynamo_export's functions, inlined, leave their names behind",
     "pytorch",
     "PyTorch (dynamo_export of 2.1 to 2.4)",
     {{"MatMul _inlfunc_m_LlamaAttention_model_layers_1_self_attn_1_n0 : x x -> a",
       "model.layers.1.self_attn"},
      {"MatMul n1 : a model.layers.1.self_attn.q_proj.weight -> y",
       "model.layers.1.self_attn.q_proj"}}},
    {"onnxruntime-genai: operators stand in the names of weights",
     "onnxruntime-genai",
     "onnxruntime-genai",
     {{"MatMul /model/layers.0/attn/q_proj/MatMul : x model.layers.0.attn.q_proj.MatMul.weight -> "
       "a",
       "model.layers.0.attn.q_proj"},
      {"Identity /model/constants/INT64/1 : a -> b", "lm_head"},
      {"MatMul - : b lm_head.MatMul.weight -> y", "lm_head"}}},
    {"onnxruntime-genai: packed and quantised projections, fused norms and attention, shared "
     "experts",
     "onnxruntime-genai",
     "onnxruntime-genai",
     {{"Identity /model/constant_nodes/INT64/[1] : x -> /model/constants/INT64/[1]",
       "model.layers.0.attn"},
      {"Relu /model/layers.0/input_layernorm/LayerNorm : x -> "
       "/model/layers.0/input_layernorm/output_0",
       "model.layers.0.input_layernorm"},
      {"MatMul /model/layers.0/attn/qkv_proj/MatMul_Q4 : /model/layers.0/input_layernorm/output_0 "
       "model.layers.0.attn.qkv_proj.MatMul.weight_Q4 -> a",
       "model.layers.0.attn.qkv_proj"},
      {"Add /model/layers.0/attn/GroupQueryAttention : a /model/constants/INT64/[1] -> b",
       "model.layers.0.attn"},
      {"MatMul /model/layers.0/attn/o_proj/MatMulNBits : b "
       "model.layers.0.attn.o_proj.MatMulNBits.qweight -> c",
       "model.layers.0.attn.o_proj"},
      {"MatMul - : c model.layers.0.attn.q_proj.MatMulNBits.scales -> d",
       "model.layers.0.attn.q_proj"},
      {"Relu /model/layers.0/post_attention_layernorm/SkipLayerNorm : d -> e",
       "model.layers.0.post_attention_layernorm"},
      {"MatMul /model/layers.0/moe/router/MatMul : e model.layers.0.moe.router.MatMul.weight -> f",
       "model.layers.0.moe.router"},
      {"Relu /model/layers.0/moe/QMoE : f -> g", "model.layers.0.moe"},
      {"Mul /model/layers.0/shared_expert/gate/Mul : g g -> h",
       "model.layers.0.shared_expert.gate"},
      {"MatMul /lm_head/MatMul_Q4 : h lm_head.MatMul.weight_Q4G32 -> y", "lm_head"}}},
    {"genai's outputs stand below their nodes",
     "onnxruntime-genai",
     "onnxruntime-genai",
     {{"Relu Fused_1 : x -> /model/layers.0/mlp/act_fn/Mul/output_0",
       "model.layers.0.mlp.act_fn"}}},
    {"nodes that ONNX Runtime fused keep the names of their outputs",
     "onnxruntime.transformers",
     "PyTorch (TorchScript)",
     {{"MatMul /enc/layer.0/fc/MatMul : x onnx::MatMul_1 -> a", "enc.layer.0.fc"},
      {"Relu Gelu_AddBias_0 : a -> /enc/layer.0/act_fn/Mul_1_output_0", "enc.layer.0.act_fn"},
      {"Relu LayerNorm_0 : /enc/layer.0/act_fn/Mul_1_output_0 -> /enc/norm/Add_1_output_0",
       "enc.norm"},
      {"MatMul /enc/out/MatMul/MatMulAddFusion : /enc/norm/Add_1_output_0 w -> b", "enc.out"},
      {"Relu /enc/act/Mul/QuickGeluFusion/ : b -> c", "enc.act"},
      {"MatMul NhwcConv_0-/conv_in/Conv : c w2 -> y", "conv_in"}}},
    {"ONNX Runtime's session: one fusion on another, products between reshapes, names that ran out",
     "pytorch",
     "PyTorch (TorchScript)",
     {{"MatMul /enc/layer.0/q/MatMul : x onnx::MatMul_1 -> q", "enc.layer.0.q"},
      {"MatMul /enc/layer.0/MatMul/MatMulScaleFusion//MatmulTransposeFusion/ : q q -> a",
       "enc.layer.0"},
      {"Relu /enc/layer.0/Slice_1/GatherSliceToSplitFusion : a -> b", "enc.layer.0"},
      {"Identity gemm_input_reshape_token_21 : b -> c", "enc.layer.0.out"},
      {"MatMul /enc/layer.0/out/MatMul/MatMulAddFusion : c onnx::MatMul_2 -> d", "enc.layer.0.out"},
      {"Identity gemm_output_reshape_token_24 : d -> /enc/layer.0/out/Add_output_0",
       "enc.layer.0.out"},
      {"Relu SkipLayerNormalization_token_67 : /enc/layer.0/out/Add_output_0 -> "
       "/enc/layer.0/norm/LayerNormalization_output_0",
       "enc.layer.0.norm"},
      {"Relu BiasGelu_token_1 : /enc/layer.0/norm/LayerNormalization_output_0 -> "
       "/enc/layer.0/act/Mul_1_output_0",
       "enc.layer.0.act"},
      {"Relu /enc/layer.0/norm2/Mul_1/SimplifiedLayerNormFusion/ : "
       "/enc/layer.0/act/Mul_1_output_0 -> y",
       "enc.layer.0.norm2"}}},
    {"dynamic quantisation: scales, casts and products of integers are the layer's",
     "onnx.quantize",
     "PyTorch (TorchScript)",
     {{"Relu /fc/In_output_0_QuantizeLinear : x -> /fc/In_output_0_quantized", "fc"},
      {"Mul /fc/MatMul_quant_scales_mul : x fc.weight_scale -> /fc/MatMul_quant_scales_mul:0",
       "fc"},
      {"MatMul /fc/MatMul_quant : /fc/In_output_0_quantized fc.weight_quantized -> "
       "/fc/MatMul_output_0_output_quantized",
       "fc"},
      {"Identity /fc/MatMul_output_0_output_quantized_cast : /fc/MatMul_output_0_output_quantized "
       "-> c",
       "fc"},
      {"Mul /fc/MatMul_quant_output_scale_mul : c /fc/MatMul_quant_scales_mul:0 -> "
       "/fc/MatMul_output_0",
       "fc"},
      {"Add /fc/Add_quant : fc.bias_quantized /fc/MatMul_output_0 -> d", "fc"},
      {"MatMul /out/MatMul_Q4 : d onnx::MatMul_9_Q4 -> y", "out"}}},
    {"quantisers fold into the layer they quantise",
     "onnx.quantize",
     "PyTorch (TorchScript)",
     {{"DequantizeLinear fc.weight_DequantizeLinear : fc.weight_quantized fc.weight_scale -> w",
       "fc"},
      {"DequantizeLinear onnx::MatMul_9_DequantizeLinear : onnx::MatMul_9_quantized s -> w2",
       "out"},
      {"QuantizeLinear x_QuantizeLinear : x x_scale -> q", "fc"},
      {"DequantizeLinear x_DequantizeLinear : q x_scale -> d", "fc"},
      {"MatMul /fc/MatMul : d w -> /fc/MatMul_output_0", "fc"},
      {"QuantizeLinear /fc/MatMul_output_0_QuantizeLinear : /fc/MatMul_output_0 s1 -> q1", "fc"},
      {"DequantizeLinear /fc/MatMul_output_0_DequantizeLinear : q1 s1 -> d1", "fc"},
      {"MatMul /out/MatMul_quant : d1 w2 -> y", "out"}}},
    {"quantisers that are modules of the layer",
     "pytorch",
     "PyTorch (TorchScript)",
     {{"QuantizeLinear /conv1/_input_quantizer/QuantizeLinear : x s -> q", "conv1"},
      {"DequantizeLinear /conv1/_input_quantizer/DequantizeLinear : q s -> d", "conv1"},
      {"QuantizeLinear /conv1/weight_fake_quant/QuantizeLinear : conv1.weight s -> wq", "conv1"},
      {"DequantizeLinear /conv1/weight_fake_quant/DequantizeLinear : wq s -> w", "conv1"},
      {"MatMul /conv1/MatMul : d w -> y", "conv1"}}},
    {"modelopt's quantisers, also those of products without weights",
     "pytorch",
     "PyTorch (TorchScript)",
     {{"QuantizeLinear /layers.0/attn/q_proj/input_quantizer/QuantizeLinear : x s -> a",
       "layers.0.attn.q_proj"},
      {"DequantizeLinear /layers.0/attn/q_proj/input_quantizer/DequantizeLinear : a s -> b",
       "layers.0.attn.q_proj"},
      {"QuantizeLinear /layers.0/attn/q_proj/weight_quantizer/QuantizeLinear : "
       "layers.0.attn.q_proj.weight s -> c",
       "layers.0.attn.q_proj"},
      {"DequantizeLinear /layers.0/attn/q_proj/weight_quantizer/DequantizeLinear : c s -> d",
       "layers.0.attn.q_proj"},
      {"MatMul /layers.0/attn/q_proj/MatMul : b d -> e", "layers.0.attn.q_proj"},
      {"QuantizeLinear /layers.0/attn/q_proj/output_quantizer/QuantizeLinear : e s -> f",
       "layers.0.attn.q_proj"},
      {"Relu /layers.0/attn/Relu : f -> y", "layers.0.attn"}}},
    {"a wrapper's level is a level like any other",
     "pytorch",
     "PyTorch (TorchScript)",
     {{"MatMul /m/enc/fc/MatMul : x onnx::MatMul_1 -> a", "m.enc.fc"},
      {"Add /m/enc/fc/Add : m.enc.fc.bias a -> b", "m.enc.fc"},
      {"Relu /m/act/Relu : b -> y", "m.act"}}},
    {"tf2onnx keeps TensorFlow's scopes",
     "tf2onnx",
     "tf2onnx",
     {{"Transpose StatefulPartitionedCall/model/conv2d_2/Conv2D__6 : x -> a", "model.conv2d_2"},
      {"MatMul StatefulPartitionedCall/model/conv2d_2/Conv2D : a "
       "StatefulPartitionedCall/model/conv2d_2/Conv2D/ReadVariableOp:0 -> b",
       "model.conv2d_2"},
      {"Relu Relu__45 : b -> c", "bert.encoder.layer.0.query"},
      {"MatMul bert/encoder/layer_._0/query/Tensordot/MatMul : c k:0 -> d",
       "bert.encoder.layer.0.query"},
      {"Add bi/lstm_2/PartitionedCall/add_1 : d const_fold_opt__7 -> y", "bi.lstm_2"}}},
    {"norms that tf2onnx folded into convolutions gave them their names",
     "tf2onnx",
     "tf2onnx",
     {{"MatMul model/conv1/Conv2D : x model/conv1/Conv2D/ReadVariableOp:0 -> a", "model.conv1"},
      {"MatMul model/bn2/FusedBatchNormV3 : a model/conv2/Conv2D_weights_fused_bn "
       "model/conv2/Conv2D_bias_fused_bn -> b",
       "model.conv2"},
      {"MatMul net_1/bn3_1/batchnorm/mul_1 : b net_1/conv3_1/convolution/merged_input:0 -> c",
       "net_1.conv3_1"},
      {"Relu model/relu2/Relu : c -> y", "model.relu2"}}},
    {"Keras 3 by tf2onnx: layers within layers, constants shared by all of them, Einsum taken "
     "apart",
     "tf2onnx",
     "tf2onnx",
     {{"Relu net_1/layer0_norm1_1/moments/mean : x -> a", "net_1.layer0_norm1_1"},
      {"Mul net_1/layer0_norm1_1/mul_1 : a net_1/layer1_norm2_1/Reshape:0 -> b",
       "net_1.layer0_norm1_1"},
      {"MatMul net_1/layer0_attention_1/query_1/MatMul : b "
       "net_1/layer0_attention_1/query_1/Reshape:0 -> q",
       "net_1.layer0_attention_1.query_1"},
      {"Identity Transpose__72 : q -> t", "net_1.layer0_attention_1"},
      {"MatMul MatMul__89 : t t -> s", "net_1.layer0_attention_1"},
      {"Mul net_1/layer0_attention_1/Mul : s net_1/layer0_attention_1/Cast/x:0 -> y",
       "net_1.layer0_attention_1"}}},
    {"a quantised file of tf2onnx, signed by another tool",
     "onnx.quantize",
     "tf2onnx",
     {{"DequantizeLinear - : model/dense/MatMul/ReadVariableOp:0_quantized s -> w", "model.dense"},
      {"MatMul model/dense/MatMul : x w -> y", "model.dense"}}},
    {"Paddle has layers by their weights only",
     "",
     "Paddle2ONNX",
     {{"MatMul p2o.MatMul.0 : x linear_0.w_0 -> p2o.MatMul.0.0", "linear_0"},
      {"Add p2o.Add.0 : p2o.MatMul.0.0 linear_0.b_0 -> sigmoid_0.tmp_0", "linear_0"},
      {"Mul p2o.Mul.0 : sigmoid_0.tmp_0 p2o.helper.constant.3 -> m", "linear_1"},
      {"MatMul p2o.MatMul.1 : m linear_1.w_0 -> y", "linear_1"}}},
    {"Paddle counts layers of a kind, and names what has no weights after its neighbours",
     "",
     "Paddle2ONNX",
     {{"MatMul p2o.Conv.0 : x conv2d_12.w_0 -> conv2d_13.tmp_0", "conv2d_12"},
      {"Mul p2o.BatchNormalization.0 : conv2d_13.tmp_0 batch_norm2d_3.w_0 -> a", "batch_norm2d_3"},
      {"Add p2o.Add.3 : a batch_norm2d_3.b_0 -> b", "batch_norm2d_3"},
      {"Relu p2o.Relu.0 : b -> relu_0.tmp_0", "linear_0"},
      {"MatMul p2o.MatMul.1 : relu_0.tmp_0 linear_0.w_0 -> y", "linear_0"}}},
    {"MXNet's zoo: the stages of ResNet v2",
     "",
     "MXNet",
     {{"MatMul resnetv24_conv0_fwd : x resnetv24_conv0_weight -> a", "resnetv24.conv0"},
      {"Relu resnetv24_stage1_relu0_fwd : a -> b", "resnetv24.stage1.relu0"},
      {"MatMul resnetv24_stage1_conv0_fwd : b resnetv24_stage1_conv0_weight -> c",
       "resnetv24.stage1.conv0"},
      {"Add resnetv24_stage3__plus0 : c c -> d", "resnetv24.stage3"},
      {"MatMul resnetv24_dense0_fwd : d resnetv24_dense0_weight -> y", "resnetv24.dense0"}}},
    {"MXNet joins the names of blocks with underscores",
     "",
     "MXNet",
     {{"MatMul net0_stage1_conv0_fwd : x net0_stage1_conv0_weight -> a", "net0.stage1.conv0"},
      {"Mul net0_stage1_batchnorm0_fwd : a net0_stage1_batchnorm0_gamma -> b",
       "net0.stage1.batchnorm0"},
      {"Add net0_stage1__plus0 : a b -> c", "net0.stage1"},
      {"Add net0_block0_elemwise_add0 : c b -> y", "net0.block0.elemwise_add0"}}},
    {"jax2onnx's graphs without functions have no modules",
     "jax2onnx",
     "jax2onnx",
     {{"MatMul MatMul_0 : x W_0 -> a", ""}, {"Relu Relu_1 : a -> y", ""}}},
    {"flat names go by what their weights are called",
     "caffe2",
     "unknown",
     {{"MatMul - : x gpu_0/conv1_w_0 -> a", "gpu_0.conv1"},
      {"Relu - : a -> b", "fc6"},
      {"MatMul - : b fc6_weight -> c", "fc6"},
      {"Mul - : c bn_running_mean -> y", "bn"}}},
    {"names that say nothing leave all in the model",
     "CNTK",
     "unknown",
     {{"MatMul Times_12 : x Parameter193 -> a", ""}, {"Relu ReLU32 : a -> y", ""}}},
};

TEST_CASE("every exporter's nodes are where their modules are") {
  for (const PathCase& c : kCases) {
    INFO(c.what);
    const ModelReport report = AnalyzeModel(ModelOf(c));
    CHECK(report.paths.exporter == c.exporter);
    REQUIRE(report.nodes.size() == c.nodes.size());
    for (size_t i = 0; i < c.nodes.size(); ++i) {
      INFO(c.nodes[i].text);
      CHECK(report.nodes[i].path == c.nodes[i].path);
    }
  }
}

TEST_CASE("the report counts nodes by the evidence that placed them") {
  const PathCase c = {"",
                      "pytorch",
                      "",
                      {{"Identity - : a.b -> c.d", ""},
                       {"MatMul /fc/MatMul : x onnx::MatMul_1 -> m", ""},
                       {"Relu Fused : m -> /act/Relu_output_0", ""},
                       {"Relu - : /act/Relu_output_0 -> r", ""},
                       {"MatMul /out/MatMul : r c.d -> o", ""},
                       {"Relu - : o -> y", ""}}};
  const ModelReport report = AnalyzeModel(ModelOf(c));
  using Row = std::pair<std::string, int64_t>;
  CHECK(report.paths.evidence == std::vector<Row>{{"weights", 1},
                                                  {"node_names", 2},
                                                  {"output_names", 1},
                                                  {"consumers", 1},
                                                  {"producers", 1}});
  CHECK(report.nodes[0].placed == "by the names of weights");
  CHECK(report.nodes[2].placed == "by its output's name");
  CHECK(report.nodes[5].placed == "by what it reads");
}

TEST_CASE("weights given as inputs say as much as stored ones, caches say nothing") {
  onnx::ModelProto model = EmptyModel();
  model.set_producer_name("pytorch");
  onnx::GraphProto* const graph = model.mutable_graph();
  AddInput(graph, "x", {2, 2});
  AddInput(graph, "experts.1.w1.weight", {2, 2});
  AddInput(graph, "past_key_values.0.key", {2, 2});
  AddInput(graph, "open.weight", {-1, 2});
  AddNode(graph, "MatMul", {"x", "experts.1.w1.weight"}, {"a"}, "/w1_1/MatMul");
  AddNode(graph, "Add", {"a", "past_key_values.0.key"}, {"b"});
  AddNode(graph, "MatMul", {"b", "open.weight"}, {"y"}, "/fc/MatMul");
  AddOutput(graph, "y", {2, 2});
  const ModelReport report = AnalyzeModel(model.SerializeAsString());
  // Nothing was called "w1" before, so that the number belongs to the name: it is not the expert's.
  CHECK(report.nodes[0].path == "w1_1");
  CHECK(report.nodes[1].path == "fc");
  CHECK(report.nodes[2].path == "fc");
}

TEST_CASE("groups take nodes by path or by name, the first that matches") {
  const PathCase c = {"",
                      "pytorch",
                      "",
                      {{"MatMul /enc/attn/MatMul : x enc.attn.weight -> a", ""},
                       {"MatMul /enc/fc/MatMul : a enc.fc.weight -> b", ""},
                       {"Relu /enc/fc/Relu : b -> y", ""}}};
  const auto holds = [](std::string part) {
    return [part](const std::string& name) { return absl::StrContains(name, part); };
  };
  AnalyzeOptions options;
  options.groups = {
      {"a.first", holds("attn")}, {"second", holds("Relu")}, {"third", holds("enc.")}};
  const ModelReport report = AnalyzeModel(ModelOf(c), options);
  CHECK(report.nodes[0].path == "a.first.enc.attn");
  CHECK(report.nodes[1].path == "third.enc.fc");
  CHECK(report.nodes[2].path == "second.enc.fc");
  CHECK(report.nodes[2].placed == "by --group");
  std::vector<std::string> paths;
  for (const ComponentRow& row : report.components) {
    paths.push_back(absl::StrCat(row.path.view(), " ", TextOf(row.figures.params)));
  }
  CHECK(paths == std::vector<std::string>{" 8", "a 4", "a.first 4", "a.first.enc 4",
                                          "a.first.enc.attn 4", "third 4", "third.enc 4",
                                          "third.enc.fc 4", "second 0", "second.enc 0",
                                          "second.enc.fc 0"});
}

}  // namespace
}  // namespace onnx_macs::testing
