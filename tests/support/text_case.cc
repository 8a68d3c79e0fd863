// The analyses of text_case.h.
#include "tests/support/text_case.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/invariants.h"

namespace onnx_macs::testing {

ModelReport AnalyzeModel(const std::string& model, AnalyzeOptions options) {
  const auto loaded = LoadModelFromBytes(model);
  INFO(loaded.status());
  REQUIRE(loaded.ok());
  options.node_rows = options.value_rows = options.bind.symbolic_batch = options.memory = true;
  auto result = Analyze(**loaded, BuiltinRules(), options);
  INFO(result.status());
  REQUIRE(result.ok());
  CheckInvariants(result->report);
  options.blocks = true;
  auto with_blocks = Analyze(**loaded, BuiltinRules(), options);
  REQUIRE(with_blocks.ok());
  CheckInvariants(with_blocks->report);
  CheckSameTotals(with_blocks->report, result->report);
  return std::move(with_blocks->report);
}

std::string ModelText(const std::string& graph) {
  return absl::StrCat("<ir_version: 8, opset_import: [\"\" : 17, \"local\" : 1]>\n", graph);
}

std::string ShapeOf(const ModelReport& report, const std::string& value) {
  using Kind = ValueRow::DimText::Kind;
  const auto append = [](std::string* out, const ValueRow::DimText& dim) {
    if (dim.kind == Kind::kInteger) absl::StrAppend(out, dim.value);
    if (dim.kind == Kind::kExpression) absl::StrAppend(out, dim.text.view());
    if (dim.kind == Kind::kUnknown) absl::StrAppend(out, "?");
  };
  for (const ValueRow& row : report.values) {
    if (row.name != value) continue;
    if (!row.has_rank) return std::string(row.dtype.view());
    return absl::StrReplaceAll(
        absl::StrCat(row.dtype.view(), "[", absl::StrJoin(row.shape, ",", append), "]"),
        {{" ", ""}});
  }
  return "no value";
}

std::string TextOf(const Amount& amount) {
  if (amount.is_unknown()) return "?";
  if (amount.is_formula()) {
    return absl::StrReplaceAll(amount.formula(), {{" ", ""}});
  }
  return absl::StrCat(static_cast<int64_t>(amount.value()));
}

const NodeRow& NodeOf(const ModelReport& report, const std::string& name) {
  for (const NodeRow& row : report.nodes) {
    if (row.name == name) return row;
  }
  INFO("there is no node " << name);
  REQUIRE(false);
  return report.nodes.front();
}

}  // namespace onnx_macs::testing
