// Mixtures of experts exported as a loop over them: the rows of all experts are tokens times k,
// whatever the router says.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "tests/support/catch.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

// The choice of 2 of 3 experts for the rows of x, and the rows of expert `e` by `one_hot`.
std::string Router(const std::string& one_hot, const std::string& shape = "7,4") {
  return absl::StrCat("g (float[", shape, R"(] x, float[4,3] gate, float[4,5] w) => (y0, y1, y2) {
      logits = MatMul (x, gate)
      p = Softmax <axis = -1> (logits)
      k = Constant <value = int64[1] {2}> ()
      best, chosen = TopK <axis = -1> (p, k))",
                      one_hot);
}

constexpr char kOneHot[] = R"(
      depth = Constant <value = int64[1] {3}> ()
      zero_one = Constant <value = int64[2] {0, 1}> ()
      hot = OneHot <axis = -1> (chosen, depth, zero_one)
      mask = Transpose <perm = [2, 1, 0]> (hot))";

constexpr char kEqual[] = R"(
      last = Constant <value = int64[1] {-1}> ()
      range = Constant <value = int64[3] {0, 1, 2}> ()
      wide = Unsqueeze (chosen, last)
      is_it = Equal (wide, range)
      hot = Cast <to = 7> (is_it)
      mask = Transpose <perm = [2, 1, 0]> (hot))";

// One expert each: where the mask says so, rows of x are gathered and multiplied.
std::string Experts() {
  std::string text = "\n row1 = Constant <value = int64[1] {1}> ()\n";
  for (int e = 0; e < 3; ++e) {
    const std::string n = std::to_string(e);
    absl::StrAppend(&text, "i", n, " = Constant <value = int64 {", n, "}> ()\n", "m", n,
                    " = Gather <axis = 0> (mask, i", n, ")\n", "f", n, " = NonZero (m", n, ")\n",
                    "r", n, " = Gather <axis = 0> (f", n, ", row1)\n", "q", n, " = Squeeze (r", n,
                    ")\n", "x", n, " = Gather <axis = 0> (x, q", n, ")\n", "y", n, " = MatMul (x",
                    n, ", w)\n");
  }
  return text + "}";
}

TEST_CASE("rows of experts add up to tokens times k") {
  for (const char* one_hot : {kOneHot, kEqual}) {
    const ModelReport report = AnalyzeModel(ModelText(Router(one_hot) + Experts()));
    INFO(one_hot);
    CHECK(report.gaps.empty());
    // 14 rows over 3 experts: 5, 5 and 4.
    CHECK(ShapeOf(report, "x0") == "float32[5,4]");
    CHECK(ShapeOf(report, "x1") == "float32[5,4]");
    CHECK(ShapeOf(report, "x2") == "float32[4,4]");
    // 7 * 4 * 3 for the router, 21 for its Softmax, 14 * 4 * 5 for the experts.
    CHECK(TextOf(report.figures.macs) == "385");
    REQUIRE(report.notes.size() == 1);
    CHECK(report.notes[0] ==
          "the rows of experts are taken to be dealt out evenly; together they are exact");
  }
}

TEST_CASE("rows of experts follow a symbolic number of tokens") {
  const ModelReport report = AnalyzeModel(ModelText(Router(kOneHot, "t,4") + Experts()));
  CHECK(ShapeOf(report, "x0") == "float32[ceil((2*t)/3),4]");
  CHECK(ShapeOf(report, "x2") == "float32[floor((2*t)/3),4]");
}

// The loop unrolled over the first `traced` of the experts that any token chose.
std::string Traced(int traced) {
  std::string text = R"(
      both = Constant <value = int64[2] {1, 2}> ()
      none = Constant <value = int64 {0}> ()
      first = Constant <value = int64[1] {0}> ()
      per_expert = ReduceSum <keepdims = 0> (mask, both)
      is_hit = Greater (per_expert, none)
      hits = NonZero (is_hit)
      list = Transpose <perm = [1, 0]> (hits)
      row1 = Constant <value = int64[1] {1}> ()
      )";
  for (int e = 0; e < traced; ++e) absl::StrAppend(&text, e == 0 ? "" : ", ", "h", e);
  absl::StrAppend(&text, " = Split <axis = 0> (list)\n");
  for (int e = 0; e < traced; ++e) {
    absl::StrAppend(&text, absl::Substitute(R"(
      s$0 = Squeeze (h$0, first)
      i$0 = Gather <axis = 0> (s$0, none)
      m$0 = Gather <axis = 0> (mask, i$0)
      f$0 = NonZero (m$0)
      r$0 = Gather <axis = 0> (f$0, row1)
      q$0 = Squeeze (r$0)
      x$0 = Gather <axis = 0> (x, q$0)
      y$0 = MatMul (x$0, w))",
                                            e));
  }
  for (int e = traced; e < 3; ++e) absl::StrAppend(&text, "\ny", e, " = Identity (w)\n");
  return text + "}";
}

TEST_CASE("experts that an example hit do the work of all") {
  const ModelReport some = AnalyzeModel(ModelText(Router(kOneHot) + Traced(2)));
  CHECK(some.gaps.empty());
  CHECK(some.facts.empty());
  // 14 rows over 2 of the 3 experts.
  CHECK(ShapeOf(some, "x0") == "float32[7,4]");
  CHECK(ShapeOf(some, "x1") == "float32[7,4]");
  REQUIRE(some.notes.size() == 2);
  CHECK(some.notes[0] ==
        "only 2 of 3 experts were traced, those that an example hit: they are taken to do the work "
        "of "
        "all");
  const ModelReport all = AnalyzeModel(ModelText(Router(kEqual) + Traced(3)));
  CHECK(ShapeOf(all, "x0") == "float32[5,4]");
  CHECK(ShapeOf(all, "x2") == "float32[4,4]");
  CHECK(all.notes.size() == 1);
  // What was not taken from the list of hits is no expert of it.
  std::string other = Router(kOneHot) + Traced(2);
  other.replace(other.find("(mask, i1"), 9, "(mask, q0");
  CHECK(ShapeOf(AnalyzeModel(ModelText(other)), "x1") != "float32[7,4]");
}

TEST_CASE("what only looks like an expert's rows stays data") {
  // The values of the choice instead of the choice.
  std::string values = Router(kOneHot) + Experts();
  values.replace(values.find("(chosen, depth"), 7, "(best");
  CHECK(ShapeOf(AnalyzeModel(ModelText(values)), "x0") == "float32[nonzero,4]");
  // A one-hot form of more classes than there are.
  std::string classes = Router(kOneHot) + Experts();
  classes.replace(classes.find("int64[1] {3}"), 12, "int64[1] {4}");
  classes.replace(classes.find("perm = [2, 1, 0]"), 16, "perm = [1, 2, 0]");
  CHECK(ShapeOf(AnalyzeModel(ModelText(classes)), "x0") == "float32[nonzero,4]");
}

}  // namespace
}  // namespace onnx_macs::testing
