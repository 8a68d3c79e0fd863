// ONNX's own node tests as an oracle: what running every operator gave, held against what is
// inferred with the inputs' shapes alone, and with their values. They are not part of this
// repository: ONNX_MACS_SHARED_DIR says where they lie.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/analyze.h"
#include "analyzer/data_type.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/invariants.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kArchive[] = "node-tests-1.23.tar.xz";
constexpr char kManifest[] = "node-manifest.jsonl.xz";

// The cases and their manifest, unpacked for as long as this lives; empty where they are not to be
// had. A folder that is named and lacks them fails the test.
class NodeCases {
 public:
  NodeCases() {
    const char* shared = std::getenv("ONNX_MACS_SHARED_DIR");
    if (shared == nullptr) {
      WARN("ONNX_MACS_SHARED_DIR is not set: " << kArchive << " and " << kManifest
                                               << " are not used");
      SUCCEED();
      return;
    }
    const fs::path from = fs::path(shared) / "conformance";
    std::string folder = (fs::temp_directory_path() / "onnx-macs-XXXXXX").string();
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    Run(absl::StrCat("tar -xf '", (from / kArchive).string(), "' -C '", folder, "'"));
    Run(absl::StrCat("xz -dc '", (from / kManifest).string(), "' > '", folder, "/manifest'"));
    std::ifstream manifest(folder_ / "manifest");
    for (std::string line; std::getline(manifest, line);) entries_.push_back(json::parse(line));
    REQUIRE(entries_.size() == 1831);
  }
  ~NodeCases() {
    if (!folder_.empty()) fs::remove_all(folder_);
  }
  NodeCases(const NodeCases&) = delete;
  NodeCases& operator=(const NodeCases&) = delete;

  const std::vector<json>& entries() const { return entries_; }
  fs::path FolderOf(const json& entry) const {
    return folder_ / "node" / entry["name"].get<std::string>();
  }

 private:
  static void Run(const std::string& command) {
    INFO(command);
    REQUIRE(std::system(command.c_str()) == 0);
  }

  fs::path folder_;
  std::vector<json> entries_;
};

bool IsSequence(const json& type) { return type[0] == "seq"; }

// Numbers that can be bound as the value of an input: strings and complex numbers are not followed,
// and neither are large tensors. Sequences and optionals (which the manifest does not tell from
// what they hold, but which are called so) are stored in other messages than tensors.
bool CanBeBound(const std::string& name, const json& type) {
  if (type.is_null() || IsSequence(type) || absl::StartsWith(name, "opt")) return false;
  const NumberKind kind = Describe(DataTypeFromNumber(type[0].get<int64_t>())).kind;
  int64_t size = 1;
  for (const json& d : type[1]) size *= d.get<int64_t>();
  constexpr int64_t kMost = 4096;
  const bool is_bool = type[0] == static_cast<int>(DataType::kBool);
  return (is_bool || kind == NumberKind::kFloating || kind == NumberKind::kSigned ||
          kind == NumberKind::kUnsigned) &&
         size <= kMost;
}

// Stored inputs that are larger than their models declare.
constexpr const char* kContradictingCases[] = {
    "test_sequence_map_identity_1_sequence_1_tensor",
    "test_sequence_map_identity_1_sequence_1_tensor_expanded",
    "test_sequence_map_add_1_sequence_1_tensor",
    "test_sequence_map_add_1_sequence_1_tensor_expanded",
};

// What remains open when all values are given, by the beginning of the case's name.
struct OpenCase {
  const char* prefix;
  const char* reason;
};

constexpr OpenCase kOpenCases[] = {
    {"test_identity_opt", "the value of an optional sequence cannot be given"},
    {"test_identity_sequence", "the value of a sequence cannot be given"},
    {"test_image_decoder_decode_", "the size is inside the file"},
    {"test_loop11", "a carried shape follows from a slice at the number of the iteration"},
    {"test_loop13_seq", "the value of a sequence cannot be given"},
    {"test_loop16_seq_none", "the value of an optional sequence cannot be given"},
    {"test_nonmaxsuppression_", "which boxes overlap tells only running it"},
    {"test_optional_get_element_optional_sequence", "the value of a sequence cannot be given"},
    {"test_optional_get_element_sequence", "the value of a sequence cannot be given"},
    {"test_sequence_insert_at_", "the value of a sequence cannot be given"},
    {"test_sequence_map_", "the value of a sequence cannot be given"},
    {"test_string_split_", "strings are not followed"},
    {"test_strnormalizer_", "strings are not followed"},
};

bool IsOpen(const std::string& name) {
  return absl::c_any_of(kOpenCases,
                        [&](const OpenCase& row) { return absl::StartsWith(name, row.prefix); });
}

enum class Mode { kShapes, kValues };

AnalyzeOptions OptionsFor(const json& entry, const fs::path& folder, Mode mode) {
  AnalyzeOptions options;
  options.value_rows = options.node_rows = true;
  options.bind.trust_declared = false;
  const json& inputs = entry["inputs"];
  if (absl::c_linear_search(kContradictingCases, entry["name"].get<std::string>())) return options;
  for (size_t i = 0; mode == Mode::kValues && i < inputs.size(); ++i) {
    const std::string name = inputs[i][0];
    if (!CanBeBound(name, inputs[i][1])) continue;
    const fs::path file = folder / "test_data_set_0" / absl::StrCat("input_", i, ".pb");
    if (!fs::exists(file)) continue;
    options.bind.values.push_back({name, "@" + file.string()});
  }
  return options;
}

