// Following weights to the nodes that use them.
#include "analyzer/paths/owners.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "analyzer/declared_type.h"

namespace onnx_macs {
namespace {

// What leaves a weight the weight it is. Only their first input is data.
constexpr absl::string_view kPassing[] = {"Cast",           "Transpose",        "Reshape",
                                          "Squeeze",        "Unsqueeze",        "Flatten",
                                          "QuantizeLinear", "DequantizeLinear", "FakeQuantize"};

OwnerRules::Passing PassingOf(const Operator& op) {
  if (op.type == "Identity") return OwnerRules::Passing::kRenamed;
  return absl::c_linear_search(kPassing, op.type) ? OwnerRules::Passing::kData
                                                  : OwnerRules::Passing::kNo;
}

}  // namespace

OwnerRules::OwnerRules(const Model& model, const Dialect& spoken) : dialect(spoken) {
  passing.reserve(model.operators.size());
  for (const Operator& op : model.operators) passing.push_back(PassingOf(op));
}

bool IsWeightInput(const Value& value) {
  const absl::string_view last = value.name.substr(value.name.rfind('.') + 1);
  if (last.size() == value.name.size() || last.empty()) return false;
  // "input.1" is how TorchScript names what a person did not; caches are named like weights.
  if (std::all_of(last.begin(), last.end(), absl::ascii_isdigit)) return false;
  if (absl::StartsWith(value.name, "past")) return false;
  DeclaredType type;
  if (!ReadDeclaredType(value.declared_type, &type) || !type.has_shape) return false;
  return absl::c_all_of(type.dims,
                        [](const DeclaredDim& d) { return d.kind == DeclaredDim::Kind::kValue; });
}

Owners::Owners(const OwnerRules& rules, const Graph& graph, const Owners* outer,
               ComponentTree& tree, Arena& arena)
    : rules_(rules), graph_(graph), outer_(outer), tree_(tree), arena_(arena) {
  if (outer != nullptr) return;
  for (const ValueId input : graph.inputs) {
    const Value& value = graph.values[input];
    if (value.initializer < 0 && IsWeightInput(value)) carried_[input] = OfNamed(input);
  }
}

void Owners::SetInputs(const Node& call, const Owners& caller) {
  const size_t size = std::min(call.inputs.size(), graph_.inputs.size());
  for (size_t i = 0; i < size; ++i) {
    if (call.inputs[i] == kNoValue || graph_.inputs[i] == kNoValue) continue;
    const absl::string_view owner = caller.Of(call.inputs[i]);
    if (!owner.empty()) carried_[graph_.inputs[i]] = owner;
  }
}

absl::string_view Owners::OfNamed(ValueId value) const {
  return tree_.Shorten(rules_.dialect.owner(graph_.values[value].name, arena_));
}

absl::string_view Owners::OfCarried(ValueId value, const Value& v) const {
  if (v.outer() != kNoValue) return outer_ == nullptr ? absl::string_view() : outer_->Of(v.outer());
  if (v.producer() >= 0 &&
      rules_.passing[graph_.nodes[v.producer()].op] == OwnerRules::Passing::kNo) {
    return {};
  }
  const auto it = carried_.find(value);
  return it == carried_.end() ? absl::string_view() : it->second;
}

absl::string_view Owners::OfNode(const Node& node) const {
  const bool is_renaming = rules_.passing[node.op] == OwnerRules::Passing::kRenamed;
  if (is_renaming && !node.outputs.empty() && node.outputs[0] != kNoValue) {
    return Of(node.outputs[0]);
  }
  for (const ValueId input : node.inputs) {
    if (input == kNoValue) continue;
    const absl::string_view owner = Of(input);
    if (!owner.empty()) return owner;
  }
  return {};
}

void Owners::PassOn(const Node& node) {
  if (node.inputs.empty() || node.outputs.empty()) return;
  const ValueId from = node.inputs[0], to = node.outputs[0];
  if (from == kNoValue || to == kNoValue) return;
  absl::string_view owner = Of(from);
  if (owner.empty()) return;
  // Equal weights are stored once and copied to the names of the others.
  if (rules_.passing[node.op] == OwnerRules::Passing::kRenamed) {
    const absl::string_view own = OfNamed(to);
    if (!own.empty()) owner = own;
  }
  carried_[to] = owner;
}

}  // namespace onnx_macs
