// Closed sums, against adding the terms one after another.
#include "analyzer/pipeline/sum_over.h"

#include "analyzer/dim_parse.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

Dim Parse(const char* text, ExprPool& pool) {
  return *ParseDim(text, pool, [&](absl::string_view name) { return pool.Symbol(name); });
}

absl::int128 SumOneByOne(Dim term, Dim symbol, int64_t first, int64_t count) {
  absl::int128 sum = 0;
  for (int64_t i = first; i < first + count; ++i) {
    sum += Substitute(Count(term), {{SymbolOf(symbol), Dim(i)}}).value();
  }
  return sum;
}

}  // namespace

TEST_CASE("sums over a symbol are those of its values one by one") {
  const char* formula = GENERATE("7*p + 3", "p^2", "p^3 - 2*p + 5", "12*p*(p + 1)/2", "min(p, 9)*4",
                                 "max(p - 5, 0)*p + 1", "8*floor(p/3) + p", "floor((p + 7)/8)*p",
                                 "min(p + 1, 6) + floor(p/4)", "min(2*p, 11)*min(p, 4)");
  CAPTURE(formula);
  ExprPool pool;
  const Dim term = Parse(formula, pool), p = pool.Symbol("p");
  for (int64_t first = 0; first <= 13; ++first) {
    for (int64_t count = 0; count <= 17; ++count) {
      CAPTURE(first, count);
      const Count sum = SumOver(Count(term), p, first, count);
      REQUIRE(sum.is_integer());
      CHECK(sum.value() == SumOneByOne(term, p, first, count));
    }
  }
}

TEST_CASE("sums of many terms take no longer than those of few") {
  ExprPool pool;
  const Dim p = pool.Symbol("p");
  // 1 + ... + 10^12 = 10^12 * (10^12 + 1) / 2.
  const Count sum = SumOver(Count(p), p, 1, 1'000'000'000'000);
  REQUIRE(sum.is_integer());
  CHECK(sum.value() == absl::int128(500'000'000'000) * 1'000'000'000'001);
  // Squares up to n: n (n + 1) (2n + 1) / 6.
  CHECK(SumOver(Count(p * p), p, 1, 1'000'000).value() == 333'333'833'333'500'000);
}

TEST_CASE("other symbols stay in a sum") {
  ExprPool pool;
  const Dim p = pool.Symbol("p"), batch = pool.Symbol("batch");
  // batch * (5 + 6 + 7) + 3 * 2
  CHECK(ToString(SumOver(Count(batch * p + 2), p, 5, 3)) == "18*batch + 6");
}

TEST_CASE("a constant is counted as often as it stands") {
  ExprPool pool;
  CHECK(SumOver(Count(7), pool.Symbol("p"), 3, 5).value() == 35);
}

TEST_CASE("what has no closed form within bounds is not known") {
  ExprPool pool;
  const Dim p = pool.Symbol("p");
  CHECK_FALSE(SumOver(Count(Parse("floor(100/(p + 1))", pool)), p, 0, 3).is_known());
  CHECK_FALSE(SumOver(Count(Parse("floor(p/5000)", pool)), p, 0, 3).is_known());
  CHECK_FALSE(SumOver(Count(Parse("min(p*p, 40)", pool)), p, 0, 3).is_known());
  CHECK_FALSE(SumOver(Count(p), p, 0, -1).is_known());
}

}  // namespace onnx_macs
