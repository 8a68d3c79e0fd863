// Forward as counted; backward by the rule of each operator; the update by the optimizer's table.
#include "analyzer/training/training_cost.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/amount_maker.h"
#include "analyzer/op_context.h"
#include "analyzer/parameters.h"
#include "analyzer/report_rows.h"

namespace onnx_macs {
namespace {

// Gradients are numbers: what gives out indices, masks or shapes alone has none.
bool HasGradient(const NodeRecord& record) {
  for (const ValueId output : record.node->outputs) {
    if (output == kNoValue) continue;
    const TensorInfo& info = record.frame->values[output];
    const NumberKind kind = Describe(info.type).kind;
    const bool is_unknown = info.kind != ValueKind::kTensor || info.type == DataType::kUndefined;
    if (is_unknown || kind == NumberKind::kFloating || kind == NumberKind::kComplex) return true;
  }
  return false;
}

Count Flops(const Totals& totals) { return totals.macs.Total() * Count(2) + totals.ops.Total(); }

}  // namespace

TrainingCost::TrainingCost(Inference& inference, const Optimizer& optimizer)
    : inference_(inference), optimizer_(optimizer) {}

void TrainingCost::Add(size_t index, const NodeCost& node) {
  const NodeRecord& record = inference_.records()[index];
  has_gaps_ |= node.status == NodeStatus::kGap;
  if (node.status == NodeStatus::kFree) saved_.AddView(record);
  if (node.status != NodeStatus::kCounted) return;
  forward_.macs.Add(node.cost.macs);
  forward_.ops.Add(node.cost.ops);
  // A backward pass that is told is there, whatever the types.
  if (record.callee().rule->backward.cost == nullptr && !HasGradient(record)) return;
  const Cost cost = BackwardOf(record, node);
  if (!cost.macs.is_known() || !cost.ops.is_known()) return AddGap(index, cost);
  backward_.macs.Add(cost.macs);
  backward_.ops.Add(cost.ops);
  if (!cost.macs.is_zero() || !cost.ops.is_zero()) saved_.AddReader(record);
}

void TrainingCost::AddGap(size_t index, const Cost& cost) {
  constexpr size_t kMostTold = 5;
  has_gaps_ = true;
  if (gaps_.size() == kMostTold) return;
  const absl::string_view reason = cost.refusal.empty() ? "its cost is not known" : cost.refusal;
  gaps_.push_back(absl::StrCat(NodeName(inference_.records()[index], index), ": ", reason));
}

Cost TrainingCost::BackwardOf(const NodeRecord& record, const NodeCost& node) const {
  const Callee& callee = record.callee();
  const CostFn rule = callee.rule->backward.cost;
  // A product has two operands, and the gradient of each is a product of the same size.
  if (rule == nullptr) return {.macs = node.cost.macs * Count(2), .ops = node.cost.ops};
  const OpContext context(inference_, *record.frame, *record.node, callee.opset);
  const Cost once = rule(context);
  return {.macs = Resolve(once.macs * record.frame->times),
          .ops = Resolve(once.ops * record.frame->times),
          .refusal = once.refusal};
}

TrainingReport TrainingCost::Finish() {
  CountSum parameters, weight_bytes;
  FindParameters(inference_, [&](const Parameter& parameter) {
    parameters.Add(parameter.elements);
    weight_bytes.Add(parameter.bytes);
    saved_.AddWeight(*parameter.value);
  });
  const Count forward = Resolve(Flops(forward_)), backward = Resolve(Flops(backward_));
  const Count update = parameters.Total() * Count(optimizer_.flops);
  const Count weights = weight_bytes.Total(), state = weights * Count(optimizer_.state);
  const Count activations = saved_.Bytes();
  return {.optimizer = &optimizer_,
          .forward = MakeAmount(forward),
          .backward = MakeAmount(backward),
          .update = MakeAmount(update),
          .step = MakeAmount(forward + backward + update),
          .weights = MakeAmount(weights),
          .gradients = MakeAmount(weights),
          .state = MakeAmount(state),
          .activations = MakeAmount(activations),
          .memory = MakeAmount(weights * Count(2) + state + activations),
          .is_lower_bound = has_gaps_ || saved_.has_unknown(),
          .gaps = std::move(gaps_)};
}

}  // namespace onnx_macs
