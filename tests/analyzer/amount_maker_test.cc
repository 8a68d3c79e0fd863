// Amounts of counts: a formula is written once, and what is written of it is bounded all the same.
#include "analyzer/amount_maker.h"

#include "analyzer/expr_pool.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

TEST_CASE("amounts of equal counts share their text") {
  ExprPool pool;
  const Dim h = pool.Symbol("h");
  AmountMaker amounts;
  const Amount once = amounts.Make(Count(h * 4)), again = amounts.Make(Count(h) * Count(4));
  CHECK(once.formula() == "4*h");
  CHECK(once.approximate() == 256);
  CHECK(again.SharesWith(once));
  CHECK_FALSE(amounts.Make(Count(h * 5)).SharesWith(once));
  CHECK(amounts.Make(Count(7)).value() == 7);
  CHECK(amounts.Make(Count::Unknown()).is_unknown());
  CHECK(amounts.Make(Count::TooLarge()).is_unknown());
}

TEST_CASE("what amounts say together is bounded, shared or not") {
  ExprPool pool;
  pool.set_limits(3200);
  const Count count(pool.Symbol("h") * 4);
  AmountMaker amounts;
  int known = 0;
  while (known < 2000 && amounts.Make(count).is_formula()) ++known;
  CHECK(known == 1067);  // "4*h" is written as long as no more than 3200 bytes were
}

TEST_CASE("figures have twice the MACs and the other operations as FLOPs") {
  ExprPool pool;
  const Dim h = pool.Symbol("h");
  Totals totals;
  totals.AddNode(Count(h * 100), Count(h * 3 + 1));
  totals.AddNode(Count(h * h), Count(4));
  totals.params.Add(Count(17));
  const Figures figures = AmountMaker().Make(totals);
  CHECK(figures.macs.formula() == "h^2 + 100*h");
  CHECK(figures.ops.formula() == "3*h + 5");
  CHECK(figures.flops.formula() == "2*h^2 + 203*h + 5");
  CHECK(figures.params.value() == 17);
  CHECK(figures.nodes == 2);
}

}  // namespace
}  // namespace onnx_macs
