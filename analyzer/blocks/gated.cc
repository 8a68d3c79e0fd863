// GEGLU and SwiGLU: an activation multiplied with as much that was not activated.
#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

void FindBehind(const GraphView& view, BlockId activation, Forest& forest) {
  const Ends ends = forest.ends(activation);
  NodeList nodes = {view.Producer(ends.output)};
  const ValueId activated = Below(view, ends.output, kCasts, &nodes);
  const NodeId product = FindConsumer(view, activated, Op::kMul);
  if (product == kNoNode || !forest.IsFree(product)) return;
  const ValueId gated = OtherOperand(view, product, activated);
  if (view.IsConstant(gated) || !view.SameShape(gated, activated)) return;
  nodes.push_back(product);
  forest.Add(forest.kind(activation) == BlockKind::kGelu ? BlockKind::kGeglu : BlockKind::kSwiglu,
             nodes, {ends.input, view.Output(product), gated});
}

}  // namespace

void FindGatedUnits(const GraphView& view, Forest& forest) {
  const BlockId known = forest.size();
  for (BlockId id = 0; id < known; ++id) {
    const BlockKind kind = forest.kind(id);
    if (kind == BlockKind::kGelu || kind == BlockKind::kSilu) FindBehind(view, id, forest);
  }
}

}  // namespace onnx_macs
