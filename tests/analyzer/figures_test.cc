// Sums for folded rows.
#include "analyzer/figures.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/cli/sample_report.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

TEST_CASE("integers are added exactly") {
  CHECK(Add(Amount::Integer(2), Amount::Integer(3)).value() == 5);
  CHECK(Subtract(Amount::Integer(2), Amount::Integer(3)).value() == -1);
  CHECK(Add(Amount::Integer(2), Amount::Integer(3)).approximate() == 5);
}

TEST_CASE("formulas are added by algebra") {
  const Amount sum =
      Simplified(Add(Amount::Formula("4*h + 2", 258), Amount::Formula("8*h - 2", 510)));
  CHECK(sum.formula() == "12*h");
  CHECK(sum.approximate() == 768);
  CHECK(Simplified(Add(Amount::Formula("h", 64), Amount::Integer(7))).formula() == "h + 7");
}

TEST_CASE("a formula that cancels is an integer again") {
  const Amount rest =
      Simplified(Subtract(Amount::Formula("4*h + 2", 258), Amount::Formula("4*h", 256)));
  CHECK(rest.is_integer());
  CHECK(rest.value() == 2);
  CHECK(Simplified(Subtract(Amount::Formula("4*h", 256), Amount::Formula("4*h", 256))).is_zero());
}

TEST_CASE("the unknown stays unknown, and so does what overflows") {
  CHECK(Add(Amount::Integer(2), Amount::Unknown()).is_unknown());
  CHECK(Subtract(Amount::Unknown(), Amount::Integer(2)).is_unknown());
  CHECK(Add(Amount::Integer(absl::Int128Max()), Amount::Integer(1)).is_unknown());
  CHECK(Subtract(Amount::Integer(absl::Int128Min()), Amount::Integer(1)).is_unknown());
}

TEST_CASE("copies of an amount are equal, and outlive each other") {
  Amount copy;
  {
    const Amount formula = Amount::Formula("4*h + 2", 258);
    copy = formula;
    CHECK(copy.SharesWith(formula));
    CHECK_FALSE(copy.SharesWith(Amount::Formula("4*h + 2", 258)));
    CHECK(copy == Amount::Formula("4*h + 2", 258));
  }
  Amount& same = copy;
  copy = same;
  const Amount moved = std::move(copy);
  CHECK(moved.formula() == "4*h + 2");
  CHECK(moved.approximate() == 258);
  CHECK_FALSE(Amount::Integer(0).SharesWith(Amount::Integer(0)));
}

TEST_CASE("a sum of figures has each of many formulas as often as it was added") {
  FiguresSum sum;
  for (int times = 0; times < 3; ++times) {
    for (int i = 0; i < 20; ++i) {
      Figures figures;
      figures.macs = Amount::Formula(i == 0 ? "h" : absl::StrCat("h + ", i), 64 + i);
      figures.ops = Amount::Integer(i);
      sum.Add(figures);
    }
  }
  const Figures total = sum.Total();
  CHECK(Simplified(total.macs).formula() == "60*h + 570");  // 3 * (0 + 1 + .. + 19) = 570
  CHECK(total.macs.approximate() == 60 * 64 + 570);
  CHECK(total.ops.value() == 570);
}

TEST_CASE("many formulas are added in reasonable time") {
  Amount sum = Amount::Integer(0);
  for (int i = 0; i < 20000; ++i)
    sum = Add(sum, Amount::Formula("3*height*width + 2*width + 1", 12417));
  CHECK(Simplified(sum).formula() == "60000*height*width + 40000*width + 20000");
}

TEST_CASE("what a formula is about: every symbol taken as 64, in no time") {
  CHECK(ApproximateFormula("4*h^2 + 2*\"odd name\" - 1") == 16511);             // 16384 + 128 - 1
  CHECK(ApproximateFormula("floor((h + 7)/8) + ceil(w/3) + min(h, 3)") == 33);  // 8 + 22 + 3
  CHECK(ApproximateFormula("h/3") == 64.0 / 3);
  CHECK(ApproximateFormula("20000000000000000000000*h^4") == 20e21 * 16777216);
  CHECK(ApproximateFormula("20000000000000000000000*h + 1") == 1.28e24);
  CHECK(ApproximateFormula("(a + b + c + d + e + 1)^60") == 0);  // too large to be known
  CHECK(ApproximateFormula("(a + b + c + d - 255)^60") == 1);
  CHECK(ApproximateFormula("h +") == 0);
  CHECK(ApproximateFormula("") == 0);
}

TEST_CASE("figures are added column by column") {
  const Figures sum = Add(SampleFigures(10, 3, 2), SampleFigures(20, 4, 1));
  CHECK(sum.macs.value() == 30);
  CHECK(sum.flops.value() == 60);
  CHECK(sum.params.value() == 7);
  CHECK(sum.weight_bytes.value() == 28);
  CHECK(sum.nodes == 3);
}

}  // namespace
}  // namespace onnx_macs
