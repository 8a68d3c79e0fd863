// Linear models, vector machines, grids, deformable convolutions and attention with graphs inside
// against the naive counter.
#include "tests/support/attention_case.h"
#include "tests/support/catch.h"
#include "tests/support/naive_forms.h"
#include "tests/support/sweep.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

const std::string kMl = "ai.onnx.ml";

// "coefficients=[1.0,1.0,1.0]": only how many there are matters.
std::string Floats(const std::string& name, int64_t count) {
  return absl::StrCat(name, "=[", absl::StrJoin(std::vector<std::string>(count, "1.0"), ","), "]");
}

// "classlabels_ints=[0,1,2]"
std::string Labels(int64_t classes) {
  Ints labels;
  for (int64_t i = 0; i < classes; ++i) labels.push_back(i);
  return Attr("classlabels_ints", labels);
}

const Sweep kLinear({"ai.onnx.ml LinearClassifier", "ai.onnx.ml LinearRegressor"});

TEST_CASE("linear models as the naive loops count them") {
  const SweepCheck check(kLinear);
  for (int64_t rows : {1, 7}) {
    for (int64_t features : {1, 4}) {
      for (int64_t targets : {2, 5}) {
        const NaiveResult oracle = CountMatMul({rows, features}, {features, targets});
        const std::string coefficients = Floats("coefficients", features * targets);
        OpCase op_case = {.op = "LinearRegressor",
                          .domain = kMl,
                          .opset = 1,
                          .attrs = {coefficients, absl::StrCat("targets=", targets)},
                          .inputs = {F32({rows, features})},
                          .expected = F32(oracle.shape),
                          .macs = oracle.macs};
        RunOpCase(op_case);
        op_case.op = "LinearClassifier";
        op_case.attrs = {coefficients, Labels(targets)};
        op_case.expected = absl::StrCat("i64[", rows, "]; ", F32(oracle.shape));
        RunOpCase(op_case);
      }
    }
  }
}

const Sweep kVectors({"ai.onnx.ml SVMClassifier", "ai.onnx.ml SVMRegressor"});

TEST_CASE("support vector machines as the naive loops count them") {
  const SweepCheck check(kVectors);
  for (int64_t rows : {1, 7}) {
    for (int64_t features : {1, 4}) {
      for (const Ints& vectors : {Ints{1, 1}, Ints{2, 3}, Ints{1, 4, 2}, Ints{1, 1, 1, 1}}) {
        const int64_t classes = static_cast<int64_t>(vectors.size());
        int64_t all = 0;
        for (int64_t n : vectors) all += n;
        RunOpCase({.op = "SVMClassifier",
                   .domain = kMl,
                   .opset = 1,
                   .attrs = {Attr("vectors_per_class", vectors), Labels(classes),
                             Floats("support_vectors", all * features),
                             Floats("coefficients", all * (classes - 1))},
                   .inputs = {F32({rows, features})},
                   .expected = absl::StrCat("i64[", rows, "]"),
                   .macs = CountVectorMachine(rows, vectors, features)});
        RunOpCase(
            {.op = "SVMRegressor",
             .domain = kMl,
             .opset = 1,
             .attrs = {absl::StrCat("n_supports=", all), "kernel_type=\"RBF\"",
                       Floats("support_vectors", all * features), Floats("coefficients", all)},
             .inputs = {F32({rows, features})},
             .expected = F32({rows, 1}),
             .macs = CountVectorMachine(rows, {all, 0}, features)});
      }
    }
  }
}

const Sweep kGrids({"ai.onnx AffineGrid"});

// Every position, with a one behind it, meets the rows of theta.
TEST_CASE("affine grids as the naive loops count them") {
  const SweepCheck check(kGrids);
  for (int64_t batch : {1, 3}) {
    for (const Ints& sizes : {Ints{1, 1}, Ints{5, 6}, Ints{2, 3, 4}}) {
      const int64_t axes = static_cast<int64_t>(sizes.size());
      Ints size = {batch, 3}, y = {batch};
      int64_t positions = 0;
      ForEachIndex(sizes, [&](const Ints&) { ++positions; });
      size.insert(size.end(), sizes.begin(), sizes.end());
      y.insert(y.end(), sizes.begin(), sizes.end());
      y.push_back(axes);
      RunOpCase(
          {.op = "AffineGrid",
           .opset = 20,
           .inputs = {F32({batch, axes, axes + 1}),
                      absl::StrCat("i64[", size.size(), "]={", absl::StrJoin(size, ","), "}")},
           .expected = F32(y),
           .macs = CountMatMul({batch, positions, axes + 1}, {axes + 1, axes}).macs});
    }
  }
}

const Sweep kDeformed({"ai.onnx DeformConv"});

TEST_CASE("deformable convolutions as the naive loops count them") {
  const SweepCheck check(kDeformed);
  for (int64_t group : {1, 2, 6}) {
    for (int64_t offset_group : {1, 3}) {
      for (int64_t stride : {1, 2}) {
        for (int64_t dilation : {1, 2}) {
          for (int64_t pad : {0, 1}) {
            const NaiveAxis height{7, 3, stride, dilation, pad, 1, 0};
            const NaiveAxis width{5, 2, 1, dilation, 0, pad, 0};
            const NaiveResult oracle = CountConv({2, 6, 12, group, {height, width}});
            const Ints& y = oracle.shape;
            RunOpCase(
                {.op = "DeformConv",
                 .opset = 19,
                 .attrs = {Attr("strides", {stride, 1}), Attr("dilations", {dilation, dilation}),
                           Attr("pads", {pad, 0, 1, pad}), absl::StrCat("group=", group),
                           absl::StrCat("offset_group=", offset_group)},
                 .inputs = {"f32[2,6,7,5]", F32({12, 6 / group, 3, 2}),
                            F32({2, offset_group * 12, y[2], y[3]})},
                 .expected = F32(y),
                 .macs = oracle.macs});
          }
        }
      }
    }
  }
}

const Sweep kFlexible({"ai.onnx.preview FlexAttention"});

TEST_CASE("attention with graphs for its scores as the naive loops count it") {
  const SweepCheck check(kFlexible);
  for (int64_t batch : {1, 3}) {
    for (int64_t heads : {1, 2, 6}) {
      for (int64_t kv_heads : {1, 2, 6}) {
        if (heads % kv_heads != 0) continue;
        RunAttentionCase({.op = "FlexAttention",
                          .domain = "ai.onnx.preview",
                          .opset = 1,
                          .inputs = {F32({batch, heads, 5, 4}), F32({batch, kv_heads, 3, 4}),
                                     F32({batch, kv_heads, 3, 2})},
                          .expected = F32({batch, heads, 5, 2})},
                         CountAttention({batch, heads, kv_heads, 5, 3, 0, 4, 2}));
      }
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
