// ONNX's own node tests as an oracle: what running every operator gave, held against what is
// inferred with the inputs' shapes alone, with their values, and with symbols for their sizes.
#include <set>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "analyzer/analyze.h"
#include "analyzer/data_type.h"
#include "analyzer/expr_pool.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/inferred_model.h"
#include "tests/support/invariants.h"
#include "tests/support/node_cases.h"
#include "tests/support/type_comparison.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Cases by the beginning of their names, and why they are listed.
struct ListedCase {
  const char* prefix;
  const char* reason;
};

// What only running the operator can tell: incomplete with all values given. In both tables a row
// that no case needs any longer fails.
constexpr ListedCase kOpenCases[] = {
    {"test_image_decoder_decode_", "the size is inside the file"},
    {"test_nonmaxsuppression_", "which boxes overlap tells only running it"},
    {"test_string_split_", "strings are not followed"},
    {"test_strnormalizer_", "strings are not followed"},
};

// What symbols for the sizes of tensors leave open besides.
constexpr ListedCase kSymbolCases[] = {
    {"test_compress_", "the condition is no size, and not given"},
    {"test_gathernd_example_", "how many dims are dropped is a symbol"},
    {"test_identity_", "tensors in sequences have no symbols"},
    {"test_image_decoder_decode_", "the size is inside the file"},
    {"test_loop1", "tensors in sequences have no symbols"},
    {"test_nonmaxsuppression_", "which boxes overlap tells only running it"},
    {"test_nonzero_", "the values are not given"},
    {"test_optional_get_element_", "tensors in sequences have no symbols"},
    {"test_resize_downsample_sizes_nearest_not_", "a size over a symbol is no factor"},
    {"test_resize_upsample_sizes_nearest_not_", "a size over a symbol is no factor"},
    {"test_sequence_", "tensors in sequences have no symbols"},
    {"test_split_to_sequence_", "how many pieces there are is a symbol"},
    {"test_string_split_", "strings are not followed"},
    {"test_strnormalizer_", "strings are not followed"},
    {"test_unique_", "the values are not given"},
};

// Sizes that broadcast, although as symbols they are assumed, and said, to be equal: values on the
// way are as large as was assumed, the outputs are right. With numbers all are.
constexpr ListedCase kAssumingCases[] = {
    {"test_linear_attention_gated_delta_beta_scalar_expanded", "one beta for all heads"},
    {"test_linear_attention_gated_per_head_decay_expanded", "one decay for a whole head"},
};

bool IsListed(absl::Span<const ListedCase> rows, const std::string& name) {
  return absl::c_any_of(rows,
                        [&](const ListedCase& row) { return absl::StartsWith(name, row.prefix); });
}

// The cases are those that are listed, and each row is needed.
void CheckListed(const std::string& what, absl::Span<const ListedCase> rows,
                 const std::set<std::string>& names) {
  for (const std::string& name : names) {
    INFO(what << ": " << name);
    CHECK(IsListed(rows, name));
  }
  for (const ListedCase& row : rows) {
    INFO(what << ": " << row.prefix << ": " << row.reason);
    CHECK(absl::c_any_of(
        names, [&](const std::string& name) { return absl::StartsWith(name, row.prefix); }));
  }
}

// The reference evaluator stacks scalars to [n, 1]; what the case itself gives out is [n].
constexpr const char* kMistakenValues[] = {
    "Range_test_range_float16_type_positive_delta_expanded_function_output_s",
    "Range_test_range_bfloat16_type_positive_delta_expanded_function_output_s",
};

// Numbers that can be bound as the value of an input: strings and complex numbers are not followed,
// and neither are large tensors.
bool CanBeBound(const json& type) {
  if (type.is_null()) return true;  // an optional without a value
  if (IsSequenceType(type)) return absl::c_all_of(type[1], CanBeBound);
  const DataTypeInfo& info = Describe(DataTypeFromNumber(type[0].get<int64_t>()));
  int64_t size = 1;
  for (const json& d : type[1]) size *= d.get<int64_t>();
  constexpr int64_t kMost = 4096;
  return info.bits > 0 && info.kind != NumberKind::kComplex && size <= kMost;
}

