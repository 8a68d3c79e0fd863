// ModelDiff: what differs between two revisions of a model, as plain data.
#ifndef ANALYZER_DIFF_MODEL_DIFF_H_
#define ANALYZER_DIFF_MODEL_DIFF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/node_list.h"
#include "analyzer/report.h"

namespace onnx_macs {

enum class Presence { kBoth, kOnlyOld, kOnlyNew };

struct ComponentDiff {
  std::string old_path, new_path;  // empty on the side that does not have it, and for the root
  Presence presence = Presence::kBoth;
  // On one side alone, around parts that both have: a wrapper rather than something added.
  bool is_wrapper = false;
  // On one side alone, in a part that costs the same on both: what it holds was only counted to
  // another component, as exporters and optimizers differ in the modules that they know.
  bool is_regrouped = false;
  // Its path changed, and not only because what it lies in has another one.
  bool is_moved = false;
  bool differs = false;  // in a figure or a node, here or below
  int depth = 0;         // in the tree of the new revision with what is gone put in
  Figures before, after;
};

struct OpDiff {
  SharedText op, domain;
  Figures before, after;
};

struct NodeDiff {
  Presence presence = Presence::kBoth;  // kBoth: it changed
  SharedText name, old_name;            // the same unless it was renamed as well
  SharedText op, domain, path;
  Amount macs_before, macs_after, ops_before, ops_after;
  std::vector<std::string> changes;  // "attribute group: 1 -> 4", "input 1: ... -> ..."
};

// A line about the whole: of an input, a version, a size that was bound.
struct Difference {
  std::string what, before, after;  // "input sample", "float32[1, 4]"; empty where there is none
};

// Parameters that are stored as one type.
struct WeightTypeDiff {
  std::string dtype;
  Amount params_before, params_after, bytes_before, bytes_after;
};

struct ModelDiff {
  Presence presence = Presence::kBoth;  // of the file
  std::string old_file, new_file, role;
  Figures before, after;
  Amount peak_before, peak_after;  // of the activations; 0 unless AnalyzeOptions::memory
  bool has_memory = false;
  int64_t gaps_before = 0, gaps_after = 0;
  std::vector<Difference> interface, setting;  // setting: exporter, opsets, bindings
  std::vector<WeightTypeDiff> weight_types;    // those that differ
  // Parents before children; without DiffOptions::everything only those that differ.
  std::vector<ComponentDiff> components;
  int64_t components_known_to_both = 0, components_with_other_macs = 0;  // of those
  std::vector<OpDiff> operators;  // only those that differ; the largest change first
  // The largest change first; without DiffOptions::everything only the first few are there.
  std::vector<NodeDiff> nodes;
  int64_t nodes_changed = 0, nodes_added = 0, nodes_removed = 0;
  bool compared_nodes = false;  // false: at least one side has none
};

struct DiffSide {
  const ModelReport& report;
  const NodeList* nodes = nullptr;  // null: none are known
};

struct DiffOptions {
  bool everything = false;  // rows of all components, and of all nodes that differ
  size_t first_nodes = 10;  // else of these
};

ModelDiff DiffModels(const DiffSide& old_side, const DiffSide& new_side,
                     const DiffOptions& options);
// A file that only one side has.
ModelDiff OnlyOn(Presence side, const ModelReport& report);

}  // namespace onnx_macs

#endif  // ANALYZER_DIFF_MODEL_DIFF_H_
