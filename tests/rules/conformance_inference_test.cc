// The cases of ONNX's own tests of shape inference: what it knows of every value, or that it has to
// refuse the model. They are not part of this repository: ONNX_MACS_SHARED_DIR says where they lie.
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
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"
#include "tests/support/inferred_model.h"
#include "tests/support/invariants.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kArchive[] = "shape-inference-cases-1.23.tar.xz";

// They need a schema that the test itself registers.
constexpr const char* kOwnSchema[] = {
    "test_custom_schema_shape_inference",
    "test_dummy_graph_schema_shape_inference",
    "test_invalid_field_in_inference_func",
};

// Positive cases that do not agree, by the beginning of their names.
struct Exception {
  const char* prefix;
  const char* reason;
};

constexpr Exception kExceptions[] = {
    {"test_stft_reals", "ONNX does not know that STFT is one-sided unless told otherwise"},
};

template <typename Rows>
bool IsListed(const Rows& rows, const std::string& name) {
  return absl::c_any_of(rows, [&](const char* row) { return absl::StartsWith(name, row); });
}

// "shape_inference_test.py__TestShapeInference__test_abs__1" -> "test_abs__1"
std::string ShortName(const fs::path& file) {
  const std::string stem = file.stem().string();
  return stem.substr(stem.find("__test_") + 2);
}

AnalyzeOptions Options() {
  AnalyzeOptions options;
  options.bind.symbolic_batch = true;
  return options;
}

// Where one case differs from what ONNX expects; empty where it agrees.
class Comparison {
 public:
  explicit Comparison(InferredModel& found) : found_(found) {}

  void Compare(const std::string& name, const json& expected) {
    const TensorInfo* info = found_.Find(name);
    if (info == nullptr) return Differ(name, "there is no such value");
    Compare(name, expected, *info);
  }
  const std::vector<std::string>& differences() const { return differences_; }

 private:
  void Differ(const std::string& name, const std::string& how) {
    differences_.push_back(absl::StrCat(name, ": ", how));
  }

  void Compare(const std::string& name, const json& expected, const TensorInfo& found) {
    if (!expected.contains("e")) return CompareContainer(name, expected, found);
    const auto type = DataTypeFromNumber(expected["e"].get<int64_t>());
    if (type != DataType::kUndefined && found.type != type) {
      Differ(name, absl::StrCat("expected ", expected.dump(), ", found ", Describe(found)));
    }
    if (!expected["s"].is_null()) CompareShape(name, expected["s"], found);
  }

  void CompareContainer(const std::string& name, const json& expected, const TensorInfo& found) {
    static const std::map<std::string, ValueKind> kKinds = {{"sequence", ValueKind::kSequence},
                                                            {"optional", ValueKind::kOptional},
                                                            {"map", ValueKind::kMap}};
    if (found.kind != kKinds.at(expected["k"]) || found.element_type == nullptr) {
      return Differ(name, absl::StrCat("expected ", expected.dump(), ", found ", Describe(found)));
    }
    Compare(name, expected["of"], *found.element_type);
  }

  void CompareShape(const std::string& name, const json& expected, const TensorInfo& found) {
    bool same = static_cast<size_t>(found.shape.rank()) == expected.size();
    for (size_t i = 0; same && i < expected.size(); ++i) {
      same = IsAsExpected(expected[i], found.shape[static_cast<int>(i)]);
    }
    if (same) return;
    Differ(name, absl::StrCat("expected ", expected.dump(), ", found ", Describe(found)));
  }

  // A symbol may have any value, but has the same wherever it occurs.
  bool IsAsExpected(const json& expected, Dim found) {
    found = found_.Resolve(found);
    if (expected.is_null()) return true;
    if (expected.is_number()) return found == Integer(expected.get<int64_t>());
    const auto [first, is_new] = symbols_.emplace(expected.get<std::string>(), found);
    return found.is_known() && (is_new || ProvablyEqual(first->second, found));
  }

