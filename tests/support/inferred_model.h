// A model inferred as Analyze() infers it, with the inference kept: for tests that ask more of its
// values than a report says: what sequences hold, which sizes are provably equal.
#ifndef ONNX_MACS_TESTS_SUPPORT_INFERRED_MODEL_H_
#define ONNX_MACS_TESTS_SUPPORT_INFERRED_MODEL_H_

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "analyzer/analyze.h"
#include "analyzer/inference.h"

namespace onnx_macs::testing {

class InferredModel {
 public:
  // The model must outlive this; options that cannot be bound fail the test.
  InferredModel(const Model& model, const AnalyzeOptions& options);

  // A value of the main graph; null where there is none of that name.
  const TensorInfo* Find(absl::string_view name) const;
  // Under all facts.
  Dim Resolve(Dim d) { return inference_.pool().Resolve(d); }
  Inference& inference() { return inference_; }

 private:
  Inference inference_;
  absl::flat_hash_map<absl::string_view, const TensorInfo*> values_;
};

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_INFERRED_MODEL_H_
