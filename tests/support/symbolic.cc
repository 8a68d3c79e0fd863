// The comparison of symbolic.h.
#include "tests/support/symbolic.h"

#include <regex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/dim_parse.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

// The value of a printed expression.
int64_t Evaluate(absl::string_view text, int64_t value) {
  ExprPool pool;
  const auto dim = ParseDim(text, pool, [&](absl::string_view) { return Dim(value); });
  INFO(text << " at " << value << " is " << (dim.ok() ? ToString(*dim) : "unreadable"));
  REQUIRE(dim.ok());
  REQUIRE(dim->is_integer());
  return dim->value();
}

int64_t Evaluate(const Amount& amount, int64_t value) {
  REQUIRE(!amount.is_unknown());
  return amount.is_integer() ? static_cast<int64_t>(amount.value())
                             : Evaluate(amount.formula(), value);
}

std::vector<int64_t> Evaluate(const ValueRow& row, int64_t value) {
  std::vector<int64_t> dims;
  for (const ValueRow::DimText& dim : row.shape) {
    REQUIRE(dim.kind != ValueRow::DimText::Kind::kUnknown);
    dims.push_back(dim.kind == ValueRow::DimText::Kind::kInteger ? dim.value
                                                                 : Evaluate(dim.text, value));
  }
  return dims;
}

OpCase AtPoint(OpCase op_case, const std::string& symbol, int64_t value) {
  const std::regex name("\\b" + symbol + "\\b");
  for (std::string& input : op_case.inputs) {
    input = std::regex_replace(input, name, absl::StrCat(value));
  }
  return op_case;
}

}  // namespace

void CheckAtPoints(const OpCase& op_case, const std::string& symbol,
                   const std::vector<int64_t>& values) {
  const ModelReport symbolic = AnalyzeOpCase(op_case);
  for (int64_t value : values) {
    const OpCase concrete_case = AtPoint(op_case, symbol, value);
    INFO(Describe(op_case) << " at " << value);
    const ModelReport concrete = AnalyzeOpCase(concrete_case);
    REQUIRE(concrete.values.size() == symbolic.values.size());
    for (size_t i = 0; i < concrete.values.size(); ++i) {
      if (!absl::StartsWith(concrete.values[i].name, "out")) continue;
      CHECK(Evaluate(symbolic.values[i], value) == Evaluate(concrete.values[i], value));
    }
    CHECK(Evaluate(symbolic.figures.macs, value) == Evaluate(concrete.figures.macs, value));
    CHECK(Evaluate(symbolic.figures.ops, value) == Evaluate(concrete.figures.ops, value));
  }
}

}  // namespace onnx_macs::testing
