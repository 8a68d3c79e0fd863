// Finding parameters by how nodes read them.
#include "analyzer/parameters.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/declared_type.h"
#include "analyzer/frame.h"
#include "analyzer/op_context.h"
#include "analyzer/tensor_data.h"

namespace onnx_macs {
namespace {

// Weights are floats or what quantisers make of them; int64 and bool tensors are indices and masks.
bool IsWeightType(DataType type) {
  switch (type) {
    case DataType::kInt8:
    case DataType::kUint8:
    case DataType::kInt4:
    case DataType::kUint4:
    case DataType::kInt2:
    case DataType::kUint2:
      return true;
    default:
      return IsFloating(type) || Describe(type).kind == NumberKind::kComplex;
  }
}

// As the file declares it: what options or equal sizes make of an open one is no weight's.
bool HasFixedSize(const Value& value) {
  DeclaredType type;
  if (!ReadDeclaredType(value.declared_type, &type) || !type.has_shape) return false;
  return absl::c_all_of(
      type.dims, [](const DeclaredDim& dim) { return dim.kind == DeclaredDim::Kind::kValue; });
}

// "layers.0.weight"; "input.1" is how TorchScript names what a person did not.
bool IsNamedLikeParameter(absl::string_view name) {
  const absl::string_view last = name.substr(name.rfind('.') + 1);
  return last.size() < name.size() && !last.empty() &&
         !std::all_of(last.begin(), last.end(), absl::ascii_isdigit);
}

// Exports without weights make inputs of them: those are named like parameters, or stand where an
// operator has its weight. A key-value cache does both.
bool IsWeightInput(const Value& value, const TensorInfo& info, InputMask operands, InputMask slot) {
  const absl::string_view name = value.name;
  if (absl::StartsWith(name, "past") || !HasFixedSize(value)) return false;
  if (IsNamedLikeParameter(name)) return true;
  const bool is_first = slot == Input(0) && operands != 0;
  if (absl::StartsWith(name, "onnx::")) return !is_first;
  // Where either side may be the weight, a product of two batches is none.
  const bool is_operand = (operands & slot) != 0 && !is_first;
  return is_operand && ((operands & Input(0)) == 0 || info.shape.rank() == 2);
}

// Wide integers are indices, save where an operator takes quantised values: biases, mostly.
bool IsWideInteger(DataType type) {
  return type == DataType::kInt32 || type == DataType::kInt16 || type == DataType::kUint16;
}

class Finder {
 public:
  Finder(Inference& inference, absl::FunctionRef<void(const Parameter&)> visit)
      : inference_(inference), visit_(visit), seen_in_main_(inference.model().graph.values.size()) {
    for (const Operator& op : inference.model().operators) {
      makes_constants_.push_back(op.domain.empty() &&
                                 (op.type == "Constant" || op.type == "ConstantOfShape"));
    }
  }

  void Run() {
    const std::vector<NodeRecord>& records = inference_.records();
    for (size_t i = 0; i < records.size(); ++i) {
      const absl::Span<const ValueId> inputs = records[i].node->inputs;
      for (size_t slot = 0; slot < inputs.size(); ++slot) {
        if (inputs[slot] != kNoValue) Visit(i, slot, inputs[slot]);
      }
    }
  }

 private:
  // Follows a captured value to the graph it comes from.
  static const Value& Origin(const Graph** graph, ValueId id) {
    const Value* value = &(*graph)->values[id];
    while (value->outer() != kNoValue && (*graph)->parent != nullptr) {
      *graph = (*graph)->parent;
      value = &(*graph)->values[value->outer()];
    }
    return *value;
  }

  void Visit(size_t record, size_t slot, ValueId id) {
    const NodeRecord& reader = inference_.records()[record];
    const OpRule* const rule = reader.callee().rule;
    const InputMask bit = slot < 64 ? InputMask{1} << slot : 0;
    const Graph* graph = reader.frame->graph;
    const Value& value = Origin(&graph, id);
    // Most inputs are activations: those must be told from parameters quickly.
    if (value.producer() >= 0) {
      if (rule == nullptr || (rule->contraction_operands & bit) == 0) return;
      if (!makes_constants_[graph->nodes[value.producer()].op]) return;
    }
    if (rule != nullptr && (rule->not_parameters & bit) != 0) return;
    const TensorInfo& info = reader.frame->values[id];
    const InputMask operands = rule == nullptr ? 0 : rule->contraction_operands;
    const bool is_wide_weight = (operands & bit) != 0 && IsWideInteger(info.type);
    if ((!IsWeightType(info.type) && !is_wide_weight) || info.shape.rank() < 1) return;
    const bool is_input = value.producer() < 0 && value.initializer < 0;
    const bool is_main = graph == &inference_.model().graph;
    if (is_input && !(is_main && IsWeightInput(value, info, operands, bit))) return;
    if (!IsFirstSight(value, is_main)) return;
    if (value.initializer >= 0 && IsShared(graph->initializers[value.initializer])) return;
    Add(value, info, record, static_cast<int>(slot));
  }

  bool IsFirstSight(const Value& value, bool is_main) {
    if (!is_main) return seen_inside_.insert(&value).second;
    const size_t id = &value - inference_.model().graph.values.data();
    if (seen_in_main_[id]) return false;
    return seen_in_main_[id] = true;
  }

  void Add(const Value& value, const TensorInfo& info, size_t record, int slot) {
    const Count stored = Product(info.shape.dims());
    const Count bits = stored * Count(Describe(info.type).bits);
    const Count packed = PackedElements(inference_.records()[record], slot);
    visit_({packed.is_known() ? packed : stored, Divide(bits + Count(7), 8), info.type, record,
            &value});
  }

  // Unknown where the elements are what is stored.
  Count PackedElements(const NodeRecord& reader, int slot) {
    const Callee& callee = reader.callee();
    if (callee.rule == nullptr || callee.rule->packed_elements == nullptr) return Count::Unknown();
    const OpContext context(inference_, *reader.frame, *reader.node, callee.opset);
    return callee.rule->packed_elements(context, slot);
  }

  // Two tensors over the same bytes of an external file are one parameter.
  bool IsShared(const Tensor& tensor) {
    if (!tensor.is_external) return false;
    ExternalPlace place;
    if (!ReadExternalPlace(tensor, &place)) return false;
    return !regions_.emplace(place.location, place.offset, place.length).second;
  }

  Inference& inference_;
  std::vector<bool> makes_constants_;  // by operator id
  const absl::FunctionRef<void(const Parameter&)> visit_;
  std::vector<bool> seen_in_main_;  // by value
  absl::flat_hash_set<const Value*> seen_inside_;
  absl::flat_hash_set<std::tuple<absl::string_view, uint64_t, uint64_t>> regions_;
};

}  // namespace

void FindParameters(Inference& inference, absl::FunctionRef<void(const Parameter&)> visit) {
  Finder(inference, visit).Run();
}

}  // namespace onnx_macs
