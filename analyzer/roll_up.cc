// Rolling up: the one place where costs of nodes are added.
#include "analyzer/roll_up.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/component_tree.h"
#include "analyzer/declared_rows.h"
#include "analyzer/memory/bytes.h"
#include "analyzer/module_path.h"
#include "analyzer/parameters.h"
#include "analyzer/report_rows.h"
#include "analyzer/rule_sources.h"
#include "analyzer/spelling.h"

namespace onnx_macs {
namespace {

std::string Producer(const Model& model) {
  if (model.producer_version.empty()) return std::string(model.producer_name);
  return absl::StrCat(model.producer_name, " ", model.producer_version);
}

// Of a note, which quotes names: those may be as long as the file.
constexpr size_t kLongest = 2000;

}  // namespace

RollUp::RollUp(Inference& inference, const AnalyzeOptions& options, const Blocks& blocks)
    : inference_(inference),
      options_(options),
      blocks_(blocks),
      has_blocks_(options.blocks || !blocks.blocks.empty()),
      rows_(inference),
      block_sums_(inference, tree_, blocks) {
  if (!options.totals_only || options.node_rows || !options.groups.empty()) {
    paths_.emplace(inference, options.groups, tree_);
  }
  totals_.resize(tree_.size());
  by_op_.resize(inference.model().operators.size());
  if (options_.node_rows) report_.nodes.reserve(inference_.records().size());
  if (options_.node_list) nodes_ = std::make_unique<InferredNodes>(inference_);
}

void RollUp::Describe(const Binding& binding) {
  const Model& model = inference_.model();
  report_.producer = Producer(model);
  report_.ir_version = model.ir_version;
  for (const OpsetImport& opset : model.opsets) {
    report_.opsets.emplace_back(opset.domain, opset.version);
  }
  report_.bindings = binding.bound;
  report_.hints = binding.hints;
  report_.facts = inference_.pool().DescribeFacts();
  report_.graph_bytes = static_cast<int64_t>(model.bytes.view().size());
  if (!options_.totals_only) {
    report_.inputs = DeclaredInputs(model.graph);
    report_.outputs = DeclaredOutputs(model.graph);
  }
  const std::vector<std::string>* all_notes[] = {&model.notes, &binding.notes, &inference_.notes()};
  for (const auto* notes : all_notes) {
    for (const std::string& note : *notes) report_.notes.push_back(Clipped(note, kLongest));
  }
  for (std::string& note : inference_.DescribeLimits()) report_.notes.push_back(std::move(note));
  if (tree_.has_shortened()) {
    report_.notes.push_back(absl::StrCat("there are module paths of more than ", kMaxPathDepth,
                                         " names or ", kMaxPathBytes,
                                         " bytes: what lies deeper stands in the last one kept"));
  }
  if (tree_.is_full()) {
    report_.notes.push_back("there are too many long module paths: some parts stand in others");
  }
  if (inference_.rules().has_sources()) {
    for (std::string& note : DescribeSources(inference_)) report_.notes.push_back(std::move(note));
  }
  for (const std::string& name : binding.use.known_dims) {
    if (inference_.SymbolValue(name).is_expr()) report_.unbound.push_back(name);
  }
}

// How many nodes were placed by which evidence.
void RollUp::DescribePaths() {
  if (!paths_) return;
  report_.paths.exporter = std::string(paths_->exporter());
  report_.paths.tools = paths_->tools();
  std::vector<int64_t> placed(EvidenceTable().size());
  for (size_t i = 0; i < inference_.records().size(); ++i) {
    ++placed[static_cast<size_t>(paths_->evidence(i))];
  }
  for (const EvidenceRow& row : EvidenceTable()) {
    const int64_t nodes = placed[static_cast<size_t>(row.evidence)];
    if (nodes > 0) report_.paths.evidence.emplace_back(row.key, nodes);
  }
}

const SharedText& RollUp::PathOf(size_t record) {
  return rows_.Share(tree_[ComponentOf(record)].path);
}

absl::string_view RollUp::PhraseOf(size_t record) const {
  if (paths_->is_grouped(record)) return "by --group";
  return EvidenceTable()[static_cast<size_t>(paths_->evidence(record))].phrase;
}

std::vector<bool> RollUp::used_groups() const {
  return paths_ ? paths_->used_groups() : std::vector<bool>();
}

ComponentId RollUp::ComponentOf(size_t record) const {
  return paths_ ? paths_->component(record) : kRootComponent;
}

void RollUp::Add(size_t record, const NodeCost& node) {
  const int32_t op = inference_.records()[record].node->op;
  const ComponentId component = ComponentOf(record);
  totals_[component].AddNode(node.cost.macs, node.cost.ops);
  if (!options_.totals_only) by_op_[op].AddNode(node.cost.macs, node.cost.ops);
  const bool has_traffic = options_.memory && !options_.totals_only;
  const Count traffic = has_traffic && !node.is_dropped ? TrafficOf(inference_, record) : Count(0);
  if (has_traffic) AddTraffic(record, traffic);
  if (has_blocks_) block_sums_.Add(record, node, component);
  report_.nodes_counted += node.status == NodeStatus::kCounted;
  report_.nodes_free += node.status == NodeStatus::kFree;
  if (node.status == NodeStatus::kGap) AddGap(record, node);
  if (nodes_ != nullptr) nodes_->Add(node, component);
  if (!options_.node_rows) return;
  NodeRow& row = report_.nodes.emplace_back(rows_.Node(record, node));
  row.path = PathOf(record);
  row.traffic_bytes = rows_.amounts().Make(traffic);
  row.placed = rows_.Share(PhraseOf(record));
  if (options_.blocks) row.block = blocks_.Of(record);
}

void RollUp::AddTraffic(size_t record, const Count& bytes) {
  totals_[ComponentOf(record)].traffic_bytes.Add(bytes);
  by_op_[inference_.records()[record].node->op].traffic_bytes.Add(bytes);
  if (has_blocks_) block_sums_.AddTraffic(record, bytes);
}

ModelReport RollUp::Finish(const Binding& binding) {
  Describe(binding);
  DescribePaths();
  AddParameters();
  tree_.FoldIntoParents(&totals_);
  MakeComponents();
  MakeOperators();
  report_.active = block_sums_.Finish(totals_[kRootComponent]);
  if (options_.blocks) block_sums_.MakeRows(&report_);
  if (options_.value_rows) MakeValues();
  if (rows_.is_full()) {
    report_.notes.push_back(
        "nodes and values have more sizes than can be listed: some are left out");
  }
  return std::move(report_);
}

void RollUp::AddGap(size_t i, const NodeCost& gap) {
  const NodeRecord& record = inference_.records()[i];
  const Operator& op = inference_.model().operators[record.node->op];
  report_.gaps.push_back({NodeName(record, i), rows_.Share(op.type), rows_.Share(op.domain),
                          rows_.Share(gap.reason), PathOf(i), gap.is_consequence});
}

void RollUp::AddParameters() {
  std::map<DataType, Totals> by_type;
  FindParameters(inference_, [&](const Parameter& parameter) {
    const ComponentId component =
        paths_ ? paths_->ComponentOfParameter(parameter.value->name, parameter.record)
               : kRootComponent;
    Totals& totals = totals_[component];
    totals.params.Add(parameter.elements);
    totals.weight_bytes.Add(parameter.bytes);
    if (has_blocks_) {
      block_sums_.AddParameter(parameter.record, parameter.elements, parameter.bytes);
    }
    if (options_.totals_only) return;
    Totals& of_type = by_type[parameter.type];
    of_type.params.Add(parameter.elements);
    of_type.weight_bytes.Add(parameter.bytes);
  });
  for (const auto& [type, totals] : by_type) {
    report_.weight_types.push_back({std::string(onnx_macs::Describe(type).name),
                                    rows_.amounts().Make(totals.params.Total()),
                                    rows_.amounts().Make(totals.weight_bytes.Total())});
  }
  std::stable_sort(report_.weight_types.begin(), report_.weight_types.end(),
                   [](const WeightTypeRow& a, const WeightTypeRow& b) {
                     return a.weight_bytes.approximate() > b.weight_bytes.approximate();
                   });
}

void RollUp::MakeComponents() {
  report_.figures = rows_.amounts().Make(totals_[kRootComponent]);
  if (options_.totals_only) return;
  const std::vector<ComponentId> order = tree_.DepthFirst();
  report_.components.reserve(order.size());
  for (const ComponentId id : order) {
    report_.components.push_back(
        {tree_[id].path, tree_[id].depth, rows_.amounts().Make(totals_[id])});
  }
  if (nodes_ != nullptr) nodes_->NumberComponents(order);
  report_.display_prefix = DisplayPrefix(report_.components);
}

void RollUp::MakeOperators() {
  if (options_.totals_only) return;
  for (size_t op = 0; op < by_op_.size(); ++op) {
    if (by_op_[op].nodes == 0) continue;
    const Operator& called = inference_.model().operators[op];
    report_.by_op.push_back(
        {rows_.Share(called.type), rows_.Share(called.domain), rows_.amounts().Make(by_op_[op])});
  }
  std::stable_sort(report_.by_op.begin(), report_.by_op.end(), [](const OpRow& a, const OpRow& b) {
    const Figures &x = a.figures, &y = b.figures;
    if (x.macs.approximate() != y.macs.approximate())
      return x.macs.approximate() > y.macs.approximate();
    return x.ops.approximate() > y.ops.approximate();
  });
}

void RollUp::MakeValues() {
  const Frame& frame = inference_.main_frame();
  report_.values.reserve(frame.values.size());
  for (size_t id = 0; id < frame.values.size(); ++id) {
    report_.values.push_back(
        rows_.Value(frame.graph->values[id].name, frame.values[id], options_.value_elements));
  }
}

}  // namespace onnx_macs