// kNumbers: as kSymbols, with the numbers of the case for the symbols.
enum class Mode { kShapes, kValues, kSymbols, kNumbers };

// What says how large outputs are keeps its value: scalars, lists of integers, scales.
bool KeepsValue(const std::string& name, const json& type) {
  if (type.is_null() || IsSequenceType(type) || !CanBeBound(type)) return false;
  const NumberKind kind = Describe(DataTypeFromNumber(type[0].get<int64_t>())).kind;
  const bool is_list = type[1].size() == 1 && (kind == NumberKind::kSigned || name == "scales");
  return type[1].empty() || is_list;
}

std::string SymbolName(size_t input, size_t axis) { return absl::StrCat("d_", input, "_", axis); }

// Sizes of 1 broadcast, which a symbol does not.
void BindSizes(size_t input, const json& name_and_type, Mode mode, BindOptions* bind) {
  const json& type = name_and_type[1];
  if (type.is_null() || IsSequenceType(type)) return;
  InputShapeBinding given{name_and_type[0], {}};
  for (size_t axis = 0; axis < type[1].size(); ++axis) {
    const std::string size = type[1][axis].dump();
    const bool is_number = mode == Mode::kNumbers || size == "1";
    given.dims.push_back(is_number ? size : SymbolName(input, axis));
  }
  bind->inputs.push_back(given);
}

AnalyzeOptions OptionsFor(const NodeCases& cases, const json& entry, Mode mode) {
  AnalyzeOptions options;
  options.value_rows = options.node_rows = true;
  options.bind.trust_declared = false;
  options.bind.symbolic_batch = true;
  const json& inputs = entry["inputs"];
  for (size_t i = 0; mode != Mode::kShapes && i < inputs.size(); ++i) {
    const json& type = inputs[i][1];
    const fs::path file = cases.InputOf(entry, i);
    const bool is_bound = mode == Mode::kValues ? CanBeBound(type) : KeepsValue(inputs[i][0], type);
    if (is_bound && fs::exists(file)) {
      options.bind.values.push_back({inputs[i][0], "@" + file.string()});
    } else if (mode == Mode::kSymbols || mode == Mode::kNumbers) {
      BindSizes(i, inputs[i], mode, &options.bind);
    }
  }
  return options;
}

// Sizes with the numbers that the case has for the symbols.
class Point {
 public:
  Point(InferredModel& model, const json& inputs) : model_(model) {
    for (size_t i = 0; i < inputs.size(); ++i) {
      const json& type = inputs[i][1];
      if (type.is_null() || IsSequenceType(type)) continue;
      for (size_t axis = 0; axis < type[1].size(); ++axis) {
        const Dim symbol = model_.inference().pool().Symbol(SymbolName(i, axis));
        sizes_[SymbolOf(symbol)] = type[1][axis].get<int64_t>();
      }
    }
  }
  Dim At(Dim d) { return Substitute(model_.Resolve(d), sizes_); }

  // What was assumed and is not so.
  std::vector<std::string> BrokenFacts() {
    std::vector<std::string> broken;
    for (const Fact& fact : model_.inference().pool().facts()) {
      const Dim left = Substitute(fact.left, sizes_), right = Substitute(fact.right, sizes_);
      if (fact.kind == Fact::Kind::kEqual && ProvablyDifferent(left, right)) {
        broken.push_back(absl::StrCat(ToString(fact.left), " = ", ToString(fact.right)));
      }
    }
    return broken;
  }

 private:
  InferredModel& model_;
  Assignment sizes_;
};

// What came of the outputs and of the values in between.
struct Tally {
  int complete = 0, values = 0, values_right = 0;
  std::set<std::string> wrong, wrong_outputs, incomplete;
};

