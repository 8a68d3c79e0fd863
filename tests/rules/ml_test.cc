// Classical machine learning: features and models.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

constexpr char kMl[] = "ai.onnx.ml";

TEST_CASE("features are picked, scaled and encoded") {
  RunOpCases({
      {.op = "ArrayFeatureExtractor",
       .domain = kMl,
       .opset = 1,
       .inputs = {"f32[3,4]", "i64[2]"},
       .expected = "f32[3,2]",
       .ops = 0},
      {.op = "ArrayFeatureExtractor",
       .domain = kMl,
       .opset = 1,
       .inputs = {"f32[4]", "i64[2]"},
       .expected = "f32[1,2]"},
      {.op = "Binarizer",
       .domain = kMl,
       .opset = 1,
       .inputs = {"f32[3,h]"},
       .expected = "f32[3,h]",
       .ops_formula = "3*h"},
      {.op = "Scaler",
       .domain = kMl,
       .opset = 1,
       .inputs = {"i64[3,4]"},
       .expected = "f32[3,4]",
       .ops = 24},
      {.op = "Normalizer",
       .domain = kMl,
       .opset = 1,
       .inputs = {"f32[3,4]"},
       .expected = "f32[3,4]",
       .ops = 36},
      {.op = "Imputer",
       .domain = kMl,
       .opset = 1,
       .inputs = {"f32[3,4]"},
       .expected = "f32[3,4]",
       .ops = 12},
      {.op = "CategoryMapper",
       .domain = kMl,
       .opset = 1,
       .attrs = {"cats_int64s=[1,2]", "cats_strings=[\"a\",\"b\"]"},
       .inputs = {"str[3]"},
       .expected = "i64[3]",
       .ops = 0},
      {.op = "LabelEncoder",
       .domain = kMl,
       .opset = 2,
       .attrs = {"values_int64s=[1,2]"},
       .inputs = {"str[3]"},
       .expected = "i64[3]"},
      {.op = "LabelEncoder", .domain = kMl, .opset = 1, .inputs = {"i64[3]"}, .expected = "str[3]"},
      {.op = "OneHotEncoder",
       .domain = kMl,
       .opset = 1,
       .attrs = {"cats_int64s=[1,2,3]"},
       .inputs = {"i64[5,b]"},
       .expected = "f32[5,b,3]",
       .ops_formula = "15*b"},
      {.op = "FeatureVectorizer",
       .domain = kMl,
       .opset = 1,
       .attrs = {"inputdimensions=[2,3]"},
       .inputs = {"f32[n,2]", "f32[n,3]"},
       .expected = "f32[n,5]"},
  });
}

TEST_CASE("linear models are one product") {
  RunOpCases({
      {.op = "LinearClassifier",
       .domain = kMl,
       .opset = 1,
       .attrs = {"coefficients=[1.0,2.0,3.0,4.0,5.0,6.0]", "intercepts=[1.0,2.0,3.0]",
                 "classlabels_ints=[0,1,2]"},
       .inputs = {"f32[n,2]"},
       .expected = "i64[n]; f32[n,3]",
       .macs_formula = "6*n",
       .ops_formula = "3*n"},
      {.op = "LinearRegressor",
       .domain = kMl,
       .opset = 1,
       .attrs = {"coefficients=[1.0,2.0]"},
       .inputs = {"f32[7,2]"},
       .expected = "f32[7,1]",
       .macs = 14,
       .ops = 0},
      {.op = "LinearRegressor",
       .domain = kMl,
       .opset = 1,
       .attrs = {"targets=0"},
       .inputs = {"f32[7,2]"},
       .expected = "gap: there are 0 targets"},
  });
}

TEST_CASE("every row meets every support vector") {
  RunOpCases({
      {.op = "SVMRegressor",
       .domain = kMl,
       .opset = 1,
       .attrs = {"coefficients=[1.0,2.0]", "support_vectors=[1.0,2.0,3.0,4.0,5.0,6.0]",
                 "n_supports=2", "kernel_type=\"RBF\"", "rho=[1.0]"},
       .inputs = {"f32[7,3]"},
       .expected = "f32[7,1]",
       .macs = 56,
       .ops = 77},
      {.op = "SVMClassifier",
       .domain = kMl,
       .opset = 1,
       .attrs = {"classlabels_strings=[\"a\",\"b\",\"c\",\"d\"]", "vectors_per_class=[1,1,1,1]",
                 "support_vectors=[1.0,2.0,3.0,4.0]",
                 "coefficients=[1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0,11.0,12.0]"},
       .inputs = {"f32[7,1]"},
       .expected = "str[7]; f32[7,6]",
       .macs = 112},
  });
}

TEST_CASE("a row takes one path through every tree") {
  RunOpCases({
      {.op = "TreeEnsembleRegressor",
       .domain = kMl,
       .opset = 1,
       .attrs = {"nodes_treeids=[0,0,0,1,1,1]", "n_targets=2"},
       .inputs = {"f32[n,3]"},
       .expected = "f32[n,2]",
       .ops_formula = "6*n"},
      {.op = "TreeEnsembleClassifier",
       .domain = kMl,
       .opset = 3,
       .attrs = {"nodes_treeids=[0,0,0]", "classlabels_int64s=[4,5]"},
       .inputs = {"f32[n,3]"},
       .expected = "i64[n]; f32[n,2]",
       .ops_formula = "3*n"},
      {.op = "TreeEnsemble",
       .domain = kMl,
       .opset = 5,
       .attrs = {"tree_roots=[0,1]", "nodes_featureids=[0,0]", "n_targets=4"},
       .inputs = {"f64[6,1]"},
       .expected = "f64[6,4]",
       .ops = 24},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
