// Ways through a graph that recognisers share: past what only moves or casts a value, and the
// nodes between two values. Every walk ends after a fixed number of steps.
#ifndef ANALYZER_BLOCKS_WALK_H_
#define ANALYZER_BLOCKS_WALK_H_

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "analyzer/blocks/forest.h"
#include "analyzer/blocks/graph_view.h"

namespace onnx_macs {

// A set of operators.
class OpSet {
 public:
  constexpr OpSet(std::initializer_list<Op> ops) {
    for (const Op op : ops) bits_ |= uint64_t{1} << static_cast<int>(op);
  }
  constexpr bool Has(Op op) const { return (bits_ >> static_cast<int>(op)) & 1; }
  constexpr OpSet operator|(OpSet other) const {
    other.bits_ |= bits_;
    return other;
  }

 private:
  uint64_t bits_ = 0;
};

// Leave every element what it is, but for its type.
inline constexpr OpSet kCasts = {Op::kCast, Op::kIdentity, Op::kQuantize};
// Leave the elements what they are and put them elsewhere.
inline constexpr OpSet kMoves = kCasts | OpSet{Op::kReshape, Op::kTranspose};

// The input that the others only modify: the variable one; the first where all are. The axes of a
// Reshape and the like are never it.
ValueId DataInput(const GraphView& view, NodeId n);

// Up from a value past operators of a set; the nodes passed are appended where they are wanted.
ValueId Above(const GraphView& view, ValueId v, OpSet passed, NodeList* nodes = nullptr);
// Down from a value, as long as nothing else reads it, past operators of a set.
ValueId Below(const GraphView& view, ValueId v, OpSet passed, NodeList* nodes = nullptr);

// The first reader of `v` of this kind, past casts; kNoNode when there is none.
NodeId FindConsumer(const GraphView& view, ValueId v, Op op, NodeList* nodes = nullptr);

// Of a node with two operands, the one that is not `v`, both seen past casts; kNoValue when `v` is
// neither.
ValueId OtherOperand(const GraphView& view, NodeId n, ValueId v);

// Appends the nodes that compute `out` out of `x` and constants alone; false when there are more
// than `most`, casts aside, or anything else goes in.
bool Between(const GraphView& view, ValueId x, ValueId out, size_t most, NodeList* nodes);

// The way back from where a search began.
struct Way {
  NodeId end = kNoNode;
  ValueId through = kNoValue;  // by which the end was reached
  NodeList nodes;              // between the start and the end
};

// The nearest node above a value that `is_end` accepts, by way of `passed` only.
template <typename IsEnd>
std::optional<Way> SearchAbove(const GraphView& view, ValueId start, OpSet passed, IsEnd is_end);
template <typename IsEnd>
std::optional<Way> SearchBelow(const GraphView& view, ValueId start, OpSet passed, IsEnd is_end);

// --- Nothing but templates below.

namespace walk_internal {

struct Step {
  ValueId value;
  int from;       // index of the step before
  NodeId passed;  // the node between the two; kNoNode at the start
};

class Steps {
 public:
  explicit Steps(ValueId start) { steps_.push_back({start, -1, kNoNode}); }
  size_t size() const { return steps_.size(); }
  ValueId value(size_t i) const { return steps_[i].value; }
  // Notes a value once.
  void Add(ValueId value, size_t from, NodeId passed);
  bool is_full() const { return steps_.size() >= kMostSteps; }
  Way WayTo(NodeId end, size_t from) const;

 private:
  static constexpr size_t kMostSteps = 40;
  absl::InlinedVector<Step, kMostSteps> steps_;
};

}  // namespace walk_internal

template <typename IsEnd>
std::optional<Way> SearchAbove(const GraphView& view, ValueId start, OpSet passed, IsEnd is_end) {
  walk_internal::Steps steps(start);
  for (size_t i = 0; i < steps.size() && !steps.is_full(); ++i) {
    const NodeId n = view.Producer(steps.value(i));
    if (n == kNoNode) continue;
    if (is_end(n, steps.value(i))) return steps.WayTo(n, i);
    if (!passed.Has(view.op(n))) continue;
    for (const ValueId v : view.Inputs(n)) {
      if (v != kNoValue && !view.IsConstant(v)) steps.Add(v, i, n);
    }
  }
  return std::nullopt;
}

template <typename IsEnd>
std::optional<Way> SearchBelow(const GraphView& view, ValueId start, OpSet passed, IsEnd is_end) {
  walk_internal::Steps steps(start);
  for (size_t i = 0; i < steps.size() && !steps.is_full(); ++i) {
    for (const NodeId n : view.Consumers(steps.value(i))) {
      if (is_end(n, steps.value(i))) return steps.WayTo(n, i);
      if (passed.Has(view.op(n)) && view.Output(n) != kNoValue) steps.Add(view.Output(n), i, n);
    }
  }
  return std::nullopt;
}

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_WALK_H_
