// What must be assumed so that shapes agree: the lines a person reads, what is refused, and that
// under the facts nothing changes its value.
#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/dim.h"
#include "analyzer/expr_pool.h"
#include "tests/support/catch.h"
#include "tests/support/processor_time.h"
#include "tests/support/random_dim.h"

namespace onnx_macs {
namespace {

using namespace testing;  // NOLINT: the evaluators and the random trees of this file's tests.
using Lines = std::vector<std::string>;

// Three resolutions down and up again, as a UNet's residual additions see them.
TEST_CASE("a UNet needs one fact per side") {
  ExprPool pool;
  const Dim h = pool.Symbol("height"), w = pool.Symbol("width");
  const Dim quarter = CeilDiv(h, 4), inferred_before = h * w * CeilDiv(h, 8);
  for (const Dim side : {h, w}) {
    CHECK(pool.AssumeEqual(2 * CeilDiv(side, 8), CeilDiv(side, 4)));
    CHECK(pool.AssumeEqual(2 * CeilDiv(side, 4), CeilDiv(side, 2)));
    CHECK(pool.AssumeEqual(2 * CeilDiv(side, 2), side));
    if (side == h) CHECK(pool.DescribeFacts() == Lines{"height divisible by 8"});
  }
  CHECK(pool.DescribeFacts() == Lines{"height and width divisible by 8"});
  CHECK(pool.Resolve(quarter) == RationalDiv(h, 4));
  CHECK(ToString(pool.Resolve(quarter)) == "height/4");
  CHECK(ToString(pool.Resolve(inferred_before)) == "height^2*width/8");
  CHECK(pool.Resolve(FloorDiv(h + 7, 8)) == RationalDiv(h, 8));
  CHECK(ProvablyEqual(2 * CeilDiv(h, 8), CeilDiv(h, 4)));
  CHECK(FloorDiv(h + 3, 16) == FloorDiv(h, 16));
  CHECK(FloorMod(h, 4) == Dim(0));
}

TEST_CASE("facts read the same from the largest size down") {
  ExprPool pool;
  const Dim h = pool.Symbol("h");
  CHECK(pool.AssumeEqual(2 * CeilDiv(h, 2), h));
  CHECK(pool.DescribeFacts() == Lines{"h divisible by 2"});
  CHECK(pool.AssumeEqual(2 * CeilDiv(h, 4), CeilDiv(h, 2)));
  CHECK(pool.AssumeEqual(2 * CeilDiv(h, 8), CeilDiv(h, 4)));
  CHECK(pool.DescribeFacts() == Lines{"h divisible by 8"});
}

TEST_CASE("one fact, one line") {
  const auto facts = [](auto assume) {
    ExprPool pool;
    const Dim h = pool.Symbol("h"), w = pool.Symbol("w"), n = pool.Symbol("n", {1, 9});
    assume(pool, h, w, n);
    return pool.DescribeFacts();
  };
  CHECK(facts([](ExprPool& p, Dim h, Dim w, Dim) { CHECK(p.AssumeEqual(h, w)); }) ==
        Lines{"w = h"});
  CHECK(facts([](ExprPool& p, Dim h, Dim, Dim) { CHECK(p.AssumeEqual(h, 64)); }) ==
        Lines{"h = 64"});
  CHECK(facts([](ExprPool& p, Dim h, Dim w, Dim) { CHECK(p.AssumeEqual(h * w, h * 8)); }) ==
        Lines{"w = 8"});
  CHECK(facts([](ExprPool& p, Dim h, Dim, Dim) { CHECK(p.AssumeEqual(Min(h, 77), h)); }) ==
        Lines{"h <= 77"});
  CHECK(facts([](ExprPool& p, Dim h, Dim w, Dim) {
          CHECK(p.AssumeEqual(2 * FloorDiv(h + w, 2), h + w));
        }) == Lines{"floor((h + w)/2) = h/2 + w/2"});
  CHECK(facts([](ExprPool& p, Dim h, Dim, Dim) { p.AssumeDivisible(6 * h, 4); }) ==
        Lines{"h divisible by 2"});
  CHECK(facts([](ExprPool& p, Dim h, Dim w, Dim) {
          p.AssumeDivisible(h + w, 4);
          p.AssumeDivisible(w + h, 4);
        }) == Lines{"h + w is divisible by 4"});
  CHECK(facts([](ExprPool& p, Dim, Dim, Dim) {
          p.AssumeNotOne(p.Symbol("batch"));
          p.AssumeNotOne(p.Symbol("batch"));
        }) == Lines{"batch is not 1"});
  // What cannot be solved is listed once, and not at all once it follows from the rest.
  CHECK(facts([](ExprPool& p, Dim h, Dim w, Dim) {
          for (int i = 0; i < 3; ++i) CHECK(p.AssumeEqual(3 * h * h, 2 * w * w));
        }) == Lines{"3*h^2 = 2*w^2"});
  CHECK(facts([](ExprPool& p, Dim h, Dim w, Dim) {
          CHECK(p.AssumeEqual(h * h, w * w));
          CHECK(p.AssumeEqual(h, w));
        }) == Lines{"w = h"});
  CHECK(facts([](ExprPool& p, Dim h, Dim, Dim) {
          CHECK(p.AssumeEqual(h, h));
          CHECK(p.AssumeEqual(Dim(), h));
          CHECK(p.AssumeEqual(3, 3));
          CHECK(IsInteger(p.AssumeDivisible(12, 4), 3));
          CHECK(p.AssumeDivisible(8 * h, 4) == 2 * h);
        }) == Lines{});
}

TEST_CASE("contradictions are refused and leave no fact") {
  ExprPool pool;
  const Dim h = pool.Symbol("h"), w = pool.Symbol("w"), n = pool.Symbol("n", {1, 9});
  CHECK_FALSE(pool.AssumeEqual(3, 4));
  CHECK_FALSE(pool.AssumeEqual(h, -1));
  CHECK_FALSE(pool.AssumeEqual(h, h + 1));
  CHECK_FALSE(pool.AssumeEqual(n, 0));
  CHECK_FALSE(pool.AssumeEqual(n, 10));
  CHECK_FALSE(pool.AssumeEqual(2 * h, 5));
  CHECK_FALSE(pool.AssumeEqual(4 * h + 2, 6 * w + 1));
  CHECK_FALSE(pool.AssumeEqual(8 * h, 4 * h));
  CHECK_FALSE(pool.AssumeEqual(h * w, h * -3));
  CHECK_FALSE(pool.AssumeDivisible(2 * h + 1, 2).is_known());
  CHECK_FALSE(pool.AssumeDivisible(7, 2).is_known());
  CHECK_FALSE(pool.AssumeDivisible(h, 0).is_known());
  CHECK_FALSE(pool.AssumeDivisible(h, -2).is_known());
  CHECK_FALSE(pool.AssumeDivisible(Dim(), 2).is_known());
  CHECK(pool.facts().empty());

  CHECK(pool.AssumeDivisible(h, 8) == RationalDiv(h, 8));
  CHECK_FALSE(pool.AssumeEqual(h, 20));
  CHECK_FALSE(pool.AssumeDivisible(h + 4, 8).is_known());
  CHECK(pool.AssumeEqual(h, 16));
  CHECK_FALSE(pool.AssumeEqual(h, 24));
  CHECK_FALSE(pool.AssumeDivisible(h, 5).is_known());
  CHECK(pool.Resolve(FloorDiv(h + w, 4)) == FloorDiv(w, 4) + 4);
}

TEST_CASE("a fact follows a symbol that is replaced") {
  ExprPool pool;
  const Dim w = pool.Symbol("w"), h = pool.Symbol("h");
  CHECK(pool.AssumeDivisible(h, 8) == RationalDiv(h, 8));
  CHECK(pool.AssumeEqual(h, w));
  CHECK(pool.Resolve(h) == w);
  CHECK(pool.Resolve(CeilDiv(w, 8)) == RationalDiv(w, 8));
}

// A symbol divisible by 3, 5, 7, 11, ... must not overflow, nor facts grow without end.
TEST_CASE("facts are bounded") {
  ExprPool pool;
  const testing::ProcessorTime taken;
  const Dim h = pool.Symbol("h");
  for (int64_t n = 3; n < 400; n += 2) CHECK(pool.AssumeDivisible(h, n).is_known());
  CHECK(pool.AssumeDivisible(h, INT64_MAX).is_known() == false);
  CHECK(FloorDiv(h * h * h, int64_t{1} << 39).is_known());
  for (int i = 0; i < 3000; ++i) {
    const Dim s = pool.FreshSymbol("s", {0, INT64_MAX});
    CHECK(pool.AssumeEqual(s * s, s * h + 3 * i + 1));
  }
  CHECK(pool.facts().size() == 1001);
  CHECK(pool.DescribeFacts().back() == "more than can be listed");
  CHECK(taken.seconds() < 10);
}

// Small enough for every point to be looked at.
const std::vector<Variable>& SmallVariables() {
  static const std::vector<Variable> kVariables = {
      {"h", {0, INT64_MAX}, 1, 33}, {"w", {1, INT64_MAX}, 1, 17}, {"n", {0, 12}, 1, 12}};
  return kVariables;
}

Dim RandomSize(Random& random, const std::vector<Dim>& symbols) {
  const auto pick = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  Dim d = symbols[static_cast<size_t>(pick(0, 2))];
  for (int steps = pick(0, 3); steps > 0; --steps) {
    switch (pick(0, 6)) {
      case 0:
        d = d * pick(1, 4);
        break;
      case 1:
        d = d + symbols[static_cast<size_t>(pick(0, 2))];
        break;
      case 2:
        d = CeilDiv(d, pick(2, 5));
        break;
      case 3:
        d = FloorDiv(d + pick(-2, 3), pick(2, 8));
        break;
      case 4:
        d = Min(d, pick(1, 20));
        break;
      case 5:
        d = d * symbols[static_cast<size_t>(pick(0, 2))];
        break;
      default:
        d = Max(d, symbols[static_cast<size_t>(pick(0, 2))] - pick(0, 4));
    }
  }
  return d;
}

// Whether the assumptions themselves hold at a point: `pairs` equal, `multiples` divisible.
struct Assumptions {
  std::vector<std::pair<Dim, Dim>> pairs;
  std::vector<std::pair<Dim, int64_t>> multiples;

