// The checks of breaches.h: each adds a line for what does not hold.
#include "tests/support/breaches.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/dim_parse.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs::testing {
namespace {

class Breaches {
 public:
  void Expect(bool holds, absl::string_view what) {
    if (!holds) lines_.emplace_back(what);
  }
  void ExpectEqual(int64_t found, int64_t expected, absl::string_view what) {
    Expect(found == expected, absl::StrCat(what, ": ", found, " is not ", expected));
  }
  std::vector<std::string> Take() { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
};

// A sum of amounts: exact while all are integers that fit; formulas are compared by their
// approximations.
struct Sum {
  absl::uint128 integer = 0;  // unsigned, so that it may wrap around
  double approximate = 0;
  bool is_exact = true;

  void Add(const Amount& amount) {
    if (amount.is_unknown()) return;
    is_exact = is_exact && amount.is_integer();
    integer += static_cast<absl::uint128>(amount.value());
    approximate += amount.is_integer() ? static_cast<double>(amount.value()) : amount.approximate();
  }
};

// Also of amounts past what a double holds.
bool IsNear(double a, double b) {
  return a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)) ||
         !std::isfinite(a) || !std::isfinite(b);
}

void ExpectSum(const std::string& what, const Sum& sum, const Amount& total, Breaches* breaches) {
  if (total.is_unknown()) return;
  if (sum.is_exact) {
    const bool is_sum =
        total.is_integer() && sum.integer == static_cast<absl::uint128>(total.value());
    breaches->Expect(is_sum, absl::StrCat(what, ": the sum is ", sum.approximate, ", not ",
                                          total.approximate()));
  } else if (total.is_formula()) {
    breaches->Expect(
        IsNear(total.approximate(), sum.approximate),
        absl::StrCat(what, ": the sum is about ", sum.approximate, ", not ", total.approximate()));
  }
}

bool IsBelow(absl::string_view path, absl::string_view ancestor) {
  return ancestor.empty() || path == ancestor ||
         absl::StartsWith(path, absl::StrCat(ancestor, "."));
}

struct NodeSums {
  Sum macs, ops, flops, traffic;
  int64_t nodes = 0;

  void Add(const NodeRow& row) {
    ++nodes;
    traffic.Add(row.traffic_bytes);
    if (row.status == NodeRow::Status::kGap) return;
    macs.Add(row.macs);
    ops.Add(row.ops);
    flops.Add(row.flops);
  }
  void Add(const Figures& figures) {
    nodes += figures.nodes;
    traffic.Add(figures.traffic_bytes);
    macs.Add(figures.macs);
    ops.Add(figures.ops);
    flops.Add(figures.flops);
  }
  void Expect(const std::string& what, const Figures& total, Breaches* breaches) const {
    ExpectSum(what + ": macs", macs, total.macs, breaches);
    ExpectSum(what + ": ops", ops, total.ops, breaches);
    ExpectSum(what + ": flops", flops, total.flops, breaches);
    ExpectSum(what + ": traffic", traffic, total.traffic_bytes, breaches);
    breaches->ExpectEqual(nodes, total.nodes, what + ": nodes");
  }
};

template <typename Predicate>
void ExpectSumOfNodes(const std::string& what, const ModelReport& report, const Figures& total,
                      Predicate belongs, Breaches* breaches) {
  NodeSums sums;
  for (const NodeRow& row : report.nodes) {
    if (belongs(row)) sums.Add(row);
  }
  sums.Expect(what, total, breaches);
}

void CheckNodeRows(const ModelReport& report, Breaches* breaches) {
  ExpectSumOfNodes(
      "model", report, report.figures, [](const NodeRow&) { return true; }, breaches);
  for (const ComponentRow& component : report.components) {
    ExpectSumOfNodes(
        absl::StrCat("component '", component.path.view(), "'"), report, component.figures,
        [&](const NodeRow& row) { return IsBelow(row.path, component.path); }, breaches);
  }
  int64_t counted = 0, free = 0, gaps = 0;
  for (const NodeRow& row : report.nodes) {
    counted += row.status == NodeRow::Status::kCounted;
    free += row.status == NodeRow::Status::kFree;
    gaps += row.status == NodeRow::Status::kGap;
  }
  breaches->ExpectEqual(counted, report.nodes_counted, "counted nodes");
  breaches->ExpectEqual(free, report.nodes_free, "free nodes");
  breaches->ExpectEqual(gaps, static_cast<int64_t>(report.gaps.size()), "gaps");
}

void CheckRoot(const ModelReport& report, Breaches* breaches) {
  if (report.components.empty()) return;
  const Figures& root = report.components[0].figures;
  breaches->Expect(report.components[0].path.empty(), "the first component is not the root");
  breaches->Expect(root.macs == report.figures.macs, "the root's macs are not the model's");
  breaches->Expect(root.ops == report.figures.ops, "the root's ops are not the model's");
  breaches->Expect(root.params == report.figures.params, "the root's params are not the model's");
  breaches->ExpectEqual(root.nodes, report.figures.nodes, "the root's nodes");
}

void CheckByOp(const ModelReport& report, Breaches* breaches) {
  NodeSums sums;
  for (const OpRow& row : report.by_op) sums.Add(row.figures);
  sums.Expect("operators", report.figures, breaches);
}

