// A look at some of a model's names, and the table of exporters by what such a look shows.
#include "analyzer/paths/exporter.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "analyzer/paths/dynamo.h"
#include "analyzer/paths/torchscript.h"

namespace onnx_macs {
namespace {

constexpr size_t kSamples = 16;  // of nodes, and of weights: enough to tell names apart

// How many of the names looked at have what exporters can be told by.
struct Signs {
  std::string producer;  // in lower case
  int nodes = 0, has_scopes = 0, begins_with_slash = 0, holds_slash = 0, is_genai_constant = 0;
  int is_tensorflow = 0, is_paddle = 0, is_mxnet = 0, is_inlined = 0, is_numbered = 0, is_node = 0;
  int dotted_weights = 0, module_functions = 0;
};

bool Holds(absl::string_view text, absl::string_view part) { return absl::StrContains(text, part); }

// "Conv_0": an operator and a number.
bool IsNumberedOperator(absl::string_view name) {
  const absl::string_view op = WithoutCallSuffix(name);
  return !op.empty() && absl::ascii_isupper(static_cast<unsigned char>(op[0])) &&
         !absl::StrContains(op, '/');
}

// "Transpose__45": tf2onnx numbers what it inserts.
bool IsNumberedTwice(absl::string_view name) {
  const absl::string_view base = WithoutCallSuffix(name);
  return base.size() > 1 && base.back() == '_';
}

void LookAtName(absl::string_view name, Signs* signs) {
  signs->begins_with_slash += absl::StartsWith(name, "/");
  signs->holds_slash += Holds(name, "/") && !absl::StartsWith(name, "/");
  signs->is_genai_constant += absl::StartsWith(name, "/model/constants/");
  signs->is_tensorflow +=
      Holds(name, "PartitionedCall/") || Holds(name, "/ReadVariableOp") || IsNumberedTwice(name);
  signs->is_paddle += absl::StartsWith(name, "p2o.");
  signs->is_mxnet += absl::EndsWith(name, "_fwd");
  signs->is_inlined += absl::StartsWith(name, "_inlfunc_");
}

void LookAtNode(const Graph& graph, const Node& node, Signs* signs) {
  ++signs->nodes;
  absl::string_view scope;
  signs->has_scopes += ScopeFromMetadata(node, &scope);
  signs->is_numbered += IsNumberedOperator(node.name);
  signs->is_node += absl::StartsWith(node.name, "node_");
  LookAtName(node.name, signs);
  const bool is_named = absl::StrContains(node.name, '/');
  if (!is_named && !node.outputs.empty() && node.outputs[0] != kNoValue) {
    LookAtName(graph.values[node.outputs[0]].name, signs);
  }
}

void LookAtWeight(absl::string_view name, Signs* signs) {
  signs->dotted_weights += !ScopeFromParameter(name).empty();
  signs->is_genai_constant += absl::StartsWith(name, "/model/constants/");
  signs->is_tensorflow += Holds(name, "/ReadVariableOp");
  signs->is_paddle += absl::StartsWith(name, "p2o.");
  signs->is_mxnet += absl::EndsWith(name, "_gamma") || absl::EndsWith(name, "_moving_var");
}

// Evenly spread over the graph, because what stands at its ends is often not typical.
void LookAtGraph(const Graph& graph, Signs* signs) {
  const size_t step = std::max<size_t>(1, graph.nodes.size() / kSamples);
  for (size_t i = 0; i < graph.nodes.size(); i += step) LookAtNode(graph, graph.nodes[i], signs);
  const size_t weights = graph.initializers.size();
  const size_t weight_step = std::max<size_t>(1, weights / kSamples);
  for (size_t i = 0; i < weights; i += weight_step) {
    LookAtWeight(graph.initializers[i].name, signs);
  }
}

Signs LookAt(const Model& model) {
  Signs signs;
  signs.producer = absl::AsciiStrToLower(model.producer_name);
  LookAtGraph(model.graph, &signs);
  for (const auto& graph : model.subgraphs) {
    if (signs.nodes > static_cast<int>(kSamples)) break;
    LookAtGraph(*graph, &signs);
  }
  for (const auto& function : model.functions) {
    signs.module_functions += absl::StartsWith(function->domain, "pkg.transformers") ||
                              absl::StartsWith(function->name, "torch_nn_modules_");
  }
  return signs;
}

bool IsBy(const Signs& signs, absl::string_view producer) {
  return absl::StrContains(signs.producer, producer);
}

struct ExporterRow {
  Exporter exporter;
  bool (*recognize)(const Signs& signs);
};

// The first that is recognised. Most particular names come first.
constexpr ExporterRow kExporters[] = {
    {{"PyTorch (dynamo)", &kTorchDialect, true, false},
     [](const Signs& s) { return s.has_scopes > 0; }},
    {{"PyTorch (dynamo_export of 2.1 to 2.4)", &kTorchDialect, false, true},
     [](const Signs& s) { return s.module_functions > 0 || s.is_inlined > 0; }},
    {{"onnxruntime-genai", &kGenaiDialect},
     [](const Signs& s) { return IsBy(s, "onnxruntime-genai") || s.is_genai_constant > 0; }},
    {{"Paddle2ONNX", &kPaddleDialect},
     [](const Signs& s) { return IsBy(s, "paddle") || s.is_paddle > 0; }},
    {{"tf2onnx", &kTensorFlowDialect}, [](const Signs& s) { return IsBy(s, "tf2onnx"); }},
    {{"keras2onnx", &kTensorFlowDialect}, [](const Signs& s) { return IsBy(s, "keras2onnx"); }},
    {{"jax2onnx", &kTorchDialect}, [](const Signs& s) { return IsBy(s, "jax2onnx"); }},
    {{"sklearn-onnx", &kFlatDialect}, [](const Signs& s) { return IsBy(s, "skl2onnx"); }},
    {{"onnxmltools", &kFlatDialect},
     [](const Signs& s) { return IsBy(s, "onnxmltools") || IsBy(s, "coreml"); }},
    {{"MXNet", &kMxnetDialect},
     [](const Signs& s) { return s.is_mxnet > 0 && s.begins_with_slash == 0; }},
    {{"PyTorch (TorchScript)", &kTorchDialect},
     [](const Signs& s) { return s.begins_with_slash > 0; }},
    {{"tf2onnx", &kTensorFlowDialect},
     [](const Signs& s) { return s.is_tensorflow > 0 && s.holds_slash > 0; }},
    {{"PyTorch (dynamo), its metadata lost", &kTorchDialect},
     [](const Signs& s) { return s.is_node > 0 && s.dotted_weights > 0; }},
    {{"PyTorch (before 1.13)", &kTorchDialect},
     [](const Signs& s) { return s.is_numbered > 0 && s.dotted_weights > 0; }},
    {{"unknown, names with slashes", &kTensorFlowDialect},
     [](const Signs& s) { return 2 * s.holds_slash > s.nodes; }},
    {{"unknown", &kFlatDialect}, [](const Signs&) { return true; }},
};

constexpr absl::string_view kQuantizing[] = {
    "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear",
    "MatMulInteger",  "ConvInteger",      "QLinearConv",
    "QLinearMatMul",  "MatMulNBits",      "QLinearAdd",
    "QGemm",          "QAttention",       "DynamicQuantizeMatMul"};

constexpr absl::string_view kFused[] = {
    "SkipLayerNormalization",  "BiasGelu",  "FusedMatMul",   "FusedConv",     "NhwcConv",
    "EmbedLayerNormalization", "FusedGemm", "BiasSplitGelu", "SkipGroupNorm", "BiasAdd"};

bool HasOperator(const Model& model, absl::Span<const absl::string_view> types) {
  return absl::c_any_of(model.operators,
                        [&](const Operator& op) { return absl::c_linear_search(types, op.type); });
}

}  // namespace

Exporter RecognizeExporter(const Model& model) {
  const Signs signs = LookAt(model);
  return absl::c_find_if(kExporters, [&](const ExporterRow& row) { return row.recognize(signs); })
      ->exporter;
}

std::vector<std::string> RecognizeTools(const Model& model) {
  std::vector<std::string> tools;
  const bool is_laid_out = absl::c_any_of(
      model.operators, [](const Operator& op) { return op.domain == "com.microsoft.nchwc"; });
  if (is_laid_out || HasOperator(model, kFused)) tools.emplace_back("ONNX Runtime optimizer");
  if (HasOperator(model, kQuantizing)) tools.emplace_back("quantiser");
  return tools;
}

}  // namespace onnx_macs
