#include "analyzer/diff/diff_tree.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "analyzer/diff/row_hash.h"

namespace onnx_macs {
namespace {

uint64_t HashFigures(const Figures& figures) {
  return absl::HashOf(HashAmount(figures.macs), HashAmount(figures.ops), figures.nodes);
}

}  // namespace

DiffTree::DiffTree(const ModelReport& report, const NodeList* nodes) {
  Link(report);
  if (nodes != nullptr) AddNodes(*nodes);
  AddContents(report, nodes);
}

absl::Span<const uint32_t> DiffTree::OwnNodes(int32_t component) const {
  const DiffComponent& own = components_[component];
  return absl::MakeConstSpan(nodes_).subspan(own.first_node, own.num_nodes);
}

std::vector<int32_t> DiffTree::Children(int32_t component) const {
  std::vector<int32_t> children;
  int32_t child = components_[component].first_child;
  for (; child != kNoComponent; child = components_[child].next_sibling) children.push_back(child);
  return children;
}

// Saved analyses are anybody's: a depth that its parents do not have is taken as far as they go.
void DiffTree::Link(const ModelReport& report) {
  components_.resize(report.components.size());
  std::vector<int32_t> open, last_child(components_.size(), kNoComponent);
  for (size_t i = 0; i < components_.size(); ++i) {
    const ComponentRow& row = report.components[i];
    DiffComponent& component = components_[i];
    component.leaf = row.path.view().substr(row.path.view().rfind('.') + 1);
    const size_t depth =
        i == 0 ? 0 : std::clamp<size_t>(static_cast<size_t>(row.depth), 1, open.size());
    open.resize(depth);
    open.push_back(static_cast<int32_t>(i));
    if (depth == 0) continue;
    component.parent = open[depth - 1];
    int32_t& last = last_child[component.parent];
    (last == kNoComponent ? components_[component.parent].first_child
                          : components_[last].next_sibling) = open.back();
    last = open.back();
  }
}

void DiffTree::AddNodes(const NodeList& nodes) {
  for (const NodeKey& key : nodes.keys()) ++components_[key.component].num_nodes;
  uint32_t begin = 0;
  std::vector<uint32_t> next(components_.size());
  for (size_t i = 0; i < components_.size(); ++i) {
    components_[i].first_node = next[i] = begin;
    begin += components_[i].num_nodes;
  }
  nodes_.resize(nodes.keys().size());
  for (size_t node = 0; node < nodes_.size(); ++node) {
    nodes_[next[nodes.keys()[node].component]++] = static_cast<uint32_t>(node);
  }
}

// Children follow their parents, so that going backwards every component is done before its parent.
void DiffTree::AddContents(const ModelReport& report, const NodeList* nodes) {
  for (size_t i = components_.size(); i-- > 0;) {
    DiffComponent& component = components_[i];
    const Figures& figures = report.components[i].figures;
    component.size = figures.nodes;
    if (nodes == nullptr) component.form = component.own_content = HashFigures(figures);
    for (const uint32_t node : OwnNodes(static_cast<int32_t>(i))) {
      const NodeKey& key = nodes->keys()[node];
      component.own_content = absl::HashOf(component.own_content, key.content);
      component.form = absl::HashOf(component.form, key.op);
    }
    component.content = absl::HashOf(component.own_content, HashAmount(figures.params),
                                     HashAmount(figures.weight_bytes));
    int32_t child = component.first_child;
    for (; child != kNoComponent; child = components_[child].next_sibling) {
      component.content = absl::HashOf(component.content, components_[child].content);
      component.form = absl::HashOf(component.form, components_[child].form);
      component.names =
          absl::HashOf(component.names, components_[child].leaf, components_[child].names);
    }
  }
}

}  // namespace onnx_macs
