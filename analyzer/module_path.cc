// Places records frame by frame, then lets a user's groups take what they match.
#include "analyzer/module_path.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "analyzer/paths/frame_paths.h"
#include "analyzer/paths/quantizers.h"
#include "analyzer/paths/torchscript.h"
#include "analyzer/report_rows.h"

namespace onnx_macs {
namespace {

constexpr int kNoGroup = -1;

// The paths of all frames, each made when it is first asked for.
class Frames {
 public:
  explicit Frames(PathModel& model) : model_(model) {}

  const FramePaths& Of(const Frame& frame) {
    const FramePaths* outer = frame.outer == nullptr ? nullptr : &Of(*frame.outer);
    std::unique_ptr<FramePaths>& paths = paths_[&frame];
    if (paths == nullptr) paths = std::make_unique<FramePaths>(model_, frame, outer);
    return *paths;
  }

 private:
  PathModel& model_;
  absl::flat_hash_map<const Frame*, std::unique_ptr<FramePaths>> paths_;
};

}  // namespace

ModulePaths::ModulePaths(Inference& inference, const std::vector<ComponentGroup>& groups,
                         ComponentTree& tree)
    : inference_(inference), tree_(tree), used_groups_(groups.size()) {
  // Components whose nodes all go to groups must not be in the tree.
  ComponentTree ungrouped;
  ComponentTree& placed = groups.empty() ? tree : ungrouped;
  model_ = std::make_unique<PathModel>(inference.model(), placed, inference.arena());
  PlaceRecords();
  if (!groups.empty()) Regroup(groups, ungrouped);
}

ModulePaths::~ModulePaths() = default;

void ModulePaths::PlaceRecords() {
  const std::vector<NodeRecord>& records = inference_.records();
  if (inference_.frames().size() == 1) {
    FramePaths paths(*model_, inference_.main_frame(), nullptr);
    components_ = paths.TakeComponents();
    evidence_ = paths.TakeEvidence();
    return;
  }
  Frames frames(*model_);
  components_.reserve(records.size());
  evidence_.reserve(records.size());
  const Frame* frame = nullptr;
  const FramePaths* paths = nullptr;
  for (const NodeRecord& record : records) {
    if (record.frame != frame) {
      frame = record.frame;
      paths = &frames.Of(*frame);
    }
    const size_t node = record.node - frame->graph->nodes.data();
    components_.push_back(paths->component(node));
    evidence_.push_back(paths->evidence(node));
  }
}

void ModulePaths::Regroup(const std::vector<ComponentGroup>& groups,
                          const ComponentTree& ungrouped) {
  for (const ComponentGroup& group : groups) group_names_.push_back(group.name);
  std::vector<int> group_of_path(ungrouped.size(), kNoGroup);
  for (size_t id = 0; id < ungrouped.size(); ++id) {
    const std::string path(ungrouped[static_cast<ComponentId>(id)].path);
    for (size_t g = groups.size(); g-- > 0;) {
      if (groups[g].matches(path)) group_of_path[id] = static_cast<int>(g);
    }
  }
  absl::flat_hash_map<std::pair<int, ComponentId>, ComponentId> regrouped;
  for (size_t i = 0; i < components_.size(); ++i) {
    const std::string name = NodeName(inference_.records()[i], i);
    const int group = FindGroup(groups, name, group_of_path, components_[i]);
    group_.push_back(group);
    if (group != kNoGroup) used_groups_[group] = true;
    const auto [it, is_new] = regrouped.try_emplace({group, components_[i]});
    if (is_new) {
      const absl::string_view path = ungrouped[components_[i]].path;
      const std::string whole =
          group == kNoGroup ? std::string(path) : JoinPath(group_names_[group], path);
      it->second = tree_.Intern(inference_.arena().CopyString(whole));
    }
    components_[i] = it->second;
  }
}

// The first that matches either the path or the name of a node.
int ModulePaths::FindGroup(const std::vector<ComponentGroup>& groups, const std::string& name,
                           const std::vector<int>& group_of_path, ComponentId component) const {
  const int by_path = group_of_path[component];
  const size_t end = by_path == kNoGroup ? groups.size() : by_path;
  for (size_t g = 0; g < end; ++g) {
    if (groups[g].matches(name)) return static_cast<int>(g);
  }
  return by_path;
}

ComponentId ModulePaths::ComponentOfParameter(absl::string_view name, size_t reader) const {
  const absl::string_view owner =
      LayerOf(model_->exporter.dialect->owner(name, inference_.arena()));
  const ComponentId component = is_grouped(reader)
                                    ? tree_.Find(JoinPath(group_names_[group_[reader]], owner))
                                    : tree_.Find(owner);
  return owner.empty() || component == kRootComponent ? components_[reader] : component;
}

absl::string_view ModulePaths::exporter() const { return model_->exporter.name; }

std::vector<std::string> ModulePaths::tools() const { return RecognizeTools(model_->model); }

}  // namespace onnx_macs