// Blocks and what is outside of them are the whole; each is its own nodes and the blocks in it.
void CheckBlocks(const ModelReport& report, Breaches* breaches) {
  NodeSums whole;
  std::vector<NodeSums> inside(report.blocks.size());
  whole.Add(report.outside_blocks.figures);
  for (size_t i = 0; i < report.blocks.size(); ++i) {
    const BlockRow& block = report.blocks[i];
    breaches->ExpectEqual(block.id, static_cast<int64_t>(i), "the id of a block");
    breaches->Expect(block.parent < static_cast<int64_t>(i), "a block lies in a later one");
    if (block.parent >= static_cast<int64_t>(i)) return;
    (block.parent < 0 ? whole : inside[block.parent]).Add(block.figures);
  }
  whole.Expect("blocks", report.figures, breaches);
  if (report.nodes.empty()) return;
  NodeSums outside;
  for (const NodeRow& row : report.nodes) (row.block < 0 ? outside : inside[row.block]).Add(row);
  outside.Expect("outside blocks", report.outside_blocks.figures, breaches);
  for (size_t i = 0; i < report.blocks.size(); ++i) {
    const BlockRow& block = report.blocks[i];
    inside[i].Expect("block " + block.kind + " " + block.path, block.figures, breaches);
  }
}

// No more is active than there is.
void CheckActive(const ActiveFigures& active, const Figures& all, Breaches* breaches) {
  if (active.macs.is_integer() && all.macs.is_integer()) {
    breaches->Expect(active.macs.value() >= 0 && active.macs.value() <= all.macs.value(),
                     "more macs are active than there are");
  }
  breaches->Expect(active.params.value() >= 0 && active.params.value() <= all.params.value(),
                   "more params are active than there are");
}

// What is alive at the peak, all of it or its largest part, is no more than the peak.
void CheckMemory(const MemoryReport& memory, Breaches* breaches) {
  const Amount& peak = memory.peak_activation_bytes;
  const auto num_listed = static_cast<int64_t>(memory.alive_at_peak.size());
  breaches->Expect(memory.num_alive_at_peak >= num_listed, "more is listed than is alive");
  if (!peak.is_integer()) return;
  absl::int128 alive = 0;
  for (const AliveTensor& tensor : memory.alive_at_peak) alive += tensor.bytes.value();
  const bool has_all = memory.num_alive_at_peak == num_listed && !memory.peak_node.empty();
  breaches->Expect(has_all ? alive == peak.value() : alive <= peak.value(),
                   "what is alive at the peak is not the peak");
  if (memory.reordered_peak_bytes) {
    breaches->Expect(memory.reordered_peak_bytes->value() < peak.value(),
                     "another order is no better, but shown");
  }
}

// What is computed can be multiplied and added, so it is never less than nothing.
void CheckNotNegative(const std::string& what, const Figures& figures, Breaches* breaches) {
  const std::pair<const char*, const Amount&> amounts[] = {
      {"macs", figures.macs},          {"ops", figures.ops},
      {"flops", figures.flops},        {"params", figures.params},
      {"bytes", figures.weight_bytes}, {"traffic", figures.traffic_bytes}};
  for (const auto& [name, amount] : amounts) {
    breaches->Expect(amount.value() >= 0, absl::StrCat(what, ": negative ", name));
  }
}

// A size is a whole number that is not negative; halves of a symbol are, where it is assumed to be
// even.
void CheckSize(const ValueRow& value, const ValueRow::DimText& dim, bool has_facts,
               Breaches* breaches) {
  using Kind = ValueRow::DimText::Kind;
  breaches->Expect(dim.kind != Kind::kInteger || dim.value >= 0,
                   absl::StrCat(value.name.view(), ": a negative size"));
  if (dim.kind != Kind::kExpression || has_facts) return;
  ExprPool pool;
  const auto size =
      ParseDim(dim.text, pool, [&](absl::string_view name) { return pool.Symbol(name); });
  breaches->Expect(!size.ok() || !HasDenominator(*size),
                   absl::StrCat(value.name.view(), ": a fraction as a size: ", dim.text.view()));
}

void CheckSizes(const ModelReport& report, Breaches* breaches) {
  for (const ValueRow& value : report.values) {
    for (const ValueRow::DimText& dim : value.shape) {
      CheckSize(value, dim, !report.facts.empty(), breaches);
    }
  }
}

void CheckFigures(const ModelReport& report, Breaches* breaches) {
  CheckNotNegative("model", report.figures, breaches);
  for (const ComponentRow& row : report.components) {
    CheckNotNegative(std::string(row.path.view()), row.figures, breaches);
  }
  for (const NodeRow& row : report.nodes) {
    const bool is_fine = row.macs.value() >= 0 && row.ops.value() >= 0 && row.flops.value() >= 0 &&
                         row.traffic_bytes.value() >= 0;
    breaches->Expect(is_fine,
                     absl::StrCat(row.op.view(), " ", row.name.view(), ": a negative cost"));
  }
}

}  // namespace

std::vector<std::string> FindBreaches(const ModelReport& report) {
  Breaches breaches;
  breaches.ExpectEqual(
      report.nodes_counted + report.nodes_free + static_cast<int64_t>(report.gaps.size()),
      report.figures.nodes, "counted, free and gaps");
  CheckFigures(report, &breaches);
  CheckSizes(report, &breaches);
  CheckRoot(report, &breaches);
  CheckByOp(report, &breaches);
  CheckActive(report.active, report.figures, &breaches);
  for (const BlockRow& block : report.blocks) {
    if (block.is_mixture) CheckActive(block.active, block.figures, &breaches);
  }
  if (!report.nodes.empty()) CheckNodeRows(report, &breaches);
  if (!report.blocks.empty()) CheckBlocks(report, &breaches);
  if (report.memory) CheckMemory(*report.memory, &breaches);
  return breaches.Take();
}

}  // namespace onnx_macs::testing