enum class Verdict { kRight, kIncomplete, kWrong };

Verdict Worse(Verdict a, Verdict b) { return std::max(a, b); }

Verdict CompareDim(int64_t expected, const ValueRow::DimText& found) {
  if (found.kind != ValueRow::DimText::Kind::kInteger) return Verdict::kIncomplete;
  return found.value == expected ? Verdict::kRight : Verdict::kWrong;
}

Verdict CompareTensor(const json& expected, const ValueRow& found) {
  const absl::string_view type = Describe(DataTypeFromNumber(expected[0].get<int64_t>())).name;
  Verdict verdict = Verdict::kRight;
  if (found.dtype != type) {
    const bool unknown = found.dtype.empty() || found.dtype == "?" || found.dtype == "undefined";
    verdict = unknown ? Verdict::kIncomplete : Verdict::kWrong;
  }
  if (!found.has_rank) return Worse(verdict, Verdict::kIncomplete);
  const json& dims = expected[1];
  if (dims.size() != found.shape.size()) return Verdict::kWrong;
  for (size_t i = 0; i < dims.size(); ++i) {
    verdict = Worse(verdict, CompareDim(dims[i].get<int64_t>(), found.shape[i]));
  }
  return verdict;
}

Verdict CompareValue(const json& expected, const ValueRow& found) {
  if (!IsSequence(expected)) return CompareTensor(expected, found);
  return CompareDim(static_cast<int64_t>(expected[1].size()), found.length);
}

std::string Text(const ValueRow& row) {
  return absl::StrCat(row.kind, " ", row.dtype, row.has_rank ? " " : " rank? ",
                      absl::StrJoin(row.shape, ",", [](std::string* out, const auto& d) {
                        d.kind == ValueRow::DimText::Kind::kInteger
                            ? absl::StrAppend(out, d.value)
                            : absl::StrAppend(out, d.text, "?");
                      }));
}

// The reference evaluator stacks scalars to [n, 1]; what the case itself gives out is [n].
constexpr const char* kMistakenValues[] = {
    "Range_test_range_float16_type_positive_delta_expanded_function_output_s",
    "Range_test_range_bfloat16_type_positive_delta_expanded_function_output_s",
};

// What came of the outputs and of the values in between.
struct Tally {
  int complete = 0, values = 0, values_right = 0;
  std::set<std::string> wrong, incomplete;
};

void CompareCase(const json& entry, const ModelReport& report, Tally* tally) {
  const std::string name = entry["name"];
  std::map<std::string, const ValueRow*> rows;
  for (const ValueRow& row : report.values) rows.emplace(row.name, &row);
  const auto compare = [&](const std::string& value, const json& expected) {
    const auto row = rows.find(value);
    if (row == rows.end()) return Verdict::kIncomplete;
    const Verdict verdict = CompareValue(expected, *row->second);
    if (verdict == Verdict::kWrong) {
      INFO(value << ": expected " << expected.dump() << ", found " << Text(*row->second));
      CHECK(tally->wrong.count(name) > 0);  // prints every value that is wrong
    }
    return verdict;
  };
  Verdict verdict = Verdict::kRight;
  for (const json& output : entry["outputs"])
    verdict = Worse(verdict, compare(output[0], output[1]));
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

Tally RunAll(const NodeCases& cases, Mode mode) {
  Tally tally;
  for (const json& entry : cases.entries()) {
    const fs::path folder = cases.FolderOf(entry);
    const auto model = LoadModel((folder / "model.onnx").string());
    INFO(entry["name"] << ": " << model.status());
    REQUIRE(model.ok());
    const auto result = Analyze(**model, BuiltinRules(), OptionsFor(entry, folder, mode));
    INFO(result.status());
    CHECK(result.ok());
    if (!result.ok()) continue;
    CheckInvariants(result->report);
    CompareCase(entry, result->report, &tally);
  }
  return tally;
}

// The literals are what was reached: fewer is a step back.
void CheckShapeMode(const NodeCases& cases) {
  const Tally tally = RunAll(cases, Mode::kShapes);
  INFO("wrong: " << absl::StrJoin(tally.wrong, " "));
  CHECK(tally.wrong.empty());
  CHECK(tally.values == 11219);
  CHECK(tally.complete >= 1512);
  CHECK(tally.values_right >= 10989);
}

void CheckValueMode(const NodeCases& cases) {
  const Tally tally = RunAll(cases, Mode::kValues);
  INFO("wrong: " << absl::StrJoin(tally.wrong, " "));
  CHECK(tally.wrong.empty());
  for (const std::string& name : tally.incomplete) {
    INFO(name << " is not complete");
    CHECK(IsOpen(name));
  }
  CHECK(tally.values == 11219);
  CHECK(tally.complete >= 1780);
  CHECK(tally.values_right >= 11219);
}

// One test, because unpacking thousands of small files takes longer than analysing them.
TEST_CASE("node cases: no shape is wrong, and values decide every one that they can") {
  const NodeCases cases;
  if (cases.entries().empty()) return;
  CheckShapeMode(cases);
  CheckValueMode(cases);
}

}  // namespace
}  // namespace onnx_macs::testing
