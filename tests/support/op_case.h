// One operator, its inputs and what is expected of it: the row of which the rules' tests are
// tables.
#ifndef ONNX_MACS_TESTS_SUPPORT_OP_CASE_H_
#define ONNX_MACS_TESTS_SUPPORT_OP_CASE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/report.h"

namespace onnx_macs::testing {

struct OpCase {
  std::string op = "";
  std::string domain = "";  // "" for ai.onnx
  int opset = 17;           // of the operator's domain
  // "group=2", "alpha=0.5", "pads=[1,1]", "scales=[1.0,2.0]", "mode=\"linear\"", "keys=[\"a\"]",
  // "value=i64[2]={1,2}".
  std::vector<std::string> attrs = {};
  // "f32[2,h,3]" (names are symbols; "?" is a dim without a name, of which the analysis makes a
  // symbol: in0_dim1), "f32" (unknown rank), "seq(f32[2])"; an initializer "i64[2]={1,2}" or
  // "f32[8,4]=weights"; integers known only as symbols "i64[2]={h,4}"; "" is an input left out.
  std::vector<std::string> inputs = {};
  // "f32[b,4*h]; i64[2]={1,2}", one per output, "" for an output left out; "[2,3]" for any type;
  // "f32" where the rank must be unknown; "gap: part of the reason" for a node that is refused.
  std::string expected = "";
  std::optional<int64_t> macs = {}, ops = {};  // of the node; compared where given
  // Instead of `macs` and `ops` where they are formulas.
  std::string macs_formula = "", ops_formula = "";
  std::optional<int64_t> params = {};
  std::string convention = "default";
};

// Analyses a model of that one node and CHECKs what is expected of it.
void RunOpCase(const OpCase& op_case);
void RunOpCases(absl::Span<const OpCase> cases);

// The report itself, for tests that want more of it; the case's expectations are not looked at.
ModelReport AnalyzeOpCase(const OpCase& op_case);
// The serialized model, for tests that want more of it.
std::string ModelOf(const OpCase& op_case);
// "Conv(f32[1,3,8,8], f32[4,3,3,3]) group=1", for messages.
std::string Describe(const OpCase& op_case);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_OP_CASE_H_
