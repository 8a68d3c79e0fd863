// The stages of Analyze() up to inference.
#include "tests/support/inferred_model.h"

#include "analyzer/bind.h"
#include "rules/rules.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {

InferredModel::InferredModel(const Model& model, const AnalyzeOptions& options)
    : inference_(model, BuiltinRules(), options.control_flow) {
  Frame& frame = inference_.EnterGraph(model.graph, model.opsets);
  const absl::StatusOr<Binding> binding = BindInputs(options.bind, inference_, frame);
  INFO(binding.status());
  REQUIRE(binding.ok());
  inference_.EndBinding();
  inference_.set_trust_declared(options.bind.trust_declared && !binding->overrode_declared);
  inference_.Walk(frame);
  for (size_t id = 0; id < frame.values.size(); ++id) {
    values_.emplace(model.graph.values[id].name, &frame.values[id]);
  }
}

const TensorInfo* InferredModel::Find(absl::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : found->second;
}

}  // namespace onnx_macs::testing
