// A byte of switches for what is computed, one for what is bound, and the values of the latter.
#include "fuzz/analysis_options.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/training/optimizer.h"
#include "fuzz/model_edits.h"
#include "rules/rules.h"

namespace onnx_macs::fuzz {
namespace {

// Names that the seeds give their inputs, among others.
constexpr absl::string_view kInputNames[] = {"in0",  "in1",    "in2",       "x",    "X",
                                             "data", "sample", "input_ids", "cond", "missing"};
constexpr absl::string_view kInputValues[] = {"[1,2]", "3",   "[]",        "-1",
                                              "[h,2]", "0.5", "[1,1,2,2]", "9223372036854775807"};
constexpr int64_t kSizes[] = {1, 2, 3, 7, 8, 64, 77, 512, 100'000, int64_t{1} << 40, INT64_MAX};

bool Bit(uint8_t switches, int i) { return (switches >> i & 1) != 0; }

void ChooseWhat(ByteSource& choices, ChosenOptions* chosen) {
  const uint8_t off = choices.Byte();
  AnalyzeOptions& options = chosen->analyze;
  options.blocks = !Bit(off, 0);
  options.memory = !Bit(off, 1);
  options.node_rows = !Bit(off, 2);
  options.value_rows = !Bit(off, 3);
  options.bind.trust_declared = !Bit(off, 4);
  chosen->rules = RulesForConvention(Bit(off, 5) ? "contractions" : "default");
  options.bind.symbolic_batch = Bit(off, 6);
  options.training = Bit(off, 7) ? FindOptimizer("adamw") : nullptr;
}

void ChooseDims(ByteSource& choices, BindOptions* bind) {
  const int64_t size = choices.Pick(kSizes);
  bind->dims.emplace_back(SizeName(choices),
                          choices.Flag() ? SizeName(choices) : absl::StrCat(size));
}

void ChooseInput(ByteSource& choices, BindOptions* bind) {
  InputShapeBinding& input = bind->inputs.emplace_back();
  input.input = std::string(choices.Pick(kInputNames));
  for (size_t rank = choices.Below(6); rank > 0; --rank) {
    const int64_t size = choices.Pick(kSizes);
    input.dims.push_back(choices.Flag() ? SizeName(choices) : absl::StrCat(size));
  }
}

void ChooseValue(ByteSource& choices, BindOptions* bind) {
  const absl::string_view name = choices.Pick(kInputNames);
  bind->values.push_back({std::string(name), std::string(choices.Pick(kInputValues))});
}

void ChooseBindings(ByteSource& choices, ChosenOptions* chosen) {
  const uint8_t on = choices.Byte();
  BindOptions& bind = chosen->analyze.bind;
  if (Bit(on, 0)) {
    bind.res.emplace(choices.Pick(kSizes), choices.Pick(kSizes));
  }
  if (Bit(on, 1)) bind.batch = choices.Pick(kSizes);
  if (Bit(on, 2)) bind.seq = choices.Pick(kSizes);
  if (Bit(on, 3)) ChooseDims(choices, &bind);
  if (Bit(on, 4)) ChooseInput(choices, &bind);
  if (Bit(on, 5)) ChooseValue(choices, &bind);
  if (Bit(on, 6)) {
    chosen->analyze.control_flow.loop_trips = choices.Pick(kSizes);
    chosen->analyze.control_flow.if_choice = static_cast<IfChoice>(choices.Below(4));
  }
  chosen->sweep = Bit(on, 7);
}

void ChoosePlans(ByteSource& choices, ChosenOptions* chosen) {
  const uint8_t on = choices.Byte();
  AnalyzeOptions* const options = &chosen->analyze;
  chosen->save = Bit(on, 0);
  options->node_list = Bit(on, 2);
  options->plan.batches = Bit(on, 3);
  if (Bit(on, 4)) options->plan.budget = int64_t{1} << choices.Below(63);
  if (Bit(on, 5)) {
    options->device = &choices.Pick(KnownDevices());
    options->memory = options->node_rows = true;
  }
  if (Bit(on, 6)) {
    options->groups.push_back(
        {"mine.own", [](const std::string& name) { return absl::StrContains(name, "e"); }});
  }
}

}  // namespace

ChosenOptions ChooseOptions(ByteSource& choices) {
  ChosenOptions chosen;
  ChooseWhat(choices, &chosen);
  ChooseBindings(choices, &chosen);
  ChoosePlans(choices, &chosen);
  return chosen;
}

}  // namespace onnx_macs::fuzz
