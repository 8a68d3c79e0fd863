// Which values training keeps for the backward pass, each once.
#ifndef ANALYZER_TRAINING_SAVED_VALUES_H_
#define ANALYZER_TRAINING_SAVED_VALUES_H_

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "analyzer/count.h"
#include "analyzer/inference.h"

namespace onnx_macs {

class SavedValues {
 public:
  // A node that costs nothing: where its output has every element of its input, it is no new value.
  void AddView(const NodeRecord& record);
  // A node with a backward pass keeps what its rule says.
  void AddReader(const NodeRecord& record);
  // Weights are kept anyway. Once all nodes were added.
  void AddWeight(const Value& value) { weights_.insert(&value); }
  Count Bytes() const;
  bool has_unknown() const { return has_unknown_; }

 private:
  using Place = std::pair<const Frame*, ValueId>;

  Place Origin(Place place) const;
  void Keep(Place place);

  absl::flat_hash_map<Place, Place> views_;  // to what they show
  absl::flat_hash_set<Place> seen_;
  struct Kept {
    const Value* value;
    Count bytes;
  };
  std::vector<Kept> kept_;
  absl::flat_hash_set<const Value*> weights_;
  bool has_unknown_ = false;
};

}  // namespace onnx_macs

#endif  // ANALYZER_TRAINING_SAVED_VALUES_H_
