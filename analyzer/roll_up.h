// From costs of nodes to a Report: each cost is added once to its component and its operator.
#ifndef ANALYZER_ROLL_UP_H_
#define ANALYZER_ROLL_UP_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/bind.h"
#include "analyzer/blocks/block.h"
#include "analyzer/blocks/block_sums.h"
#include "analyzer/component_tree.h"
#include "analyzer/cost_walk.h"
#include "analyzer/inference.h"
#include "analyzer/inferred_nodes.h"
#include "analyzer/module_path.h"
#include "analyzer/report.h"
#include "analyzer/row_maker.h"

namespace onnx_macs {

class RollUp {
 public:
  // Finds the component of every node that was inferred, unless totals are all that is asked for.
  // The blocks are those that were asked for, else mixtures of experts alone.
  RollUp(Inference& inference, const AnalyzeOptions& options, const Blocks& blocks);
  // The cost of a node, by its record; the one place where costs of nodes are added.
  void Add(size_t record, const NodeCost& node);
  // Once every node was added.
  ModelReport Finish(const Binding& binding);
  std::vector<bool> used_groups() const;
  // Null unless AnalyzeOptions::node_list.
  std::unique_ptr<InferredNodes> TakeNodes() { return std::move(nodes_); }

 private:
  ComponentId ComponentOf(size_t record) const;
  void AddTraffic(size_t record, const Count& bytes);
  void AddGap(size_t record, const NodeCost& gap);
  void Describe(const Binding& binding);
  void DescribePaths();
  const SharedText& PathOf(size_t record);
  // By which evidence the node was placed.
  absl::string_view PhraseOf(size_t record) const;
  void AddParameters();
  void MakeComponents();
  void MakeOperators();
  void MakeValues();

  Inference& inference_;
  const AnalyzeOptions& options_;
  const Blocks& blocks_;
  const bool has_blocks_;
  ModelReport report_;
  RowMaker rows_;
  ComponentTree tree_;
  std::optional<const ModulePaths> paths_;  // none: all of it is the root
  std::vector<Totals> totals_;              // by component
  std::vector<Totals> by_op_;               // by operator id
  BlockSums block_sums_;
  std::unique_ptr<InferredNodes> nodes_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_ROLL_UP_H_
