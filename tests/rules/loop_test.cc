// Loops: rounds that change shapes are walked one by one where they are few, else one body stands
// for all of them. Values of sequences are told apart in the same way.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "onnx/defs/parser.h"
#include "onnx/onnx-data_pb.h"
#include "rules/rules.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/support/catch.h"
#include "tests/support/invariants.h"

namespace onnx_macs::testing {
namespace {

onnx::ModelProto ParseModel(const std::string& graph) {
  onnx::ModelProto model;
  const std::string text = "<ir_version: 8, opset_import: [\"\" : 17]>\n" + graph;
  const auto parsed = onnx::OnnxParser::Parse(model, text.c_str());
  INFO(parsed.ErrorMessage());
  REQUIRE(parsed.IsOK());
  return model;
}

absl::StatusOr<AnalysisResult> TryAnalyze(const onnx::ModelProto& model,
                                          const std::vector<InputValueBinding>& values) {
  const auto loaded = LoadModelFromBytes(model.SerializeAsString());
  REQUIRE(loaded.ok());
  AnalyzeOptions options;
  options.value_rows = options.node_rows = true;
  options.bind.values = values;
  return Analyze(**loaded, BuiltinRules(), options);
}

ModelReport AnalyzeModel(const onnx::ModelProto& model,
                         const std::vector<InputValueBinding>& values) {
  const auto result = TryAnalyze(model, values);
  INFO(result.status());
  REQUIRE(result.ok());
  CheckInvariants(result->report);
  return result->report;
}

ModelReport AnalyzeText(const std::string& graph, const std::vector<InputValueBinding>& values) {
  return AnalyzeModel(ParseModel(graph), values);
}

// "8,4", with "?" for what is not known and names for what is a symbol.
std::string ShapeOf(const ModelReport& report, const std::string& value) {
  for (const ValueRow& row : report.values) {
    if (row.name != value) continue;
    return absl::StrJoin(row.shape, ",", [](std::string* out, const ValueRow::DimText& d) {
      if (d.kind == ValueRow::DimText::Kind::kInteger) {
        absl::StrAppend(out, d.value);
      } else {
        absl::StrAppend(out, d.text.empty() ? "?" : d.text.view());
      }
    });
  }
  return "none";
}

std::string LengthOf(const ModelReport& report, const std::string& value) {
  for (const ValueRow& row : report.values) {
    if (row.name == value) return absl::StrCat(row.length.value);
  }
  return "none";
}

// Every round doubles the rows of x, which then meet a 4x2 weight.
std::string Doubling(int rounds) {
  return absl::StrCat(R"(
    g (float[1,4] x, float[4,2] w) => (float[?,4] y) {
      limit = Constant <value = int64 {)",
                      rounds, R"(}> ()
      y = Loop (limit, , x) <body = body (int64 i, bool go, float[?,4] before)
                                  => (bool go_on, float[?,4] after) {
        go_on = Identity (go)
        after = Concat <axis = 0> (before, before)
        product = MatMul (after, w)
      }>
    })");
}

TEST_CASE("a shape that grows with every round is followed through few rounds") {
  const ModelReport report = AnalyzeText(Doubling(3), {});
  CHECK(ShapeOf(report, "y") == "8,4");
  CHECK(static_cast<int64_t>(report.figures.macs.value()) == (2 + 4 + 8) * 4 * 2);
}

TEST_CASE("through many rounds it is only some size") {
  const ModelReport report = AnalyzeText(Doubling(1000), {});
  CHECK(absl::StartsWith(ShapeOf(report, "y"), "loop_size"));
  CHECK(report.figures.macs.kind() == Amount::Kind::kFormula);
}

// Rounds until the counter is 5.
constexpr char kCounting[] = R"(
  g (int64 start, float[3] x) => (int64 end, float[?,3] rows) {
    limit = Constant <value = int64 {9223372036854775807}> ()
    end, rows = Loop (limit, , start) <body = body (int64 i, bool go, int64 before)
                                        => (bool go_on, int64 after, float[3] row) {
      one = Constant <value = int64 {1}> ()
      five = Constant <value = int64 {5}> ()
      after = Add (before, one)
      go_on = Less (after, five)
      row = Neg (x)
    }>
  })";

TEST_CASE("a condition that is computed decides how often a loop runs") {
  const ModelReport known = AnalyzeText(kCounting, {{"start", "2"}});
  CHECK(ShapeOf(known, "rows") == "3,3");
  const ModelReport unknown = AnalyzeText(kCounting, {});
  CHECK(ShapeOf(unknown, "rows") == "trips,3");
}

TEST_CASE("values of a sequence are told apart") {
  const ModelReport report = AnalyzeText(R"(
    g (float[2,3] a, float[5,3] b, float[3,7] w) => (float[5,3] second, float[7,3] all) {
      s = SequenceConstruct (a, b)
      last = Constant <value = int64 {-1}> ()
      second = SequenceAt (s, last)
      shorter = SequenceErase (s, last)
      all = ConcatFromSequence <axis = 0> (s)
      rest = ConcatFromSequence <axis = 0> (shorter)
      m = SequenceMap (s) <body = body (float[?,3] x) => (float[?,7] y) { y = MatMul (x, w) }>
      joined = ConcatFromSequence <axis = 0> (m)
    })",
                                         {});
  CHECK(ShapeOf(report, "second") == "5,3");
  CHECK(ShapeOf(report, "all") == "7,3");
  CHECK(ShapeOf(report, "rest") == "2,3");
  CHECK(ShapeOf(report, "joined") == "7,7");
  CHECK(LengthOf(report, "shorter") == "1");
  CHECK(static_cast<int64_t>(report.figures.macs.value()) == (2 + 5) * 3 * 7);
}