  Dim Integer(int64_t value) { return found_.inference().pool().Integer(value); }

  InferredModel& found_;
  std::map<std::string, Dim> symbols_;
  std::vector<std::string> differences_;
};

std::string DifferencesOf(const Model& model, const json& expected) {
  InferredModel found(model, Options());
  Comparison comparison(found);
  for (const auto& [name, type] : expected.items()) comparison.Compare(name, type);
  return absl::StrJoin(comparison.differences(), "\n");
}

// The operator that ONNX's message blames; empty where it blames none.
std::string BlamedOperator(const std::string& error) {
  const std::string kBefore = "(op_type:";
  const size_t at = error.find(kBefore);
  if (at == std::string::npos) return "";
  const size_t begin = at + kBefore.size();
  return error.substr(begin, error.find_first_of("),", begin) - begin);
}

// All that is said of a model: why it cannot be read, its gaps and its notes. A gap that only
// follows from another one says nothing.
std::vector<std::string> Complaints(const fs::path& file) {
  const auto model = LoadModel(file.string());
  if (!model.ok()) return {std::string(model.status().message())};
  const auto result = Analyze(**model, BuiltinRules(), Options());
  if (!result.ok()) return {std::string(result.status().message())};
  CheckInvariants(result->report);
  std::vector<std::string> complaints = result->report.notes;
  for (const GapRow& gap : result->report.gaps) {
    if (!gap.is_consequence)
      complaints.push_back(absl::StrCat(gap.op.view(), ": ", gap.reason.view()));
  }
  return complaints;
}

struct Case {
  std::string name;
  fs::path model;
  json entry;
};

std::vector<Case> ReadCases(const fs::path& folder) {
  std::vector<Case> cases;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    cases.push_back({ShortName(file.path()), fs::path(file.path()).replace_extension(".onnx"),
                     json::parse(std::ifstream(file.path()))});
  }
  return cases;
}

void CheckPositive(const Case& c, std::set<std::string>* needed) {
  const auto model = LoadModel(c.model.string());
  INFO(c.name << ": " << model.status());
  REQUIRE(model.ok());
  const std::string differences = DifferencesOf(**model, c.entry["expected"]);
  if (differences.empty()) return;
  INFO(differences);
  const auto row = absl::c_find_if(
      kExceptions, [&](const Exception& e) { return absl::StartsWith(c.name, e.prefix); });
  CHECK(row != std::end(kExceptions));
  if (row != std::end(kExceptions)) needed->insert(row->prefix);
}

void CheckNegative(const Case& c) {
  const std::string error = c.entry["error"], blamed = BlamedOperator(error);
  const std::vector<std::string> complaints = Complaints(c.model);
  INFO(c.name << " expects " << error << "; found " << absl::StrJoin(complaints, "\n"));
  CHECK(absl::c_any_of(complaints, [&](const std::string& complaint) {
    return absl::StrContains(complaint, blamed);
  }));
}

TEST_CASE("shape-inference cases: what ONNX infers is inferred, what it refuses is told") {
  const fs::path shared = SharedConformanceFolder(kArchive);
  TellData("shape-inference cases", shared);
  if (shared.empty()) return;
  const ScratchFolder folder;
  folder.Unpack(shared / kArchive);
  int positive = 0, negative = 0;
  std::set<std::string> needed;
  for (const Case& c : ReadCases(folder.path() / "shape_inference")) {
    if (!c.entry["error"].is_null()) {
      CheckNegative(c);
      ++negative;
    } else if (!IsListed(kOwnSchema, c.name)) {
      CheckPositive(c, &needed);
      ++positive;
    }
  }
  CHECK(positive == 872);
  CHECK(negative == 198);
  // A row that no case needs any longer has to go.
  for (const Exception& row : kExceptions) {
    INFO(row.prefix << ": " << row.reason);
    CHECK(needed.count(row.prefix) == 1);
  }
}

}  // namespace
}  // namespace onnx_macs::testing
