// Normalisation layers: output shapes, statistics, operations per element.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("BatchNormalization of every version") {
  const std::string c = "f32[3]=weights";
  RunOpCases(std::vector<OpCase>{
      {.op = "BatchNormalization",
       .inputs = {"f32[1,3,4,4]", "f32[3,1]", "f32[3]", "f32[3]", "f32[3]"},
       .expected = "gap: input 1 has 2 dims instead of 1"},
      {.op = "BatchNormalization",
       .opset = 1,
       .inputs = {"f32[2,3,4]", c, c, c, c},
       .expected = "f32[2,3,4]; f32[3]; f32[3]; f32[3]; f32[3]",
       .macs = 0,
       .ops = 48,
       .params = 12},
      {.op = "BatchNormalization",
       .opset = 9,
       .inputs = {"f16[b,3,h,w]", c, c, c, c},
       .expected = "f16[b,3,h,w]",
       .ops_formula = "6*b*h*w"},
      {.op = "BatchNormalization",
       .opset = 15,
       .attrs = {"training_mode=1"},
       .inputs = {"f16[2,3,4]", c, c, c, c},
       .expected = "f16[2,3,4]; f32[3]; f32[3]",
       .ops = 48},
      {.op = "BatchNormalization",
       .opset = 15,
       .inputs = {"f32[7]", "f32[1]", "f32[1]", "f32[1]", "f32[1]"},
       .expected = "f32[7]"},
      {.op = "BatchNormalization",
       .opset = 15,
       .inputs = {"f32[2,4,4]", c, c, c, c},
       .expected = "gap: input has 4 channels, the scale 3"},
  });
}

TEST_CASE("the other normalisations") {
  RunOpCases(std::vector<OpCase>{
      {.op = "InstanceNormalization",
       .inputs = {"f32[2,3,4]", "f32[3]", "f32[3]"},
       .expected = "f32[2,3,4]",
       .macs = 0,
       .ops = 120},
      {.op = "InstanceNormalization",
       .inputs = {"f32[2,4,4]", "f32[3]", "f32[3]"},
       .expected = "gap: input has 4 channels, the scale 3"},
      {.op = "GroupNormalization",
       .opset = 18,
       .attrs = {"num_groups=2"},
       .inputs = {"f32[2,4,5]", "f32[2]", "f32[2]"},
       .expected = "f32[2,4,5]",
       .ops = 200},
      {.op = "GroupNormalization",
       .opset = 21,
       .attrs = {"num_groups=2"},
       .inputs = {"f32[2,4,5]", "f32[4]", "f32[4]"},
       .expected = "f32[2,4,5]",
       .ops = 200},
      {.op = "GroupNormalization",
       .opset = 21,
       .attrs = {"num_groups=3"},
       .inputs = {"f32[2,4,5]", "f32[4]", "f32[4]"},
       .expected = "gap: 4 channels are not divisible by num_groups 3"},
      {.op = "GroupNormalization",
       .opset = 21,
       .inputs = {"f32[2,4,5]", "f32[4]", "f32[4]"},
       .expected = "gap: num_groups is 0"},
      {.op = "RMSNormalization",
       .opset = 23,
       .inputs = {"f32[2,4,8]", "f16[8]=weights"},
       .expected = "f16[2,4,8]",
       .ops = 256,
       .params = 8},
      {.op = "LpNormalization", .inputs = {"f32[2,4]"}, .expected = "f32[2,4]", .ops = 24},
      {.op = "LpNormalization",
       .attrs = {"axis=2"},
       .inputs = {"f32[2,4]"},
       .expected = "gap: axis 2 is outside of the 2 dims"},
      {.op = "MeanVarianceNormalization",
       .inputs = {"f32[2,4,3,3]"},
       .expected = "f32[2,4,3,3]",
       .ops = 360},
      // 2 * 5 + 4 for each of 72.
      {.op = "LRN",
       .attrs = {"size=5"},
       .inputs = {"f32[2,4,3,3]"},
       .expected = "f32[2,4,3,3]",
       .ops = 1008},
      {.op = "LRN",
       .attrs = {"size=1"},
       .inputs = {"f32[2,4,3,3]"},
       .expected = "f32[2,4,3,3]",
       .ops = 432},
      {.op = "LRN", .inputs = {"f32[2,4,3,3]"}, .expected = "gap: size is 0"},
      {.op = "LRN",
       .attrs = {"size=-5"},
       .inputs = {"f32[2,4,3,3]"},
       .expected = "gap: size is -5"},
  });
}

TEST_CASE("LayerNormalization gives its statistics out over the leading dims") {
  RunOpCases(std::vector<OpCase>{
      {.op = "LayerNormalization",
       .inputs = {"f16[2,4,8]", "f16[8]=weights", "f16[8]=weights"},
       .expected = "f16[2,4,8]; f32[2,4,1]; f32[2,4,1]",
       .macs = 0,
       .ops = 320,
       .params = 16},
      {.op = "LayerNormalization",
       .attrs = {"axis=1", "stash_type=16"},
       .inputs = {"f16[b,s,8]", "f16[s,8]"},
       .expected = "f16[b,s,8]; ; bf16[b,1,1]",
       .ops_formula = "40*b*s"},
      {.op = "LayerNormalization",
       .attrs = {"axis=-4"},
       .inputs = {"f16[2,4,8]", "f16[8]"},
       .expected = "gap: axis -4 is outside of the 3 dims"},
      {.op = "SimplifiedLayerNormalization",
       .inputs = {"f16[2,4,8]", "f16[8]=weights"},
       .expected = "f16[2,4,8]; f32[2,4,1]",
       .ops = 256},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
