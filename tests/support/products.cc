// Which values are activations, decided in one walk over the nodes of a file.
#include "tests/support/products.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "onnx/onnx_pb.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

// Two inputs each of which would be a weight in a Linear.
const std::map<std::string, int> kSecondOperands = {
    {"MatMul", 1},       {"Gemm", 1},          {"Einsum", 1},
    {"FusedMatMul", 1},  {"MatMulInteger", 1}, {"MatMulIntegerToFloat", 1},
    {"QLinearMatMul", 3}};

// What comes out says nothing of the elements that go in.
const std::set<std::string> kReadOnlyShapes = {"Shape", "Size", "ConstantOfShape", "Range"};
// The other inputs say where elements go, not what they are.
const std::set<std::string> kReadFirst = {
    "Reshape", "Expand", "Tile",           "Slice",     "Split", "Unsqueeze",
    "Squeeze", "Pad",    "QuantizeLinear", "Transpose", "Cast",  "DequantizeLinear"};

class Activations {
 public:
  explicit Activations(const onnx::GraphProto& graph) {
    for (const auto& weight : graph.initializer()) ranks_[weight.name()] = weight.dims_size();
    for (const auto& input : graph.input()) {
      if (ranks_.count(input.name()) == 0) known_.insert(input.name());
    }
  }

  bool Has(const std::string& value) const { return known_.count(value) > 0; }

  // An Einsum of one operand multiplies nothing.
  bool AreMultipliedBy(const onnx::NodeProto& product) const {
    const int second = kSecondOperands.at(product.op_type());
    return product.input_size() > second && Has(product.input(0)) && Has(product.input(second));
  }

  void Pass(const onnx::NodeProto& node) {
    if (kReadOnlyShapes.count(node.op_type()) > 0 || !Reads(node)) return;
    known_.insert(node.output().begin(), node.output().end());
  }

 private:
  // The matrices of experts are picked by what was routed, and are weights even so.
  bool PicksExperts(const onnx::NodeProto& node) const {
    const auto rank = ranks_.find(node.input_size() > 0 ? node.input(0) : "");
    constexpr int kStack = 3;
    return node.op_type().rfind("Gather", 0) == 0 && rank != ranks_.end() && rank->second >= kStack;
  }

  bool Reads(const onnx::NodeProto& node) const {
    if (PicksExperts(node)) return false;
    const bool first_only = kReadFirst.count(node.op_type()) > 0;
    for (int i = 0; i < (first_only ? 1 : node.input_size()); ++i) {
      if (Has(node.input(i))) return true;
    }
    return false;
  }

  std::map<std::string, int> ranks_;  // of weights
  std::set<std::string> known_;
};

int64_t InParts(const NodeRow& row) {
  int64_t sum = 0;
  for (const PartAmount& part : row.parts) {
    const bool is_product =
        part.name == "qk" || part.name == "av" || part.name == "kv" || part.name == "qkv";
    if (is_product) sum += static_cast<int64_t>(part.macs.value());
  }
  return sum;
}

bool HasBranches(const onnx::NodeProto& node) {
  return std::any_of(node.attribute().begin(), node.attribute().end(),
                     [](const onnx::AttributeProto& attribute) { return attribute.has_g(); });
}

// Past the rows of what its branches hold.
size_t AfterBranches(const onnx::NodeProto& node, const ModelReport& report, size_t row) {
  if (!HasBranches(node)) return row;
  while (row < report.nodes.size() && absl::StartsWith(report.nodes[row].name, node.name() + "/")) {
    REQUIRE(report.nodes[row].macs.value() == 0);
    ++row;
  }
  return row;
}

int64_t ProductsOf(const onnx::NodeProto& node, const NodeRow& row,
                   const Activations& activations) {
  if (kSecondOperands.count(node.op_type()) == 0) return InParts(row);
  return activations.AreMultipliedBy(node) ? static_cast<int64_t>(row.macs.value()) : 0;
}

}  // namespace

int64_t ProductsOfActivations(const std::string& file, const ModelReport& report) {
  onnx::ModelProto model;
  std::ifstream stream(file, std::ios::binary);
  REQUIRE(model.ParseFromIstream(&stream));
  Activations activations(model.graph());
  int64_t sum = 0;
  size_t next = 0;
  for (const onnx::NodeProto& node : model.graph().node()) {
    REQUIRE(next < report.nodes.size());
    const NodeRow& row = report.nodes[next];
    REQUIRE((node.name().empty() || row.name == node.name()));
    activations.Pass(node);
    sum += ProductsOf(node, row, activations);
    next = AfterBranches(node, report, next + 1);
  }
  REQUIRE(next == report.nodes.size());
  return sum;
}

}  // namespace onnx_macs::testing
