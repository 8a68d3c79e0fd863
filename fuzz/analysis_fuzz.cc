// Models made, or changed, by a fuzzer's choices are analysed, and every report is held to what
// must hold in any. An input is a byte that says how many bytes of choices follow, these (first the
// options, then edits), and a serialised model that they change; that one may be empty.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "fuzz/analysis_options.h"
#include "fuzz/check_saved.h"
#include "fuzz/check_sweep.h"
#include "fuzz/model_edits.h"
#include "tests/support/breaches.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace onnx_macs::fuzz {
namespace {

struct Parts {
  absl::string_view choices, model;
};

Parts Split(absl::string_view input) {
  if (input.empty()) return {};
  const size_t length = static_cast<uint8_t>(input[0]);
  input.remove_prefix(1);
  return {input.substr(0, length), input.substr(std::min(length, input.size()))};
}

// What no choice changes goes to the loader as it is.
std::string EditedModel(ByteSource& choices, absl::string_view model) {
  if (choices.empty()) return std::string(model);
  Field tree = ReadTree(model, Kind::kModel);
  EditModel(choices, &tree);
  return WriteTree(tree);
}

void FailOn(const std::vector<std::string>& breaches) {
  if (breaches.empty()) return;
  for (const std::string& breach : breaches) std::fprintf(stderr, "breach: %s\n", breach.c_str());
  std::abort();
}

void CheckAnalysis(absl::string_view input) {
  const Parts parts = Split(input);
  ByteSource choices(parts.choices);
  const ChosenOptions options = ChooseOptions(choices);
  const auto model = LoadModelFromBytes(EditedModel(choices, parts.model));
  if (!model.ok()) return;
  const auto result = Analyze(**model, *options.rules, options.analyze);
  if (!result.ok()) return;
  FailOn(testing::FindBreaches(result->report));
  if (options.save) FailOn(CheckSaved(result->report));
  if (!options.sweep) return;
  FailOn(CheckSweep(**model, *options.rules, options.analyze, result->report.unbound));
}

// The edits become the model, so that new ones come on top of them. What would not fit stays.
std::string Baked(absl::string_view input) {
  const Parts parts = Split(input);
  ByteSource choices(parts.choices);
  ChooseOptions(choices);
  const size_t options_size = parts.choices.size() - choices.rest().size();
  const std::string model = EditedModel(choices, parts.model);
  std::string baked(1, static_cast<char>(options_size));
  baked.append(parts.choices.data(), options_size);
  return baked + model;
}

// Mostly the choices are changed, whose every byte means something.
std::string Mutated(absl::string_view input, unsigned int seed) {
  const Parts parts = Split(input);
  constexpr size_t kMost = 255;
  std::string choices(parts.choices);
  const size_t size = choices.size();
  choices.resize(kMost);
  choices.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(choices.data()), size, kMost));
  std::string mutated(1, static_cast<char>(choices.size()));
  mutated += choices;
  mutated.append(parts.model.data(), parts.model.size());
  return seed % 3 == 0 ? Baked(mutated) : mutated;
}

}  // namespace
}  // namespace onnx_macs::fuzz

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  if (seed % 16 == 0) return LLVMFuzzerMutate(data, size, max_size);
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string mutated = onnx_macs::fuzz::Mutated(input, seed);
  if (mutated.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, mutated.data(), mutated.size());
  return mutated.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onnx_macs::fuzz::CheckAnalysis(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
