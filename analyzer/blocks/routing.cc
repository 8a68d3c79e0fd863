// One pass over the nodes: each hands on what its inputs are, by the rule of its operator. Of
// several choices in a row (groups of experts, then experts) the last is the router's: the others
// end in what it chooses from.
#include "analyzer/blocks/routing.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "analyzer/blocks/cone.h"
#include "analyzer/blocks/contraction.h"
#include "analyzer/blocks/role.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

constexpr int kMatrices = 3;  // axes of matrices that are stacked

constexpr OpSet kKeepsElements =
    kMoves | OpSet{Op::kExpand, Op::kSlice, Op::kSplit, Op::kPad, Op::kClip};

class Follower {
 public:
  explicit Follower(const GraphView& view)
      : view_(view), cones_(view), marks_(view.num_values()), is_taken_(view.num_nodes()) {}

  std::vector<Routing> Follow() {
    for (NodeId n = 0; n < view_.num_nodes(); ++n) Visit(n);
    std::vector<Routing> found;
    for (Work& work : works_) {
      if (work.has_products && work.has_sum) found.push_back(std::move(work.routing));
    }
    return found;
  }

 private:
  struct Work {
    Routing routing{};
    // What the router reads, as it is before and behind what only moves it.
    absl::InlinedVector<ValueId, 4> tokens{};
    bool weighs_rows = false;  // before the experts instead of behind them
    bool has_products = false, has_sum = false;
  };

  void Visit(NodeId n) {
    if (view_.op(n) == Op::kTopK) return BeginAtChoice(n);
    if (view_.op(n) == Op::kMoe) return BeginAtFused(n);
    if (works_.empty()) return;
    const RoutingInputs reading = Read(n);
    if (reading.routing < 0) return;
    const RoutingRole role = RoleOf(n, reading);
    if (role != RoutingRole::kNone) Give(n, reading.routing, role);
  }

  // --- Where routings begin

  void BeginAtChoice(NodeId n) {
    constexpr size_t kIndices = 1;
    const int axis = static_cast<int>(view_.Context(n).IntAttribute("axis", -1));
    const ValueId scores = view_.Input(n, 0), chosen = view_.Output(n, kIndices);
    const Dim experts = view_.DimOf(scores, axis), top_k = view_.DimOf(chosen, axis);
    if (!IsMixture(experts, top_k)) return;
    const NodeId linear = cones_.FindLinear(scores, experts);
    if (linear == kNoNode) return;
    Begin(experts, top_k, ExactDiv(view_.ShapeOf(chosen).NumElements(), top_k));
    SetTokens(view_.IsCall(linear) ? view_.Input(linear, 0) : LinearInput(view_, linear));
    TakeRouter(scores);
    for (const size_t output : {size_t{0}, kIndices}) {
      SetMark(view_.Output(n, output), Latest(), RoutingRole::kChoice);
    }
    TakePart(n, &works_.back().routing.router);
  }

  // The operator takes what the router gives and chooses by itself.
  void BeginAtFused(NodeId n) {
    constexpr size_t kScores = 1;
    const ValueId x = view_.Input(n, 0), scores = view_.Input(n, kScores);
    const Dim experts = view_.DimOf(scores, -1), top_k = view_.Context(n).IntAttribute("k", 1);
    if (!IsMixture(experts, top_k)) return;
    const Shape tokens = view_.ShapeOf(x);
    Begin(experts, top_k, ExactDiv(tokens.NumElements(), tokens[-1]));
    SetTokens(x);
    TakeRouter(scores);
    works_.back().has_products = works_.back().has_sum = true;
    SetMark(view_.Output(n), Latest(), RoutingRole::kSum);
    TakePart(n, &works_.back().routing.experts);
  }

  static bool IsMixture(Dim experts, Dim top_k) {
    return experts.is_integer() && top_k.is_integer() && experts.value() > 1 && top_k.value() > 0 &&
           top_k.value() <= experts.value();
  }

  void Begin(Dim experts, Dim top_k, Dim tokens) {
    works_.emplace_back();
    works_.back().routing.mixture = {tokens, experts.value(), top_k.value()};
  }

  int32_t Latest() const { return static_cast<int32_t>(works_.size()) - 1; }

  void SetTokens(ValueId x) {
    constexpr size_t kMost = 8;
    absl::InlinedVector<ValueId, 4>& tokens = works_.back().tokens;
    tokens.push_back(x);
    while (kMoves.Has(view_.ProducerOp(x)) && tokens.size() < kMost) {
      x = DataInput(view_, view_.Producer(x));
      tokens.push_back(x);
    }
  }

