// Feeds texts to the reader of budgets, holds a small run to what it reads, and reads lines as
// gates.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "analyzer/limits/budget.h"
#include "analyzer/limits/judge_budget.h"
#include "analyzer/limits/judge_gates.h"

namespace {

onnx_macs::ModelReport SmallModel() {
  onnx_macs::ModelReport model;
  model.file = "a/unet.onnx";
  model.role = "unet";
  model.figures.macs = onnx_macs::Amount::Integer(100);
  model.figures.ops = onnx_macs::Amount::Formula("8*seq", 512);
  model.bindings = {{"height", 64}};
  model.unbound = {"seq"};
  model.components = {{"", 0, model.figures}, {"mid_block", 1, model.figures}};
  model.by_op = {{"Conv", "", model.figures}};
  model.gaps.push_back({"/x", "Whirl", "", "no rule", "mid_block", false});
  return model;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  static const auto& models = *new std::vector<onnx_macs::ModelReport>{SmallModel()};
  const onnx_macs::RunView run = {models, {}, 0};
  if (const auto budget = onnx_macs::ReadBudget(text); budget.ok()) {
    const auto is_operator = [](absl::string_view op) { return op == "Conv"; };
    onnx_macs::JudgeBudget(*budget, run, {"default", {}, is_operator}).status().IgnoreError();
  }
  if (const auto gate = onnx_macs::ParseGate(text); gate.ok()) {
    onnx_macs::JudgeGates({*gate}, run, run).status().IgnoreError();
  }
  return 0;
}
