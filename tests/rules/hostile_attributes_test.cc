// Attributes and sizes no model has: whatever they are, there is a result or a reason, the totals
// add up, and the sanitizers have nothing to say.
#include "absl/strings/match.h"
#include "tests/support/catch.h"
#include "tests/support/op_case.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

struct Target {
  std::string op;
  int opset;
  std::vector<std::string> attrs, inputs;
  std::vector<std::string> lists, numbers;  // the attributes that get strange values
};

std::vector<Target> Targets() {
  const std::vector<std::string> window = {"strides", "dilations", "pads", "kernel_shape"};
  std::vector<std::string> transposed = window;
  transposed.insert(transposed.end(), {"output_padding", "output_shape"});
  const std::string x = "f32[2,4,8,8]", w = "f32[4,4,3,3]";
  return {
      {"Conv", 17, {}, {x, w}, window, {"group"}},
      {"ConvTranspose", 17, {}, {x, w}, transposed, {"group"}},
      {"DeformConv", 19, {}, {x, w, "f32[2,18,6,6]"}, window, {"group", "offset_group"}},
      {"MaxPool", 17, {"kernel_shape=[2,2]"}, {x}, window, {"ceil_mode", "storage_order"}},
      {"AveragePool", 19, {"kernel_shape=[2,2]", "ceil_mode=1"}, {x}, window, {}},
      {"GroupNormalization", 21, {}, {x, "f32[4]", "f32[4]"}, {}, {"num_groups"}},
      {"LayerNormalization", 17, {}, {x, "f32[8]"}, {}, {"axis", "stash_type"}},
      {"LpNormalization", 17, {}, {x}, {}, {"axis", "p"}},
      {"LRN", 17, {}, {x}, {}, {"size"}},
      {"Softmax", 17, {}, {x}, {}, {"axis"}},
      {"Softmax", 11, {}, {x}, {}, {"axis"}},
      {"ReduceSum", 11, {}, {x}, {"axes"}, {"keepdims"}},
      {"ReduceProd", 11, {}, {"i64[2,2]={1,2,3,4}"}, {"axes"}, {"keepdims"}},
      {"Resize", 18, {}, {x, "", "f32[2]={2,2}"}, {"axes"}, {}},
      {"Upsample", 7, {}, {x}, {"scales"}, {}},
      {"Attention",
       23,
       {},
       {"f32[2,6,8]", "f32[2,6,8]", "f32[2,6,8]"},
       {},
       {"q_num_heads", "kv_num_heads"}},
      {"Gemm", 17, {}, {"f32[2,3]", "f32[3,2]"}, {}, {"transA", "transB"}},
  };
}

constexpr int64_t kStrange[] = {
    INT64_MIN,        INT64_MIN + 1,    -2147483649,   -2,       -1, 0, 1, 2, 2147483647,
    int64_t{1} << 32, int64_t{1} << 61, INT64_MAX - 1, INT64_MAX};

void CheckSurvives(const Target& target, const std::string& attribute) {
  OpCase op_case = {.op = target.op,
                    .opset = target.opset,
                    .attrs = target.attrs,
                    .inputs = target.inputs,
                    .expected = "any; any"};
  std::erase_if(op_case.attrs, [&](const std::string& attr) {
    return absl::StartsWith(attr, attribute.substr(0, attribute.find('=') + 1));
  });
  op_case.attrs.push_back(attribute);
  const ModelReport report = AnalyzeOpCase(op_case);
  INFO(Describe(op_case));
  CHECK(report.figures.nodes >= 1);
  for (const GapRow& gap : report.gaps) CHECK_FALSE(gap.reason.empty());
}

TEST_CASE("hostile attributes") {
  for (const Target& target : Targets()) {
    for (int64_t value : kStrange) {
      for (const std::string& name : target.numbers) {
        CheckSurvives(target, absl::StrCat(name, "=", value));
      }
      for (const std::string& name : target.lists) {
        for (size_t size : {0, 1, 2, 3, 4, 5, 100}) {
          CheckSurvives(target, Attr(name, std::vector<int64_t>(size, value)));
          CheckSurvives(target, Attr(name, {1, value}));
        }
      }
    }
    for (const std::string& name : target.lists) CheckSurvives(target, name + "=\"text\"");
    for (const std::string& name : target.numbers) CheckSurvives(target, name + "=[1.5]");
  }
}

TEST_CASE("hostile sizes") {
  for (Target target : Targets()) {
    for (const std::string size : {"0", "1", "2147483648", "2305843009213693951",
                                   "2305843009213693952", "9223372036854775807", "?", "h"}) {
      for (std::string& input : target.inputs) {
        const size_t bracket = input.find_last_of("[,");
        if (absl::StrContains(input, "=") || bracket == std::string::npos) continue;
        input = absl::StrCat(input.substr(0, bracket + 1), size, "]");
      }
      CheckSurvives(target, "unused=1");
    }
    for (std::string& input : target.inputs) {
      if (!absl::StrContains(input, "=") && !input.empty()) input = "f32[]";
    }
    CheckSurvives(target, "unused=1");
    target.inputs = {"f32"};
    CheckSurvives(target, "unused=1");
    target.inputs = {};
    CheckSurvives(target, "unused=1");
  }
}

TEST_CASE("hostile resizes") {
  const std::string x = "f32[1,2,h,9223372036854775807]";
  for (const std::string scale :
       {"0", "-1", "1e-38", "1e-45", "3e38", "inf", "-inf", "nan", "1e9"}) {
    CheckSurvives({"Resize", 13, {}, {x, "", "f32[4]={1,1," + scale + ",0.3}"}, {}, {}},
                  "unused=1");
    CheckSurvives({"Resize",
                   13,
                   {"coordinate_transformation_mode=\"tf_crop_and_resize\""},
                   {x, "f32[8]={0,0," + scale + ",0,1,1,nan,inf}", "f32[4]={1,1,2,2}"},
                   {},
                   {}},
                  "unused=1");
  }
  for (const std::string size : {"0", "-1", "9223372036854775807", "h"}) {
    for (const std::string policy : {"stretch", "not_larger", "not_smaller", "other"}) {
      CheckSurvives({"Resize",
                     18,
                     {"keep_aspect_ratio_policy=\"" + policy + "\""},
                     {"f32[1,2,0,7]", "", "", "i64[4]={1,2," + size + ",9223372036854775807}"},
                     {},
                     {}},
                    "unused=1");
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
