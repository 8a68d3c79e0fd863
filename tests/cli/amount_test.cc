// Sums for folded rows.
#include "cli/amount.h"

#include "tests/cli/sample_report.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

TEST_CASE("integers are added exactly") {
  CHECK(Add(Integer(2), Integer(3)).value == 5);
  CHECK(Subtract(Integer(2), Integer(3)).value == -1);
  CHECK(Approximate(Add(Integer(2), Integer(3))) == 5);
}

TEST_CASE("formulas are added by algebra") {
  const Amount sum = Simplified(Add(Formula("4*h + 2", 258), Formula("8*h - 2", 510)));
  CHECK(sum.formula == "12*h");
  CHECK(Approximate(sum) == 768);
  CHECK(Simplified(Add(Formula("h", 64), Integer(7))).formula == "h + 7");
}

TEST_CASE("a formula that cancels is an integer again") {
  const Amount rest = Simplified(Subtract(Formula("4*h + 2", 258), Formula("4*h", 256)));
  CHECK(rest.kind == Amount::Kind::kInteger);
  CHECK(rest.value == 2);
  CHECK(IsZero(Simplified(Subtract(Formula("4*h", 256), Formula("4*h", 256)))));
}

TEST_CASE("the unknown stays unknown, and so does what overflows") {
  CHECK(Add(Integer(2), Unknown()).kind == Amount::Kind::kUnknown);
  CHECK(Subtract(Unknown(), Integer(2)).kind == Amount::Kind::kUnknown);
  CHECK(Add(Integer(absl::Int128Max()), Integer(1)).kind == Amount::Kind::kUnknown);
  CHECK(Subtract(Integer(absl::Int128Min()), Integer(1)).kind == Amount::Kind::kUnknown);
}

TEST_CASE("many formulas are added in reasonable time") {
  Amount sum = Integer(0);
  for (int i = 0; i < 20000; ++i) sum = Add(sum, Formula("3*height*width + 2*width + 1", 12417));
  CHECK(Simplified(sum).formula == "60000*height*width + 40000*width + 20000");
}

TEST_CASE("figures are added column by column") {
  const Figures sum = Add(SampleFigures(10, 3, 2), SampleFigures(20, 4, 1));
  CHECK(sum.macs.value == 30);
  CHECK(sum.flops.value == 60);
  CHECK(sum.params.value == 7);
  CHECK(sum.weight_bytes.value == 28);
  CHECK(sum.nodes == 3);
}

}  // namespace
}  // namespace onnx_macs
