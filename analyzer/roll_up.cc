// Rolling up: the one place where costs of nodes are added.
#include "analyzer/roll_up.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "analyzer/component_tree.h"
#include "analyzer/module_path.h"
#include "analyzer/parameters.h"
#include "analyzer/report_rows.h"

namespace onnx_macs {
namespace {

std::string Producer(const Model& model) {
  if (model.producer_version.empty()) return std::string(model.producer_name);
  return absl::StrCat(model.producer_name, " ", model.producer_version);
}

class RollUpWalk {
 public:
  RollUpWalk(Inference& inference, const Binding& binding, const CostResult& costs,
             const AnalyzeOptions& options)
      : inference_(inference), binding_(binding), costs_(costs), options_(options) {
    by_op_.resize(inference.model().operators.size());
  }

  ModelReport Run() {
    Describe();
    PlaceNodes();
    totals_.resize(tree_.size());
    AddNodes();
    AddParameters();
    tree_.FoldIntoParents(&totals_);
    MakeComponents();
    MakeOperators();
    if (options_.node_rows) MakeNodes();
    if (options_.value_rows) MakeValues();
    return std::move(report_);
  }

 private:
  void Describe() {
    const Model& model = inference_.model();
    report_.producer = Producer(model);
    report_.ir_version = model.ir_version;
    for (const OpsetImport& opset : model.opsets) {
      report_.opsets.emplace_back(opset.domain, opset.version);
    }
    report_.bindings = binding_.bound;
    report_.hints = binding_.hints;
    report_.facts = inference_.pool().DescribeFacts();
    report_.graph_bytes = static_cast<int64_t>(model.bytes.view().size());
    const std::vector<std::string>* all_notes[] = {&model.notes, &binding_.notes,
                                                   &inference_.notes()};
    for (const auto* notes : all_notes) {
      report_.notes.insert(report_.notes.end(), notes->begin(), notes->end());
    }
    for (const std::string& name : binding_.use.known_dims) {
      if (inference_.SymbolValue(name).is_expr()) report_.unbound.push_back(name);
    }
  }

  // Nodes of subgraphs and function bodies belong where the node that entered them does.
  void PlaceNodes() {
    const std::vector<ComponentId> main =
        AssignComponents(inference_.model(), tree_, inference_.arena());
    const std::vector<Node>& nodes = inference_.model().graph.nodes;
    component_of_.reserve(inference_.records().size());
    ComponentId enclosing = kRootComponent;
    for (const NodeRecord& record : inference_.records()) {
      if (record.frame->graph == &inference_.model().graph) {
        enclosing = main[record.node - nodes.data()];
      }
      component_of_.push_back(enclosing);
    }
  }

  void AddNodes() {
    const std::vector<NodeRecord>& records = inference_.records();
    report_.figures.nodes = static_cast<int64_t>(records.size());
    for (size_t i = 0; i < records.size(); ++i) {
      const NodeCost& node = costs_.nodes[i];
      for (Totals* totals : {&totals_[component_of_[i]], &by_op_[records[i].node->op]}) {
        totals->macs.Add(node.cost.macs);
        totals->ops.Add(node.cost.ops);
        ++totals->nodes;
      }
      report_.nodes_counted += node.status == NodeStatus::kCounted;
      report_.nodes_free += node.status == NodeStatus::kFree;
      if (node.status == NodeStatus::kGap) AddGap(i, costs_.gaps[node.gap]);
    }
  }

  void AddGap(size_t i, const NodeGap& gap) {
    const NodeRecord& record = inference_.records()[i];
    const Operator& op = inference_.model().operators[record.node->op];
    report_.gaps.push_back({NodeName(record, i), std::string(op.type), std::string(op.domain),
                            gap.reason, std::string(tree_[component_of_[i]].path),
                            gap.is_consequence});
  }

  // A parameter belongs to the module its name says, if nodes of that module exist; else to the
  // module that reads it first.
  void AddParameters() {
    for (const Parameter& parameter : FindParameters(inference_)) {
      const absl::string_view owner = ScopeFromParameter(parameter.value->name);
      ComponentId component = tree_.Find(owner);
      if (component == kRootComponent) component = component_of_[parameter.record];
      Totals& totals = totals_[component];
      totals.params.Add(parameter.elements);
      totals.weight_bytes.Add(parameter.bytes);
    }
  }

  void MakeComponents() {
    report_.figures = MakeFigures(totals_[kRootComponent]);
    const std::vector<ComponentId> order = tree_.DepthFirst();
    report_.components.reserve(order.size());
    for (const ComponentId id : order) {
      report_.components.push_back(
          {std::string(tree_[id].path), tree_[id].depth, MakeFigures(totals_[id])});
    }
    FindDisplayPrefix();
  }

  // A wrapper module that holds everything: "vae." before every path.
  void FindDisplayPrefix() {
    ComponentId only = kRootComponent;
    for (size_t id = 1; id < tree_.size(); ++id) {
      if (tree_[static_cast<ComponentId>(id)].parent != kRootComponent) continue;
      if (only != kRootComponent) return;
      only = static_cast<ComponentId>(id);
    }
    const bool has_children = tree_.size() > 2;
    if (only != kRootComponent && has_children) {
      report_.display_prefix = absl::StrCat(tree_[only].path, ".");
    }
  }

  void MakeOperators() {
    for (size_t op = 0; op < by_op_.size(); ++op) {
      if (by_op_[op].nodes == 0) continue;
      const Operator& called = inference_.model().operators[op];
      report_.by_op.push_back(
          {std::string(called.type), std::string(called.domain), MakeFigures(by_op_[op])});
    }
    std::stable_sort(report_.by_op.begin(), report_.by_op.end(),
                     [](const OpRow& a, const OpRow& b) {
                       const Figures &x = a.figures, &y = b.figures;
                       if (x.macs.approximate != y.macs.approximate)
                         return x.macs.approximate > y.macs.approximate;
                       return x.ops.approximate > y.ops.approximate;
                     });
  }

  void MakeNodes() {
    report_.nodes.reserve(costs_.nodes.size());
    for (size_t i = 0; i < costs_.nodes.size(); ++i) {
      const absl::string_view path = tree_[component_of_[i]].path;
      report_.nodes.push_back(MakeNodeRow(inference_, i, costs_.nodes[i], std::string(path)));
    }
  }

  void MakeValues() {
    const Frame& frame = inference_.main_frame();
    for (size_t id = 0; id < frame.values.size(); ++id) {
      report_.values.push_back(
          MakeValueRow(inference_, frame.graph->values[id].name, frame.values[id]));
    }
  }

  Inference& inference_;
  const Binding& binding_;
  const CostResult& costs_;
  const AnalyzeOptions& options_;
  ModelReport report_;
  ComponentTree tree_;
  std::vector<ComponentId> component_of_;  // by record
  std::vector<Totals> totals_;             // by component
  std::vector<Totals> by_op_;              // by operator id
};

}  // namespace

ModelReport RollUp(Inference& inference, const Binding& binding, const CostResult& costs,
                   const AnalyzeOptions& options) {
  return RollUpWalk(inference, binding, costs, options).Run();
}

}  // namespace onnx_macs