  void TakeRouter(ValueId scores) {
    Work& work = works_.back();
    if (cones_.Find(scores, work.tokens, &cone_)) TakeCone(&work.routing.router);
  }

  // --- What a node is given

  Mark MarkOf(ValueId v) const { return v == kNoValue ? Mark() : marks_[v]; }
  void SetMark(ValueId v, int32_t routing, RoutingRole role) {
    if (v != kNoValue) marks_[v] = {routing, role};
  }
  // What the value is in this routing.
  RoutingRole RoleIn(int32_t routing, ValueId v) const {
    const Mark mark = MarkOf(v);
    return mark.routing == routing ? mark.role : RoutingRole::kNone;
  }

  RoutingInputs Read(NodeId n) const {
    const bool only_first = kKeepsElements.Has(view_.op(n));
    const absl::Span<const ValueId> inputs =
        view_.Inputs(n).subspan(0, only_first ? 1 : absl::Span<const ValueId>::npos);
    RoutingInputs reading;
    for (const ValueId v : inputs) reading.routing = std::max(reading.routing, MarkOf(v).routing);
    if (reading.routing < 0) return reading;
    for (const ValueId v : inputs) {
      const RoutingRole role = RoleIn(reading.routing, v);
      reading.role = std::max(reading.role, role);
      reading.has_choice |= role == RoutingRole::kChoice;
      const bool is_mixed = v != kNoValue && role == RoutingRole::kNone && !view_.IsConstant(v) &&
                            !view_.HasOneElement(v);
      if (is_mixed && reading.mixed == kNoValue) reading.mixed = v;
    }
    return reading;
  }

  // --- What a node gives, by operator

  RoutingRole RoleOf(NodeId n, const RoutingInputs& reading) {
    switch (view_.op(n)) {
      case Op::kShape:
        return RoutingRole::kNone;
      case Op::kGather:
        return RoleOfGather(n, reading.routing);
      case Op::kOneHot:
      case Op::kEqual:
        return RoleOfOneHot(n, reading);
      case Op::kNonZero:
        return reading.role == RoutingRole::kHot ? RoutingRole::kFound : RoutingRole::kNone;
      case Op::kReduceSum:
        return RoleOfReduceSum(reading);
      case Op::kScatter:
        return RoleOfScatter(reading);
      case Op::kMul:
        return RoleOfMul(reading);
      case Op::kAdd:
        return RoleOfAdd(n, reading);
      default:
        return kLinears.Has(view_.op(n)) ? RoleOfProduct(n, reading) : RoleOfOther(n, reading);
    }
  }

  // Of what is stored for every expert, that of the chosen ones; of tokens, those sent to one.
  RoutingRole RoleOfGather(NodeId n, int32_t routing) const {
    const ValueId data = view_.Input(n, 0);
    const RoutingRole from = RoleIn(routing, data), by = RoleIn(routing, view_.Input(n, 1));
    if (from != RoutingRole::kNone) return from;
    const Dim experts = works_[routing].routing.mixture.experts;
    const bool is_of_each = view_.MayBeStored(data) && view_.DimOf(data, 0) == experts &&
                            view_.Context(n).IntAttribute("axis", 0) == 0;
    if (is_of_each)
      return view_.Rank(data) >= kMatrices ? RoutingRole::kWeight : RoutingRole::kVector;
    if (view_.IsConstant(data)) return RoutingRole::kNone;
    if (by == RoutingRole::kFound) return RoutingRole::kRows;
    const bool is_scores = by == RoutingRole::kChoice && view_.DimOf(data, -1) == experts;
    return is_scores ? RoutingRole::kChoice : RoutingRole::kNone;
  }

  RoutingRole RoleOfOneHot(NodeId n, const RoutingInputs& reading) const {
    if (reading.role != RoutingRole::kChoice) return RoutingRole::kNone;
    const Dim experts = works_[reading.routing].routing.mixture.experts;
    if (view_.op(n) == Op::kOneHot) {
      return view_.DimOf(view_.Output(n), -1) == experts ? RoutingRole::kHot : RoutingRole::kNone;
    }
    for (const ValueId v : view_.Inputs(n)) {
      if (RoleIn(reading.routing, v) != RoutingRole::kNone) continue;
      if (view_.HasOneElement(v) || view_.ShapeOf(v).NumElements() == experts)
        return RoutingRole::kHot;
    }
    return RoutingRole::kNone;
  }

