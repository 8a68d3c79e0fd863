// Sums over models that are trained together.
#include "analyzer/training/training_report.h"

#include "analyzer/figures.h"

namespace onnx_macs {

TrainingReport Add(const TrainingReport& a, const TrainingReport& b) {
  constexpr Amount TrainingReport::*kAmounts[] = {
      &TrainingReport::forward, &TrainingReport::backward,    &TrainingReport::update,
      &TrainingReport::step,    &TrainingReport::weights,     &TrainingReport::gradients,
      &TrainingReport::state,   &TrainingReport::activations, &TrainingReport::memory};
  TrainingReport sum = a;
  for (Amount TrainingReport::*amount : kAmounts) {
    sum.*amount = Simplified(Add(a.*amount, b.*amount));
  }
  sum.is_lower_bound |= b.is_lower_bound;
  sum.gaps.insert(sum.gaps.end(), b.gaps.begin(), b.gaps.end());
  return sum;
}

}  // namespace onnx_macs
