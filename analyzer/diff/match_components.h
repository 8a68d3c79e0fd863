// Which component of one revision is which of the other: by path, and where paths changed, by what
// they hold.
#ifndef ANALYZER_DIFF_MATCH_COMPONENTS_H_
#define ANALYZER_DIFF_MATCH_COMPONENTS_H_

#include <cstdint>
#include <vector>

#include "analyzer/diff/diff_tree.h"

namespace onnx_macs {

struct ComponentMatches {
  std::vector<int32_t> new_of_old, old_of_new;  // kNoComponent: there is none
  // Modules that stand around everything on one side alone: they are no change, only a prefix.
  std::vector<int32_t> old_wrappers, new_wrappers;
};

ComponentMatches MatchComponents(const DiffTree& old_tree, const DiffTree& new_tree);

}  // namespace onnx_macs

#endif  // ANALYZER_DIFF_MATCH_COMPONENTS_H_
