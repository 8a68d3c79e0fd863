// Runs an OpCase and compares.
#include "tests/support/op_case.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/invariants.h"
#include "tests/support/sweep.h"
#include "tests/support/value_text.h"

namespace onnx_macs::testing {
namespace {

std::string NoSpaces(absl::string_view text) { return absl::StrReplaceAll(text, {{" ", ""}}); }

// Both sides are brought into one text, so that a failure shows what was found.
std::string TextOf(const ValueText& value) {
  std::string text = absl::StrCat(value.kind, " ", LongTypeName(value.type));
  if (value.has_rank) absl::StrAppend(&text, "[", absl::StrJoin(value.dims, ","), "]");
  if (value.elements) absl::StrAppend(&text, "={", absl::StrJoin(*value.elements, ","), "}");
  return NoSpaces(text);
}

std::string TextOf(const ValueRow& row, const ValueText& expected) {
  std::string text = absl::StrCat(row.kind.view(), " ", expected.type == 0 ? "" : row.dtype.view());
  const auto append_dim = [](std::string* out, const ValueRow::DimText& dim) {
    using Kind = ValueRow::DimText::Kind;
    absl::StrAppend(out, dim.kind == Kind::kInteger      ? absl::StrCat(dim.value)
                         : dim.kind == Kind::kExpression ? dim.text.view()
                                                         : "?");
  };
  const auto append_text = [](std::string* out, const SharedText& element) {
    absl::StrAppend(out, element.view());
  };
  if (row.has_rank) absl::StrAppend(&text, "[", absl::StrJoin(row.shape, ",", append_dim), "]");
  if (expected.elements)
    absl::StrAppend(&text, "={", absl::StrJoin(row.elements, ",", append_text), "}");
  return NoSpaces(text);
}

void CheckOutputs(const std::string& expected, const ModelReport& report) {
  const std::vector<std::string> outputs = SplitOutside(expected, ';');
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].empty()) continue;
    INFO("output " << i << ", expected " << outputs[i]);
    const ValueText value = ParseValueText(outputs[i]);
    const std::string name = absl::StrCat("out", i);
    const ValueRow* found = nullptr;
    for (const ValueRow& row : report.values) {
      if (row.name == name) found = &row;
    }
    REQUIRE(found != nullptr);
    CHECK(TextOf(*found, value) == TextOf(value));
  }
}

std::string TextOf(const Amount& amount) {
  switch (amount.kind()) {
    case Amount::Kind::kInteger:
      return absl::StrCat(static_cast<int64_t>(amount.value()));
    case Amount::Kind::kFormula:
      return NoSpaces(amount.formula());
    case Amount::Kind::kUnknown:
      break;
  }
  return "?";
}

void CheckAmount(absl::string_view what, const Amount& found, std::optional<int64_t> expected,
                 const std::string& formula) {
  INFO(what);
  if (expected) CHECK(TextOf(found) == absl::StrCat(*expected));
  if (!formula.empty()) CHECK(TextOf(found) == NoSpaces(formula));
}

const NodeRow& TestedNode(const ModelReport& report) {
  for (const NodeRow& row : report.nodes) {
    if (row.name == "tested") return row;
  }
  throw std::logic_error("the report has no row for the tested node");
}

void CheckGap(absl::string_view reason, const ModelReport& report) {
  REQUIRE(report.gaps.size() == 1);
  CHECK(report.gaps[0].node == "tested");
  INFO("the reason given: " << report.gaps[0].reason);
  CHECK(absl::StrContains(report.gaps[0].reason, reason));
}

void CheckNode(const OpCase& op_case, const ModelReport& report) {
  for (const GapRow& gap : report.gaps) FAIL_CHECK("a gap: " << gap.reason);
  CheckOutputs(op_case.expected, report);
  const NodeRow& node = TestedNode(report);
  CheckAmount("macs", node.macs, op_case.macs, op_case.macs_formula);
  CheckAmount("ops", node.ops, op_case.ops, op_case.ops_formula);
  CheckAmount("params", report.figures.params, op_case.params, "");
}

}  // namespace

ModelReport AnalyzeOpCase(const OpCase& op_case) {
  const auto model = LoadModelFromBytes(ModelOf(op_case));
  INFO(Describe(op_case) << ": " << model.status());
  REQUIRE(model.ok());
  AnalyzeOptions options;
  options.node_rows = options.value_rows = options.value_elements = options.memory = true;
  options.bind.symbolic_batch = true;
  const RuleSet* rules = RulesForConvention(op_case.convention);
  REQUIRE(rules != nullptr);
  const auto result = Analyze(**model, *rules, options);
  INFO(result.status());
  REQUIRE(result.ok());
  CheckInvariants(result->report);
  return result->report;
}

void RunOpCase(const OpCase& op_case) {
  INFO(Describe(op_case));
  NoteForSweep(op_case);
  const ModelReport report = AnalyzeOpCase(op_case);
  absl::string_view reason = op_case.expected;
  if (absl::ConsumePrefix(&reason, "gap:")) {
    CheckGap(absl::StripLeadingAsciiWhitespace(reason), report);
  } else {
    CheckNode(op_case, report);
  }
}

void RunOpCases(absl::Span<const OpCase> cases) {
  for (const OpCase& op_case : cases) RunOpCase(op_case);
}

}  // namespace onnx_macs::testing