  static RoutingRole RoleOfReduceSum(const RoutingInputs& reading) {
    if (reading.role == RoutingRole::kExpert || reading.role == RoutingRole::kWeighted)
      return RoutingRole::kSum;
    return reading.role <= RoutingRole::kHot ? reading.role : RoutingRole::kNone;
  }

  // Into what it is scattered does not matter: zeros, or the sum so far.
  static RoutingRole RoleOfScatter(const RoutingInputs& reading) {
    if (reading.role >= RoutingRole::kExpert) return RoutingRole::kSum;
    return reading.role == RoutingRole::kChoice ? RoutingRole::kChoice : RoutingRole::kNone;
  }

  RoutingRole RoleOfMul(const RoutingInputs& reading) {
    if (reading.mixed != kNoValue) {
      return reading.role == RoutingRole::kChoice ? RoleOfWeighed(reading) : RoutingRole::kNone;
    }
    if (!reading.has_choice) return reading.role;
    if (reading.role == RoutingRole::kHot) return RoutingRole::kChoice;
    return reading.role == RoutingRole::kExpert ? RoutingRole::kWeighted : reading.role;
  }

  // What is weighed by the choice and was not made by it: experts that ran for all tokens, or the
  // tokens before that, or the scores themselves.
  RoutingRole RoleOfWeighed(const RoutingInputs& reading) {
    Work& work = works_[reading.routing];
    if (!cones_.Find(reading.mixed, work.tokens, &cone_)) return RoutingRole::kNone;
    if (absl::c_all_of(cone_, [&](NodeId n) { return is_taken_[n]; })) {
      return cone_.empty() ? RoutingRole::kNone : RoutingRole::kChoice;
    }
    if (HasProducts()) {
      TakeDense(&work);
      return RoutingRole::kWeighted;
    }
    if (!absl::c_all_of(cone_, [&](NodeId n) { return kKeepsElements.Has(view_.op(n)); })) {
      return RoutingRole::kNone;
    }
    work.weighs_rows = true;
    TakeCone(&work.routing.experts);
    return RoutingRole::kRows;
  }

  // Behind the sum may come what shared experts give for the same tokens; anything else ends it.
  RoutingRole RoleOfAdd(NodeId n, const RoutingInputs& reading) {
    if (reading.mixed == kNoValue)
      return reading.role >= RoutingRole::kWeighted ? RoutingRole::kSum : reading.role;
    if (reading.role < RoutingRole::kExpert) return RoutingRole::kNone;
    Work& work = works_[reading.routing];
    const bool is_shared =
        cones_.Find(reading.mixed, work.tokens, &cone_) && HasProducts() && !MeetsOtherTokens();
    if (!is_shared) return RoutingRole::kNone;
    TakeCone(&work.routing.shared);
    TakePart(n, &work.routing.rest);
    return RoutingRole::kSum;
  }

  RoutingRole RoleOfProduct(NodeId n, const RoutingInputs& reading) {
    const ValueId a = view_.Input(n, 0);
    const ValueId b = view_.Input(n, 1);
    if (a == kNoValue || b == kNoValue) return RoutingRole::kNone;
    RoutingRole role = RoleOfOperands(a, b, reading.routing);
    return role != RoutingRole::kNone ? role : RoleOfOperands(b, a, reading.routing);
  }

  RoutingRole RoleOfOperands(ValueId a, ValueId b, int32_t routing) {
    Work& work = works_[routing];
    const RoutingRole of_a = RoleIn(routing, a), of_b = RoleIn(routing, b);
    const bool is_expert =
        (of_b == RoutingRole::kWeight && !view_.IsConstant(a)) ||
        ((of_a == RoutingRole::kRows || of_a == RoutingRole::kExpert) && view_.MayBeStored(b));
    if (is_expert) {
      work.has_products = true;
      work.routing.mixture.is_dense |= work.weighs_rows;
      TakeMovesAbove(a, &work);
      return RoutingRole::kExpert;
    }
    if (of_a != RoutingRole::kChoice) return RoutingRole::kNone;
    if (of_b == RoutingRole::kExpert || of_b == RoutingRole::kWeighted) return RoutingRole::kSum;
    const bool may_be_dense = of_b == RoutingRole::kNone && !view_.IsConstant(b);
    if (!may_be_dense || !cones_.Find(b, work.tokens, &cone_) || !HasProducts())
      return RoutingRole::kNone;
    TakeDense(&work);
    return RoutingRole::kSum;
  }

