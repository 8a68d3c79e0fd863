// The algebra of Dim against plain 128-bit arithmetic: tables of literals, then thousands of random
// expressions at random points.
#include "analyzer/dim.h"

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/expr_pool.h"
#include "tests/support/catch.h"
#include "tests/support/processor_time.h"
#include "tests/support/random_dim.h"

namespace onnx_macs {
namespace {

using namespace testing;  // NOLINT: the evaluators and the random trees of this file's tests.

constexpr int64_t kMost = (int64_t{1} << 61) - 1;  // the widest integer a Dim holds by itself

TEST_CASE("integers divide towards minus infinity") {
  struct Row {
    int64_t a, b, floor, ceil, mod;
  };
  const Row rows[] = {{7, 2, 3, 4, 1},    {-7, 2, -4, -3, 1}, {7, -2, -4, -3, -1},
                      {-7, -2, 3, 4, -1}, {0, 5, 0, 0, 0},    {6, 3, 2, 2, 0},
                      {-6, 3, -2, -2, 0}, {1, kMost, 0, 1, 1}};
  for (const Row& row : rows) {
    CAPTURE(row.a, row.b);
    CHECK(FloorDiv(row.a, row.b) == Dim(row.floor));
    CHECK(CeilDiv(row.a, row.b) == Dim(row.ceil));
    CHECK(FloorMod(row.a, row.b) == Dim(row.mod));
  }
}

TEST_CASE("what cannot be computed is unknown and poisons") {
  ExprPool pool;
  const Dim h = pool.Symbol("h");
  CHECK_FALSE(FloorDiv(5, 0).is_known());
  CHECK_FALSE(FloorDiv(h, 0).is_known());
  CHECK_FALSE(CeilDiv(h, 0).is_known());
  CHECK_FALSE(FloorMod(h, 0).is_known());
  CHECK_FALSE(ExactDiv(h, 0).is_known());
  CHECK_FALSE(RationalDiv(h, 0).is_known());
  CHECK_FALSE((h + Dim()).is_known());
  CHECK_FALSE((h * Dim()).is_known());
  CHECK_FALSE((Dim() - Dim()).is_known());
  CHECK_FALSE(Min(h, Dim()).is_known());
  CHECK_FALSE(Max(Dim(), 3).is_known());
  // Nothing times whatever it is is nothing.
  CHECK(Dim(0) * Dim() == Dim(0));
}

TEST_CASE("integers end at 62 bits, boxed ones at 120") {
  ExprPool pool;
  CHECK(Dim(kMost).value() == 2305843009213693951);
  CHECK(Dim(-kMost - 1).value() == -2305843009213693952);
  CHECK_FALSE(Dim(kMost + 1).is_known());
  CHECK_FALSE((Dim(kMost) + 1).is_known());
  CHECK_FALSE((Dim(-kMost) - 2).is_known());
  CHECK_FALSE((Dim(1LL << 31) * Dim(1LL << 30)).is_known());
  CHECK_FALSE((Dim(kMost) * Dim(kMost)).is_known());
  CHECK((Dim(1LL << 30) * Dim(1LL << 30)).value() == 1152921504606846976);

  const Dim largest = pool.Integer(INT64_MAX);
  CHECK(largest.is_expr());
  CHECK(ToString(largest) == "9223372036854775807");
  CHECK(largest == pool.Integer(INT64_MAX));
  CHECK(largest - largest == Dim(0));
  CHECK(largest - pool.Integer(INT64_MAX - 7) == Dim(7));
  CHECK(FloorDiv(largest, 1LL << 40) == Dim(8388607));
  CHECK(FloorDiv(largest, largest - 1) == Dim(1));
  CHECK(FloorDiv(Dim(-1), largest) == Dim(-1));
  CHECK(FloorMod(largest, 10) == Dim(7));
  CHECK(ExactDiv(largest, 7) == Dim(1317624576693539401));
  CHECK(Min(largest, 77) == Dim(77));
  CHECK(Max(largest, pool.Integer(INT64_MIN)) == largest);
  CHECK(ToString(largest * (1LL << 40)) == "10141204801825835210874114015232");
  // ONNX's "to the end": a Slice clamps INT64_MAX to the size.
  const Dim h = pool.Symbol("h", {0, INT64_MAX - 1});
  CHECK(Min(largest, h) == h);
  CHECK_FALSE(pool.Integer(absl::int128(1) << 120).is_known());
  CHECK(pool.Integer((absl::int128(1) << 120) - 1).is_known());
  CHECK_FALSE((pool.Integer(absl::int128(1) << 119) * h * 2).is_known());
}

TEST_CASE("text is what a person would write") {
  ExprPool pool;
  const Dim h = pool.Symbol("h"), w = pool.Symbol("w");
  const Dim named = pool.Symbol("batch size"), quoted = pool.Symbol("the \"size\"");
  CHECK(ToString(Dim()) == "?");
  CHECK(ToString(4 * h * w + CeilDiv(h, 2)) == "4*h*w + ceil(h/2)");
  CHECK(ToString(h - w - 3) == "h - w - 3");
  CHECK(ToString(Dim(0) - h) == "-h");
  CHECK(ToString(h * h * 2 - 1) == "2*h^2 - 1");
  CHECK(ToString(FloorDiv(h, 2)) == "floor(h/2)");
  CHECK(ToString(FloorDiv(h + 3, 4)) == "ceil(h/4)");
  CHECK(ToString(FloorDiv(h + 1, w)) == "floor((h + 1)/w)");
  CHECK(ToString(Min(h, 77)) == "min(h, 77)");
  CHECK(ToString(Max(2, h)) == "max(h, 2)");
  CHECK(ToString(RationalDiv(3 * h, 4)) == "3*h/4");
  CHECK(ToString(named + 1) == "\"batch size\" + 1");
  CHECK(ToString(quoted) == "'the \"size\"'");
}

// Each pair is one value in two ways of computing it: the handle must be the same.
TEST_CASE("one value has one handle") {
  ExprPool pool;
  const Dim h = pool.Symbol("h"), w = pool.Symbol("w", {1, INT64_MAX}),
            n = pool.Symbol("n", {0, 9});
  const auto conv = [](Dim x, int64_t kernel, int64_t stride, int64_t pad) {
    return FloorDiv(x + 2 * pad - kernel, stride) + 1;
  };
  const std::pair<Dim, Dim> rows[] = {
      {h + w, w + h},
      {h * w, w * h},
      {(h + w) + n, h + (w + n)},
      {(h * w) * n, h * (w * n)},
      {(h + w) * (h - w), h * h - w * w},
      {h - h, 0},
      {(h + 1) - (h - 1), 2},
      {Min(h, w), Min(w, h)},
      {Max(Max(h, w), n), Max(h, Max(n, w))},
      {Min(Min(h, n), w), Min(n, Min(w, h))},
      {Min(Min(h, 77), 77), Min(h, 77)},
      {Min(Min(h, 77), 60), Min(h, 60)},
      {Min(h, Max(h, w)), h},
      {Max(h, 0), h},
      {Max(w, 1), w},
      {Min(n, 9), n},
      {Max(Min(n, 20), 0), n},
      {conv(h, 3, 1, 1), h},
      {conv(h, 1, 1, 0), h},
      {conv(h, 3, 2, 1), CeilDiv(h, 2)},
      {conv(h, 2, 2, 0), FloorDiv(h, 2)},
      {conv(conv(h, 3, 2, 1), 3, 2, 1), CeilDiv(h, 4)},
      {conv(conv(conv(8 * h, 3, 2, 1), 3, 2, 1), 3, 2, 1), h},
      {conv(2 * CeilDiv(h, 2), 3, 2, 1), CeilDiv(h, 2)},
      {conv(conv(h, 2, 2, 0), 2, 2, 0), FloorDiv(h, 4)},
      {FloorDiv(FloorDiv(h, 3) + 5, 4), FloorDiv(h + 15, 12)},
      {FloorDiv(2 * h + 1, 2), h},
      {FloorDiv(6 * h + 9, 12), FloorDiv(2 * h + 3, 4)},
      {FloorDiv(2 * h - w, 2), h - CeilDiv(w, 2)},
      {FloorDiv(8 * h * w, w), 8 * h},
      {FloorDiv(Dim(0) - h, Dim(0) - w), FloorDiv(h, w)},
      {CeilDiv(h, 1), h},
      {FloorMod(4 * h + 7, 4), 3},
      {ExactDiv(h * h - w * w, h + w), h - w},
      {ExactDiv(8 * h * w, 4 * w), 2 * h},
      {ExactDiv(h, h), 1},
      {2 * RationalDiv(h, 2), h},
      {RationalDiv(6 * h, 4), RationalDiv(3 * h, 2)},
      {Min(RationalDiv(h, 3), 2), RationalDiv(Min(h, 6), 3)},
      {FloorDiv(RationalDiv(h, 3), 2), FloorDiv(h, 6)},
  };
  for (const auto& [a, b] : rows) {
    CAPTURE(ToString(a), ToString(b));
    CHECK(a == b);
    CHECK(a.is_known());
  }
  CHECK_FALSE(ExactDiv(h, 2).is_known());
  CHECK_FALSE(ExactDiv(h * h + 1, h).is_known());
  CHECK_FALSE(ExactDiv(3, h).is_known());
}

TEST_CASE("an expression has the value of the tree it was built from") {
  ExprPool pool;
  const std::vector<Dim> symbols = SymbolsOf(pool);
  Random random(1);
  int compared = 0;
  for (int i = 0; i < 3000; ++i) {
    const Tree tree = RandomTree(random, 1 + i % 5, i % 2 == 0 ? 12 : int64_t{1} << 33);
    const Dim d = Build(tree, symbols);
    if (!d.is_known()) continue;
    for (int j = 0; j < 20; ++j) {
      const Point point = RandomPoint(random);
      const auto expected = Evaluate(tree, point), actual = EvaluateInteger(d, point);
      if (!expected || !Evaluate(d, point)) continue;
      ++compared;
      if (actual != expected) FAIL(Describe(tree) << " became " << ToString(d));
    }
  }
  CHECK(compared > 30000);
}

TEST_CASE("intervals and comparisons hold at every point") {
  ExprPool pool;
  const std::vector<Dim> symbols = SymbolsOf(pool);
  Random random(2);
  int proved = 0;
  const auto check = [](bool claimed, bool holds, Dim a, Dim b) {
    if (claimed && !holds) FAIL(ToString(a) << " against " << ToString(b));
  };
  for (int i = 0; i < 4000; ++i) {
    const int64_t largest = i % 2 == 0 ? 12 : int64_t{1} << 60;
    Dim a = Build(RandomTree(random, 1 + i % 4, largest), symbols);
    Dim b = Build(RandomTree(random, i % 3, largest), symbols);
    if (i % 5 == 0) a = RationalDiv(a, 3);
    if (!a.is_known() || !b.is_known()) continue;
    const bool less = ProvablyLess(a, b), less_equal = ProvablyLessEqual(a, b);
    const bool different = ProvablyDifferent(a, b);
    proved += less || less_equal || different;
    for (int j = 0; j < 10; ++j) {
      const Point point = RandomPoint(random);
      const auto x = Evaluate(a, point), y = Evaluate(b, point);
      if (!x || !y) continue;
      const Wide left = x->above * y->below, right = y->above * x->below;
      check(less, left < right, a, b);
      check(less_equal, left <= right, a, b);
      check(different, left != right, a, b);
      if (!a.is_expr()) continue;
      const Interval range = a.expr()->interval;
      check(range.low != INT64_MIN, x->above >= Wide{range.low} * x->below, a, range.low);
      check(range.high != INT64_MAX, x->above <= Wide{range.high} * x->below, a, range.high);
    }
  }
  CHECK(proved > 300);
}

// Bounds that do not fit 64 bits must not meet as "infinity minus infinity".
TEST_CASE("saturated bounds prove nothing") {
  ExprPool pool;
  const Dim h = pool.Symbol("h", {1, INT64_MAX}), w = pool.Symbol("w", {1, INT64_MAX});
  const Dim s = pool.Symbol("s", {-5, 5}), t = pool.Symbol("t", {-5, 5});
  const Dim big = pool.Integer(absl::int128(1) << 70), bigger = pool.Integer(absl::int128(1) << 90);
  CHECK_FALSE(ProvablyLess(0, big * h - bigger * w));
  CHECK_FALSE(ProvablyLess(big * h - bigger * w, 0));
  CHECK(ProvablyLess(0, big * h));
  CHECK(ProvablyLess(big, bigger));
  CHECK(ProvablyLess(0, s * s + 1));
  CHECK_FALSE(ProvablyLessEqual(0, s * t * t));
  CHECK(ProvablyLessEqual(-125, s * t * t));
  CHECK_FALSE(ProvablyLessEqual(RationalDiv(pool.Symbol("k", {0, 4}), 3), 1));
  CHECK(ProvablyLess(-kMost - 1, kMost));
}

TEST_CASE("atoms are bounded by what they are made of") {
  ExprPool pool;
  const Dim h = pool.Symbol("h"), w = pool.Symbol("w"), any = pool.Symbol("any", {-9, 9});
  const Dim larger = Max(h, 8), half = FloorDiv(h, 2), third = FloorDiv(h + w, 3);
  const std::pair<Dim, Dim> not_more[] = {
      {0, larger - h},
      {0, larger - 8},
      {half, h},
      {half + 10, h + 10},
      {FloorDiv(larger - 8, 2) + 8, larger},
      {3 * third, h + w},
      {h + w - 2, 3 * third},
      {Min(h, w) + Min(h, 8), h + w},
      {h + w, Max(h, any) + Max(w, any)},
  };
  for (const auto& [a, b] : not_more) {
    CAPTURE(ToString(a), ToString(b));
    CHECK(ProvablyLessEqual(a, b));
    CHECK(ProvablyLess(a, b + 1));
    CHECK_FALSE(ProvablyLess(a, b));
    CHECK_FALSE(ProvablyLessEqual(b + 1, a));
  }
  CHECK_FALSE(ProvablyLessEqual(FloorDiv(any, 2), any));
  CHECK_FALSE(ProvablyLessEqual(h + w - 1, 3 * third));
  CHECK_FALSE(ProvablyLessEqual(larger, h));
}

TEST_CASE("substitution is evaluation") {
  ExprPool pool;
  const std::vector<Dim> symbols = SymbolsOf(pool);
  Random random(3);
  int compared = 0;
  for (int i = 0; i < 2000; ++i) {
    const Dim d = Build(RandomTree(random, 1 + i % 5), symbols);
    if (!d.is_expr()) continue;
    const Point point = RandomPoint(random);
    Assignment all, some;
    for (size_t k = 0; k < symbols.size(); ++k) {
      const Dim value(static_cast<int64_t>(point[k]));
      all[SymbolOf(symbols[k])] = value;
      if (k % 2 == 0) some[SymbolOf(symbols[k])] = value;
    }
    const auto expected = EvaluateInteger(d, point);
    if (!expected) continue;
    ++compared;
    CAPTURE(ToString(d));
    CHECK(EvaluateInteger(Substitute(d, all), point) == expected);
    if (const Dim half = Substitute(d, some); half.is_known()) {
      CHECK(EvaluateInteger(half, point) == expected);
    }
  }
  CHECK(compared > 1000);
}

TEST_CASE("exact and rational quotients multiply back") {
  ExprPool pool;
  const std::vector<Dim> symbols = SymbolsOf(pool);
  Random random(4);
  int exact = 0;
  for (int i = 0; i < 2000; ++i) {
    const Dim a = Build(RandomTree(random, i % 4), symbols);
    const Dim b = Build(RandomTree(random, 1 + i % 2), symbols);
    const Dim product = a * b;
    if (!product.is_known() || IsInteger(b, 0) || !b.is_known() || !a.is_known()) continue;
    CAPTURE(ToString(a), ToString(b));
    const Dim quotient = ExactDiv(product, b);
    if (quotient.is_known()) CHECK(quotient == a);
    exact += quotient.is_known();
    const int64_t k = 1 + i % 9;
    if (const Dim part = RationalDiv(a, -k); part.is_known()) CHECK(part * Dim(-k) == a);
  }
  CHECK(exact > 1000);
}

// What a hostile model could write in few nodes. Each must end soon, known or not.
TEST_CASE("expressions that explode become unknown") {
  ExprPool pool;
  std::vector<Dim> s;
  for (int i = 0; i < 40; ++i) s.push_back(pool.Symbol("s" + std::to_string(i)));
  const testing::ProcessorTime taken;

  Dim sum = 1, power = s[0] + 1, doubled = s[1], nested = s[2], tower = s[3], extreme = s[4];
  for (int i = 0; i < 200; ++i) {
    sum *= s[i % 40] + s[(i + 1) % 40] + i;
    power *= power;
    doubled = FloorDiv(doubled * s[5] + doubled * s[6] + doubled, 3);
    nested = FloorDiv(nested * s[7] + 1, 2 + i);
    tower = FloorDiv(tower + s[8], tower + 2);
    extreme = Min(extreme, s[i % 40] * s[9] - i);
  }
  CHECK_FALSE(sum.is_known());
  CHECK_FALSE(power.is_known());
  CHECK_FALSE(doubled.is_known());
  CHECK_FALSE(nested.is_known());
  CHECK_FALSE(tower.is_known());
  CHECK_FALSE(extreme.is_known());

  Dim wide = 0;
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < 12; ++j) wide += s[i] * s[j];
  }
  CHECK(wide.is_known());
  for (int i = 0; i < 20; ++i) {
    CHECK_FALSE((wide * wide).is_known());
    ExactDiv(wide, s[i] + 1);
    FloorDiv(wide + i, s[0] + s[1]);
    CHECK(ToString(FloorDiv(wide, i + 2)).size() < 100000);
  }
  CHECK(taken.seconds() < 5);
}

}  // namespace
}  // namespace onnx_macs
