// RNN, GRU and LSTM: both layouts, both directions.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("a recurrent layer is its two products, gate by gate and step by step") {
  RunOpCases({
      {.op = "RNN",
       .inputs = {"f32[5,2,3]", "f32[1,4,3]", "f32[1,4,4]"},
       .expected = "f32[5,1,2,4]; f32[1,2,4]",
       .macs = 280,
       .ops = 240},
      {.op = "LSTM",
       .inputs = {"f32[5,2,3]", "f32[1,16,3]", "f32[1,16,4]"},
       .expected = "f32[5,1,2,4]; f32[1,2,4]; f32[1,2,4]",
       .macs = 1120,
       .ops = 1200},
      {.op = "LSTM",
       .opset = 1,
       .inputs = {"f32[5,2,3]", "f32[1,16,3]=weights", "f32[1,16,4]=weights", "f32[1,32]=weights"},
       .expected = "; f32[1,2,4]",
       .macs = 1120,
       .ops = 1520,
       .params = 144},
      {.op = "GRU",
       .attrs = {"hidden_size=4", "layout=1", "direction=\"bidirectional\""},
       .inputs = {"f32[b,5,3]", "f32[2,12,3]", "f32[2,12,4]"},
       .expected = "f32[b,5,2,4]; f32[b,2,4]",
       .macs_formula = "840*b",
       .ops_formula = "840*b"},
      {.op = "LSTM",
       .inputs = {"f32", "f32[1,16,3]", "f32[1,16,4]"},
       .expected = "gap: the shape of 'in0'"},
  });
}

TEST_CASE("a peephole is a product and a sum for each of three gates") {
  RunOpCases({
      {.op = "LSTM",
       .inputs = {"f32[5,2,3]", "f32[1,16,3]", "f32[1,16,4]", "", "", "", "", "f32[1,12]"},
       .expected = "f32[5,1,2,4]",
       .macs = 1120,
       .ops = 1440},
  });
}

TEST_CASE("recurrent weights must fit") {
  RunOpCases({
      {.op = "RNN",
       .inputs = {"f32[5,2,3]", "f32[1,4,2]", "f32[1,4,4]"},
       .expected = "gap: the input has 3 features, the weight takes 2"},
      {.op = "RNN",
       .inputs = {"f32[5,2,3]", "f32[2,4,3]", "f32[2,4,4]"},
       .expected = "gap: another number of directions"},
      {.op = "RNN",
       .attrs = {"direction=\"sideways\""},
       .inputs = {"f32[5,2,3]", "f32[1,4,3]", "f32[1,4,4]"},
       .expected = "gap: direction is 'sideways'"},
      {.op = "RNN",
       .inputs = {"f32[5,2]", "f32[1,4,3]", "f32[1,4,4]"},
       .expected = "gap: input 0 has 2 dims"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