TEST_CASE("a position outside of a sequence is refused") {
  const ModelReport report = AnalyzeText(R"(
    g (float[2] a) => (float[2] b) {
      s = SequenceConstruct (a)
      two = Constant <value = int64 {2}> ()
      b = SequenceAt (s, two)
    })",
                                         {});
  REQUIRE(report.gaps.size() == 1);
  CHECK(report.gaps[0].reason == "position 2 is outside of the 1 values");
}

// What a file says of a sequence of [2] and [4], in the bytes of SequenceProto.
std::string StoredSequence() {
  onnx::SequenceProto sequence;
  for (int size : {2, 4}) {
    onnx::TensorProto* tensor = sequence.add_tensor_values();
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    tensor->add_dims(size);
    for (int i = 0; i < size; ++i) tensor->add_float_data(1);
  }
  return sequence.SerializeAsString();
}

// Joins the tensors of a sequence and of an optional one. The parser knows tensors only.
onnx::ModelProto JoiningModel() {
  onnx::ModelProto model = ParseModel(R"(
    g (float[?] s, float[?] o) => (float[?] all, float[?] held) {
      all = ConcatFromSequence <axis = 0> (s)
      t = OptionalGetElement (o)
      held = ConcatFromSequence <axis = 0> (t)
    })");
  auto& inputs = *model.mutable_graph()->mutable_input();
  const onnx::TypeProto tensor = inputs[0].type();
  onnx::TypeProto sequence;
  *sequence.mutable_sequence_type()->mutable_elem_type() = tensor;
  *inputs[0].mutable_type() = sequence;
  *inputs[1].mutable_type()->mutable_optional_type()->mutable_elem_type() = sequence;
  return model;
}

TEST_CASE("sequences and optionals are values of inputs") {
  const TempFolder folder;
  folder.Write("s.pb", StoredSequence());
  onnx::OptionalProto optional;
  optional.mutable_sequence_value()->ParseFromString(StoredSequence());
  folder.Write("o.pb", optional.SerializeAsString());
  const ModelReport report =
      AnalyzeModel(JoiningModel(), {{"s", "@" + folder / "s.pb"}, {"o", "@" + folder / "o.pb"}});
  CHECK(ShapeOf(report, "all") == "6");
  CHECK(ShapeOf(report, "held") == "6");
}

TEST_CASE("a damaged sequence is no value") {
  const TempFolder folder;
  const std::string whole = StoredSequence();
  folder.Write("s.pb", whole.substr(0, whole.size() - 1));
  const auto result = TryAnalyze(JoiningModel(), {{"s", "@" + folder / "s.pb"}});
  REQUIRE_FALSE(result.ok());
  CHECK(absl::StrContains(result.status().message(), "is damaged"));
}

}  // namespace
}  // namespace onnx_macs::testing