void CompareCase(const json& entry, InferredModel& model, Tally* tally) {
  const std::string name = entry["name"];
  Point point(model, entry["inputs"]);
  const auto compare = [&](const std::string& value, const json& expected) {
    const TensorInfo* found = model.Find(value);
    if (found == nullptr) return Verdict::kIncomplete;
    const Verdict verdict = CompareType(expected, *found, [&](Dim d) { return point.At(d); });
    if (verdict == Verdict::kWrong) {
      const std::string broken = absl::StrJoin(point.BrokenFacts(), ", ");
      INFO(name << ", " << value << ": expected " << expected.dump() << ", found "
                << Describe(*found) << "; assumed and not so: " << broken);
      CHECK((!broken.empty() && IsListed(kAssumingCases, name)));  // prints every wrong value
    }
    return verdict;
  };
  Verdict verdict = Verdict::kRight;
  for (const json& output : entry["outputs"])
    verdict = Worse(verdict, compare(output[0], output[1]));
  if (verdict == Verdict::kWrong) tally->wrong_outputs.insert(name);
  if (entry.contains("intermediates")) {
    for (const auto& [value, expected] : entry["intermediates"].items()) {
      if (absl::c_linear_search(kMistakenValues, value)) continue;
      const Verdict inner = compare(value, expected);
      ++tally->values;
      if (inner == Verdict::kRight) ++tally->values_right;
      if (inner == Verdict::kWrong) verdict = Verdict::kWrong;
    }
  }
  if (verdict == Verdict::kRight) ++tally->complete;
  if (verdict == Verdict::kIncomplete) tally->incomplete.insert(name);
  if (verdict == Verdict::kWrong) tally->wrong.insert(name);
}

Tally Run(const NodeCases& cases, Mode mode, const std::set<std::string>* only) {
  Tally tally;
  for (const json& entry : cases.entries()) {
    if (only != nullptr && only->count(entry["name"]) == 0) continue;
    const auto model = LoadModel(cases.ModelOf(entry).string());
    INFO(entry["name"] << ": " << model.status());
    REQUIRE(model.ok());
    const AnalyzeOptions options = OptionsFor(cases, entry, mode);
    const auto result = Analyze(**model, BuiltinRules(), options);
    INFO(result.status());
    CHECK(result.ok());
    if (!result.ok()) continue;
    CheckInvariants(result->report);
    InferredModel inferred(**model, options);
    CompareCase(entry, inferred, &tally);
  }
  return tally;
}

Tally RunAll(const NodeCases& cases, Mode mode) { return Run(cases, mode, nullptr); }

// How many cases and values of the shared data were decided, worked out once and held since.
void CheckReached(const NodeCases& cases, const Tally& tally, int complete, int values_right) {
  if (!cases.are_shared()) return;
  CHECK(tally.values == 11219);
  CHECK(tally.complete >= complete);
  CHECK(tally.values_right >= values_right);
}

// One test, because unpacking thousands of small files takes longer than analysing them.
TEST_CASE("node cases: no shape is wrong, and values decide all that is not left to running them") {
  const NodeCases cases;
  if (cases.entries().empty()) return;
  const Tally shapes = RunAll(cases, Mode::kShapes);
  CheckListed("wrong shapes", {}, shapes.wrong);
  CheckReached(cases, shapes, 1515, 10989);
  const Tally values = RunAll(cases, Mode::kValues);
  CheckListed("wrong values", {}, values.wrong);
  CheckListed("not told by values", kOpenCases, values.incomplete);
  CheckReached(cases, values, 1801, 11219);
  const Tally symbols = RunAll(cases, Mode::kSymbols);
  CheckListed("wrong symbols", kAssumingCases, symbols.wrong);
  CheckListed("wrong symbols of outputs", {}, symbols.wrong_outputs);
  CheckListed("not told by symbols", kSymbolCases, symbols.incomplete);
  CheckReached(cases, symbols, 1762, 11095);
  const Tally numbers = Run(cases, Mode::kNumbers, &symbols.wrong);
  CheckListed("wrong with numbers for symbols", {}, numbers.wrong);
  CheckListed("not told by numbers for symbols", {}, numbers.incomplete);
}

}  // namespace
}  // namespace onnx_macs::testing
