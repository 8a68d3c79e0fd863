// Which module of the source model every node belongs to, from what its exporter left in the file.
// The kinds of evidence are in paths/, one to a file; paths/evidence.h has their order.
#ifndef ANALYZER_MODULE_PATH_H_
#define ANALYZER_MODULE_PATH_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/component_tree.h"
#include "analyzer/inference.h"
#include "analyzer/paths/evidence.h"

namespace onnx_macs {

struct PathModel;

// A component that a user names: nodes whose name or path matches belong to it, and their own path
// goes on below it.
struct ComponentGroup {
  std::string name;  // dots make levels
  std::function<bool(const std::string& name_or_path)> matches;
};

// Where every node of an inference belongs.
class ModulePaths {
 public:
  // Fills the tree; both it and the inference must outlive this. A node is in the first group that
  // matches.
  ModulePaths(Inference& inference, const std::vector<ComponentGroup>& groups, ComponentTree& tree);
  ~ModulePaths();

  // By record of the inference.
  ComponentId component(size_t record) const { return components_[record]; }
  Evidence evidence(size_t record) const { return evidence_[record]; }
  bool is_grouped(size_t record) const { return !group_.empty() && group_[record] >= 0; }
  // A parameter belongs to the module its name says, if nodes of that module exist; else to the
  // node that reads it first.
  ComponentId ComponentOfParameter(absl::string_view name, size_t reader) const;

  // "PyTorch (TorchScript)", and what changed the model since.
  absl::string_view exporter() const;
  std::vector<std::string> tools() const;
  // Which groups have nodes.
  const std::vector<bool>& used_groups() const { return used_groups_; }

 private:
  void PlaceRecords();
  void Regroup(const std::vector<ComponentGroup>& groups, const ComponentTree& ungrouped);
  int FindGroup(const std::vector<ComponentGroup>& groups, const std::string& name,
                const std::vector<int>& group_of_path, ComponentId component) const;

  Inference& inference_;
  ComponentTree& tree_;
  std::unique_ptr<PathModel> model_;
  std::vector<ComponentId> components_;
  std::vector<Evidence> evidence_;
  std::vector<int> group_;  // by record, -1 for none; empty without groups
  std::vector<std::string> group_names_;
  std::vector<bool> used_groups_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_MODULE_PATH_H_
