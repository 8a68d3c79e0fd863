// What training a model costs, as plain data.
#ifndef ANALYZER_TRAINING_TRAINING_REPORT_H_
#define ANALYZER_TRAINING_TRAINING_REPORT_H_

#include <string>
#include <vector>

#include "analyzer/amount.h"
#include "analyzer/training/optimizer.h"

namespace onnx_macs {

// One step: a forward and a backward pass over what is bound, and an update of every parameter.
struct TrainingReport {
  const Optimizer* optimizer = nullptr;
  Amount forward, backward, update, step;  // FLOPs
  // Bytes. Activations: what the forward pass keeps for the backward one.
  Amount weights, gradients, state, activations, memory;
  bool is_lower_bound = false;    // something was not counted
  std::vector<std::string> gaps;  // the first nodes that are counted forwards, but not backwards
};

// Of models with the same optimizer.
TrainingReport Add(const TrainingReport& a, const TrainingReport& b);

}  // namespace onnx_macs

#endif  // ANALYZER_TRAINING_TRAINING_REPORT_H_