  // A sum is moved and no more: what computes with it is behind the experts.
  RoutingRole RoleOfOther(NodeId n, const RoutingInputs& reading) {
    if (reading.mixed != kNoValue) return RoutingRole::kNone;
    if (reading.role == RoutingRole::kRows && view_.IsCall(n)) {
      works_[reading.routing].has_products = true;
      return RoutingRole::kExpert;
    }
    constexpr OpSet kKeepsSum = kKeepsElements | OpSet{Op::kDiv};
    const bool ends = reading.role >= RoutingRole::kWeighted && !kKeepsSum.Has(view_.op(n));
    return ends ? RoutingRole::kNone : reading.role;
  }

  // --- What belongs to a part

  void Give(NodeId n, int32_t routing, RoutingRole role) {
    constexpr size_t kMostOutputs = 16;
    Work& work = works_[routing];
    work.has_sum |= role == RoutingRole::kSum;
    const absl::Span<const ValueId> outputs = view_.node(n).outputs;
    for (const ValueId v : outputs.subspan(0, kMostOutputs)) SetMark(v, routing, role);
    constexpr OpSet kJoins = kMoves | OpSet{Op::kAdd, Op::kScatter};
    Routing& of = work.routing;
    const bool is_rest = role == RoutingRole::kSum && kJoins.Has(view_.op(n));
    TakePart(n, role == RoutingRole::kChoice ? &of.router : is_rest ? &of.rest : &of.experts);
  }

  bool HasProducts() const {
    return absl::c_any_of(cone_, [&](NodeId n) {
      return !is_taken_[n] && (kLinears.Has(view_.op(n)) || view_.IsCall(n));
    });
  }

  // As attention beside the experts does.
  bool MeetsOtherTokens() const {
    return absl::c_any_of(cone_, [&](NodeId n) {
      if (view_.op(n) == Op::kFused) return absl::StrContains(view_.OpType(n), "Attention");
      return kProducts.Has(view_.op(n)) && !view_.MayBeStored(view_.Input(n, 0)) &&
             !view_.MayBeStored(view_.Input(n, 1));
    });
  }

  void TakeDense(Work* work) {
    work->has_products = work->routing.mixture.is_dense = true;
    TakeCone(&work->routing.experts);
  }

  void TakeCone(std::vector<NodeId>* part) {
    for (const NodeId n : cone_) TakePart(n, part);
  }

  // What only brings tokens to the product.
  void TakeMovesAbove(ValueId v, Work* work) {
    constexpr OpSet kBrings = kMoves | OpSet{Op::kExpand};
    constexpr int kMost = 8;
    for (int i = 0; i < kMost && kBrings.Has(view_.ProducerOp(v)); ++i) {
      if (absl::c_linear_search(work->tokens, v)) return;
      TakePart(view_.Producer(v), &work->routing.experts);
      v = view_.Input(view_.Producer(v), 0);
    }
  }

  // A node is in one part; with it what readies its weights.
  void TakePart(NodeId n, std::vector<NodeId>* part) {
    if (is_taken_[n]) return;
    is_taken_[n] = true;
    part->push_back(n);
    for (const ValueId v : view_.Inputs(n)) {
      const NodeId above = view_.IsConstant(v) ? view_.Producer(v) : kNoNode;
      if (above != kNoNode && kMoves.Has(view_.op(above))) TakeReadied(above, part);
    }
  }

  void TakeReadied(NodeId n, std::vector<NodeId>* part) {
    constexpr int kMost = 8;
    for (int i = 0; i < kMost && n != kNoNode && kMoves.Has(view_.op(n)) && !is_taken_[n]; ++i) {
      is_taken_[n] = true;
      part->push_back(n);
      n = view_.Producer(view_.Input(n, 0));
    }
  }

  const GraphView& view_;
  Cones cones_;
  std::vector<NodeId> cone_;  // of the last search
  std::vector<Work> works_;
  std::vector<Mark> marks_;     // by value
  std::vector<bool> is_taken_;  // by node
};

}  // namespace

std::vector<Routing> FindRoutings(const GraphView& view) {
  if (view.NodesOf(Op::kTopK).empty() && view.NodesOf(Op::kMoe).empty()) return {};
  return Follower(view).Follow();
}

}  // namespace onnx_macs