  bool HoldAt(const Point& point) const {
    for (const auto& [a, b] : pairs) {
      if (EvaluateInteger(a, point, SmallVariables()) !=
          EvaluateInteger(b, point, SmallVariables())) {
        return false;
      }
    }
    for (const auto& [a, n] : multiples) {
      const auto value = EvaluateInteger(a, point, SmallVariables());
      if (!value || *value % n != 0) return false;
    }
    return true;
  }
};

std::vector<Point> PointsWhere(const Assumptions& assumptions) {
  std::vector<Point> points;
  const std::vector<Variable>& v = SmallVariables();
  for (Wide h = v[0].low; h <= v[0].high; ++h) {
    for (Wide w = v[1].low; w <= v[1].high; ++w) {
      for (Wide n = v[2].low; n <= v[2].high; ++n) {
        if (assumptions.HoldAt({h, w, n})) points.push_back({h, w, n});
      }
    }
  }
  return points;
}

TEST_CASE("resolved expressions agree wherever the facts hold") {
  Random random(5);
  int changed = 0, refused = 0;
  for (int i = 0; i < 800; ++i) {
    ExprPool pool;
    const std::vector<Dim> symbols = SymbolsOf(pool, SmallVariables());
    Assumptions assumptions;
    std::vector<Dim> before;
    for (int k = 0; k < 4; ++k) before.push_back(RandomSize(random, symbols));
    for (int k = 0; k < 1 + i % 3; ++k) {
      const Dim a = RandomSize(random, symbols), b = RandomSize(random, symbols);
      Assumptions more = assumptions;
      if (i % 4 == 0) {
        more.multiples.emplace_back(a, 2 + k);
        if (!pool.AssumeDivisible(a, 2 + k).is_known()) continue;
      } else {
        more.pairs.emplace_back(a, b);
        if (!pool.AssumeEqual(a, b)) {
          ++refused;
          // Refused means that it cannot hold together with what was assumed before.
          CAPTURE(ToString(a), ToString(b), pool.DescribeFacts());
          CHECK(PointsWhere(more).empty());
          continue;
        }
      }
      assumptions = more;
    }
    const std::vector<Point> points = PointsWhere(assumptions);
    for (const Dim d : before) {
      const Dim resolved = pool.Resolve(d);
      changed += resolved != d && !points.empty();
      for (const Point& point : points) {
        const auto x = Evaluate(d, point, SmallVariables());
        const auto y = Evaluate(resolved, point, SmallVariables());
        if (!x || !y || !(*x == *y)) FAIL(ToString(d) << " resolved to " << ToString(resolved));
      }
    }
  }
  CHECK(changed > 100);
  CHECK(refused > 5);
}

}  // namespace
}  // namespace onnx_macs
