// Counts: 128 bits, formulas, what is unknown and what is too large.
#include "analyzer/count.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/expr_pool.h"
#include "tests/support/catch.h"
#include "tests/support/random_dim.h"

namespace onnx_macs {
namespace {

using namespace testing;  // NOLINT: the evaluators and the random trees of this file's tests.

constexpr absl::int128 kMost = absl::Int128Max();

TEST_CASE("counts of integers are exact to 128 bits") {
  CHECK(ToString(Count(INT64_MAX) * Count(INT64_MAX)) == "85070591730234615847396907784232501249");
  CHECK(ToString(Count(kMost)) == "170141183460469231731687303715884105727");
  CHECK(ToString(absl::Int128Min()) == "-170141183460469231731687303715884105728");
  CHECK(ToString(Count(3) - Count(5)) == "-2");
  CHECK(Divide(Count(7), 2) == Count(3));
  CHECK(Divide(Count(-7), 2) == Count(-4));
  CHECK((Count(kMost) + Count(1)).is_too_large());
  CHECK((Count(kMost) * Count(2)).is_too_large());
  CHECK((Count(absl::Int128Min()) * Count(-1)).is_too_large());
  CHECK((Count(0) - Count(absl::Int128Min())).is_too_large());
}

TEST_CASE("what failed stays failed, and nothing times it is nothing") {
  const Count unknown = Count::Unknown(), large = Count::TooLarge();
  CHECK_FALSE((unknown + Count(1)).is_known());
  CHECK_FALSE((Count(2) * unknown).is_known());
  CHECK_FALSE(Divide(unknown, 2).is_known());
  CHECK((large + Count(1)).is_too_large());
  CHECK((large * Count(0)) == Count(0));
  CHECK((Count(0) * unknown) == Count(0));
  CHECK(ToString(unknown) == "?");
  CHECK_FALSE(Count(Dim()).is_known());
  CHECK_FALSE(Product({Dim(3), Dim()}).is_known());
  CHECK(Product({Dim(3), Dim(), Dim(0)}) == Count(0));
  CHECK(Product({}) == Count(1));
}

TEST_CASE("formulas are the expressions of Dim with wider numbers") {
  ExprPool pool;
  const Dim h = pool.Symbol("h"), w = pool.Symbol("w");
  CHECK(ToString(Product({h, w, 4096}) + Count(12) * Count(h)) == "4096*h*w + 12*h");
  CHECK(ToString(Count(INT64_MAX) * Count(h)) == "9223372036854775807*h");
  CHECK((Count(h) - Count(h)) == Count(0));
  CHECK(Divide(Count(h) * Count(6), 3) == Count(2 * h));
  CHECK(Count(pool.Integer(INT64_MAX)) == Count(INT64_MAX));
  CHECK(Count(pool.Integer(INT64_MAX)).is_integer());
  CHECK((Count(kMost) * Count(h)).is_too_large());

  // A point of a sweep may need more than the 62 bits of a Dim on the way.
  const Count wide = Count(1LL << 50) * Count(h) * Count(h);
  CHECK(Substitute(wide, {{SymbolOf(h), Dim(1LL << 20)}}) == Count(absl::int128(1) << 90));
  CHECK(Substitute(wide, {{SymbolOf(h), Dim(1LL << 60)}}).is_known() == false);
  CHECK(Substitute(wide - wide + Count(7), {{SymbolOf(h), Dim(3)}}) == Count(7));
}

TEST_CASE("resolved counts are whole where facts make them so") {
  ExprPool pool;
  const Dim h = pool.Symbol("h");
  const Count macs = Count(64) * Count(CeilDiv(h, 8)) * Count(CeilDiv(h, 4));
  CHECK(pool.AssumeDivisible(h, 8).is_known());
  CHECK(ToString(Resolve(macs)) == "2*h^2");
  const Count odd = Resolve(Count(CeilDiv(h, 8)));
  CHECK(ToString(odd) == "h/8");
  CHECK(Substitute(odd, {{SymbolOf(h), Dim(24)}}) == Count(3));
  // 12 breaks the assumption: no integer, and so no size, comes out.
  CHECK_FALSE(Substitute(odd, {{SymbolOf(h), Dim(12)}}).is_integer());
}

TEST_CASE("a sum of counts is what adding them one by one gives") {
  ExprPool pool;
  const std::vector<Dim> symbols = SymbolsOf(pool);
  Random random(6);
  for (int i = 0; i < 200; ++i) {
    CountSum sum, first, second;
    Count expected;
    for (int k = 0; k < 6; ++k) {
      Dim d = Build(RandomTree(random, k % 4), symbols);
      if (k == 5 && i % 3 == 0) d = RationalDiv(d, 3);
      if (!d.is_known()) d = 5;
      expected += Count(d);
      sum.Add(Count(d));
      (k % 2 == 0 ? first : second).Add(Count(d));
    }
    first.Add(second);
    CAPTURE(ToString(expected));
    CHECK(ToString(sum.Total()) == ToString(expected));
    CHECK(first.Total() == sum.Total());
  }
}

TEST_CASE("a sum of many different terms, each of them more than once") {
  ExprPool pool;
  CountSum sum;
  Assignment values;
  for (int times = 1; times <= 5; ++times) {
    for (int i = 0; i < 100; ++i) {
      const Dim symbol = pool.Symbol(absl::StrCat("s", i));
      sum.Add(Count(symbol * times + 1));
      values[SymbolOf(symbol)] = i;
    }
  }
  // (1 + 2 + .. + 5) * (0 + 1 + .. + 99), and 1 for each.
  CHECK(Substitute(sum.Total(), values) == Count(15 * 4950 + 500));
  CHECK(sum.Total().expr()->terms.size() == 101);
}

TEST_CASE("a sum remembers its first failure") {
  CountSum unknown, large, merged;
  unknown.Add(Count(1));
  unknown.Add(Count::Unknown());
  unknown.Add(Count::TooLarge());
  CHECK_FALSE(unknown.Total().is_known());
  CHECK_FALSE(unknown.Total().is_too_large());
  large.Add(Count(kMost));
  large.Add(Count(kMost));
  CHECK(large.Total().is_too_large());
  merged.Add(large);
  CHECK(merged.Total().is_too_large());
  CHECK(CountSum().Total() == Count(0));
}

TEST_CASE("approximations are near") {
  ExprPool pool;
  const Dim h = pool.Symbol("h");
  CHECK(Approximate(Count(1000), 2) == Approx(1000));
  CHECK(Approximate(Count(h * h * 3 + 1), 10) == Approx(301));
  CHECK(Approximate(Count(Min(h, 4)), 10) == Approx(4));
  CHECK(Approximate(Count(Max(h, 4)), 10) == Approx(10));
  CHECK(Approximate(Count(FloorDiv(h, 2)), 10) == Approx(5));
  CHECK(Approximate(Count(RationalDiv(h, 4)), 10) == Approx(2.5));
}

}  // namespace
}  // namespace onnx_macs
