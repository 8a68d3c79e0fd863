// What a step of training costs, from the costs of the forward pass: nothing is inferred anew.
#ifndef ANALYZER_TRAINING_TRAINING_COST_H_
#define ANALYZER_TRAINING_TRAINING_COST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "analyzer/component_tree.h"
#include "analyzer/cost_walk.h"
#include "analyzer/inference.h"
#include "analyzer/training/saved_values.h"
#include "analyzer/training/training_report.h"

namespace onnx_macs {

class TrainingCost {
 public:
  TrainingCost(Inference& inference, const Optimizer& optimizer);
  // The cost of a node in the forward pass, by its record; once for each, in their order.
  void Add(size_t record, const NodeCost& node);
  // Once every node was added.
  TrainingReport Finish();

 private:
  Cost BackwardOf(const NodeRecord& record, const NodeCost& node) const;
  void AddGap(size_t index, const Cost& cost);

  Inference& inference_;
  const Optimizer& optimizer_;
  Totals forward_, backward_;
  SavedValues saved_;
  bool has_gaps_ = false;
  std::vector<std::string> gaps_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_TRAINING_TRAINING_COST_H_
