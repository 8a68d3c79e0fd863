// The checks of invariants.h.
#include "tests/support/invariants.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/catch.h"
#include "tests/support/contractions.h"

namespace onnx_macs::testing {
namespace {

// A sum of amounts: exact while all are integers; formulas are compared by their approximations.
struct Sum {
  absl::int128 integer = 0;
  double approximate = 0;
  bool is_exact = true;

  void Add(const Amount& amount) {
    if (amount.is_unknown()) return;
    is_exact = is_exact && amount.is_integer();
    integer += amount.value();
    approximate += amount.is_integer() ? static_cast<double>(amount.value()) : amount.approximate();
  }
};

void CheckEqual(const std::string& what, const Sum& sum, const Amount& total) {
  INFO(what);
  if (total.is_unknown()) return;
  if (sum.is_exact) {
    REQUIRE(total.is_integer());
    CHECK(absl::StrCat(static_cast<double>(sum.integer)) ==
          absl::StrCat(static_cast<double>(total.value())));
    CHECK((sum.integer == total.value()));
  } else if (total.is_formula()) {
    CHECK(total.approximate() == Approx(sum.approximate).epsilon(1e-9));
  }
}

bool IsBelow(const std::string& path, const std::string& ancestor) {
  return ancestor.empty() || path == ancestor || absl::StartsWith(path, ancestor + ".");
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
  void Check(const std::string& what, const Figures& total) const {
    CheckEqual(what + ": macs", macs, total.macs);
    CheckEqual(what + ": ops", ops, total.ops);
    CheckEqual(what + ": flops", flops, total.flops);
    CheckEqual(what + ": traffic", traffic, total.traffic_bytes);
    CHECK(nodes == total.nodes);
  }
};

template <typename Predicate>
void CheckAgainstNodes(const std::string& what, const ModelReport& report, const Figures& total,
                       Predicate belongs) {
  NodeSums sums;
  for (const NodeRow& row : report.nodes) {
    if (belongs(row)) sums.Add(row);
  }
  INFO(what);
  sums.Check(what, total);
}

// Where MACs come from is listed, and thereby swept.
void CheckContractions(const ModelReport& report) {
  for (const NodeRow& row : report.nodes) {
    if (row.status != NodeRow::Status::kCounted || row.macs.is_zero()) continue;
    const std::string name = OperatorName(row.domain, row.op);
    INFO(name << " has MACs");
    CHECK(Contractions().count(name) + Softmaxes().count(name) == 1);
  }
}

void CheckNodeRows(const ModelReport& report) {
  CheckAgainstNodes("model", report, report.figures, [](const NodeRow&) { return true; });
  for (const ComponentRow& component : report.components) {
    CheckAgainstNodes("component '" + component.path + "'", report, component.figures,
                      [&](const NodeRow& row) { return IsBelow(row.path, component.path); });
  }
  int64_t counted = 0, free = 0, gaps = 0;
  for (const NodeRow& row : report.nodes) {
    counted += row.status == NodeRow::Status::kCounted;
    free += row.status == NodeRow::Status::kFree;
    gaps += row.status == NodeRow::Status::kGap;
  }
  CheckContractions(report);
  CHECK(counted == report.nodes_counted);
  CHECK(free == report.nodes_free);
  CHECK(gaps == static_cast<int64_t>(report.gaps.size()));
}

void CheckByOp(const ModelReport& report) {
  Sum macs, ops, traffic;
  int64_t nodes = 0;
  for (const OpRow& row : report.by_op) {
    macs.Add(row.figures.macs);
    ops.Add(row.figures.ops);
    traffic.Add(row.figures.traffic_bytes);
    nodes += row.figures.nodes;
  }
  CheckEqual("operators: macs", macs, report.figures.macs);
  CheckEqual("operators: ops", ops, report.figures.ops);
  CheckEqual("operators: traffic", traffic, report.figures.traffic_bytes);
  CHECK(nodes == report.figures.nodes);
}

// Blocks and what is outside of them are the whole; each is its own nodes and the blocks in it.
void CheckBlocks(const ModelReport& report) {
  NodeSums whole;
  const auto add = [](const Figures& figures, NodeSums* sums) {
    sums->macs.Add(figures.macs);
    sums->ops.Add(figures.ops);
    sums->flops.Add(figures.flops);
    sums->traffic.Add(figures.traffic_bytes);
    sums->nodes += figures.nodes;
  };
  std::vector<NodeSums> inside(report.blocks.size());
  add(report.outside_blocks.figures, &whole);
  for (size_t i = 0; i < report.blocks.size(); ++i) {
    const BlockRow& block = report.blocks[i];
    CHECK(block.id == static_cast<int64_t>(i));
    REQUIRE(block.parent < block.id);
    add(block.figures, block.parent < 0 ? &whole : &inside[block.parent]);
  }
  whole.Check("blocks", report.figures);
  if (report.nodes.empty()) return;
  NodeSums outside;
  for (const NodeRow& row : report.nodes) (row.block < 0 ? outside : inside[row.block]).Add(row);
  outside.Check("outside blocks", report.outside_blocks.figures);
  for (const BlockRow& block : report.blocks) {
    inside[block.id].Check("block " + block.kind + " " + block.path, block.figures);
  }
}

// No more is active than there is.
void CheckActive(const ActiveFigures& active, const Figures& all) {
  if (active.macs.is_integer() && all.macs.is_integer()) {
    CHECK((active.macs.value() >= 0 && active.macs.value() <= all.macs.value()));
  }
  CHECK((active.params.value() >= 0 && active.params.value() <= all.params.value()));
}

// What is alive at the peak, all of it or its largest part, is no more than the peak.
void CheckMemory(const ModelReport& report) {
  const MemoryReport& memory = *report.memory;
  const Amount& peak = memory.peak_activation_bytes;
  CHECK(memory.num_alive_at_peak >= static_cast<int64_t>(memory.alive_at_peak.size()));
  if (!peak.is_integer()) return;
  absl::int128 alive = 0;
  for (const AliveTensor& tensor : memory.alive_at_peak) alive += tensor.bytes.value();
  CHECK((alive <= peak.value()));
  const bool has_all =
      memory.num_alive_at_peak == static_cast<int64_t>(memory.alive_at_peak.size());
  if (has_all && !memory.peak_node.empty()) CHECK((alive == peak.value()));
  if (memory.reordered_peak_bytes) CHECK((memory.reordered_peak_bytes->value() < peak.value()));
}

}  // namespace

void CheckSameTotals(const ModelReport& a, const ModelReport& b) {
  CHECK(a.figures.macs == b.figures.macs);
  CHECK(a.figures.ops == b.figures.ops);
  CHECK(a.figures.params == b.figures.params);
  CHECK(a.figures.weight_bytes == b.figures.weight_bytes);
  CHECK(a.figures.nodes == b.figures.nodes);
  CHECK(a.gaps.size() == b.gaps.size());
  CHECK(a.active.macs == b.active.macs);
  CHECK(a.active.params == b.active.params);
}

void CheckInvariants(const ModelReport& report) {
  INFO("invariants of " << report.file);
  CHECK(report.nodes_counted + report.nodes_free + static_cast<int64_t>(report.gaps.size()) ==
        report.figures.nodes);
  if (!report.components.empty()) {
    const Figures& root = report.components[0].figures;
    CHECK(report.components[0].path.empty());
    CHECK((root.macs.value() == report.figures.macs.value()));
    CHECK((root.ops.value() == report.figures.ops.value()));
    CHECK((root.params.value() == report.figures.params.value()));
    CHECK(root.nodes == report.figures.nodes);
  }
  CheckByOp(report);
  CheckActive(report.active, report.figures);
  for (const BlockRow& block : report.blocks) {
    if (block.is_mixture) CheckActive(block.active, block.figures);
  }
  if (!report.nodes.empty()) CheckNodeRows(report);
  if (!report.blocks.empty()) CheckBlocks(report);
  if (report.memory) CheckMemory(report);
}

}  // namespace onnx_macs::testing
