// Which file of one side is which of the other.
#include "cli/diff_results.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs {
namespace {

constexpr size_t kNoFile = ~size_t{0};

using Models = std::vector<ModelReport>;

// The folder that all files of a side lie in, with its last slash.
size_t CommonFolder(const Models& models) {
  const std::string& first = models[0].file;
  size_t length = first.rfind('/') == std::string::npos ? 0 : first.rfind('/') + 1;
  for (const ModelReport& model : models) {
    while (model.file.compare(0, length, first, 0, length) != 0) {
      const size_t slash = length < 2 ? std::string::npos : first.rfind('/', length - 2);
      length = slash == std::string::npos ? 0 : slash + 1;
    }
  }
  return length;
}

class FilePairs {
 public:
  FilePairs(const Models& before, const Models& after)
      : before_(before), after_(after), old_of_new_(after.size(), kNoFile), used_(before.size()) {
    if (before.empty() || after.empty()) return;
    if (before.size() == 1 && after.size() == 1) {
      Pair(0, 0);
      return;
    }
    const size_t old_folder = CommonFolder(before), new_folder = CommonFolder(after);
    PairBy([&](const ModelReport& a, const ModelReport& b) {
      return a.file.substr(old_folder) == b.file.substr(new_folder);
    });
    PairBy([](const ModelReport& a, const ModelReport& b) {
      return a.role == b.role && a.role != "model" && !a.role.empty();
    });
  }

  size_t OldOf(size_t now) const { return old_of_new_[now]; }
  bool IsUsed(size_t old) const { return used_[old]; }

 private:
  void Pair(size_t old, size_t now) {
    old_of_new_[now] = old;
    used_[old] = true;
  }

  template <typename Same>
  void PairBy(Same same) {
    for (size_t now = 0; now < after_.size(); ++now) {
      for (size_t old = 0; old < before_.size() && old_of_new_[now] == kNoFile; ++old) {
        if (!used_[old] && same(before_[old], after_[now])) Pair(old, now);
      }
    }
  }

  const Models& before_;
  const Models& after_;
  std::vector<size_t> old_of_new_;
  std::vector<bool> used_;
};

DiffTotal TotalOfFiles(const Results& before, const Results& after) {
  return {after.models.size() == 1 ? "one call" : "one call of each file", TotalOf(before),
          TotalOf(after), HasGaps(before) || !before.errors.empty(),
          HasGaps(after) || !after.errors.empty()};
}

}  // namespace

DiffResults MakeDiff(const Results& before, absl::Span<const NodeList* const> old_nodes,
                     const Results& after, absl::Span<const NodeList* const> new_nodes,
                     const DiffOptions& options) {
  DiffResults diff;
  diff.convention = after.convention;
  diff.files = TotalOfFiles(before, after);
  if (before.pipelines.size() == 1 && after.pipelines.size() == 1) {
    const PipelineReport &a = before.pipelines[0], &b = after.pipelines[0];
    diff.pipeline = {b.name, a.figures, b.figures, a.is_lower_bound, b.is_lower_bound};
  }
  const FilePairs pairs(before.models, after.models);
  for (size_t now = 0; now < after.models.size(); ++now) {
    const size_t old = pairs.OldOf(now);
    diff.models.push_back(old == kNoFile
                              ? OnlyOn(Presence::kOnlyNew, after.models[now])
                              : DiffModels({before.models[old], old_nodes[old]},
                                           {after.models[now], new_nodes[now]}, options));
  }
  for (size_t old = 0; old < before.models.size(); ++old) {
    if (!pairs.IsUsed(old)) diff.models.push_back(OnlyOn(Presence::kOnlyOld, before.models[old]));
  }
  return diff;
}

}  // namespace onnx_macs
