// Arithmetic at a point says what the algebra says.
#include "analyzer/sweep/evaluate.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/random_dim.h"

namespace onnx_macs {
namespace {

using namespace testing;  // NOLINT: the random trees.

TEST_CASE("an expression is evaluated as it is substituted") {
  Random random(5);
  int compared = 0;
  for (int i = 0; i < 3000; ++i) {
    ExprPool pool;
    const std::vector<Dim> symbols = SymbolsOf(pool);
    Dim d = Build(RandomTree(random, i % 6, 12), symbols);
    if (i % 5 == 0) d = RationalDiv(d, 2);
    const Point point = RandomPoint(random);
    Assignment sizes;
    for (size_t k = 0; k < symbols.size(); ++k) {
      sizes[SymbolOf(symbols[k])] = static_cast<int64_t>(point[k]);
    }
    const auto value = Evaluate(Count(d), sizes);
    const Count expected = Substitute(Count(d), sizes);
    if (!value) continue;
    REQUIRE(expected.is_integer());
    REQUIRE(expected.value() == *value);
    ++compared;
  }
  CHECK(compared > 1500);
}

TEST_CASE("what is no integer at a point has no value") {
  ExprPool pool;
  const Dim a = pool.Symbol("a"), b = pool.Symbol("b");
  const Assignment sizes = {{SymbolOf(a), Dim(7)}};
  CHECK(Evaluate(Count(a * a), sizes) == absl::int128(49));
  CHECK_FALSE(Evaluate(Count(a * b), sizes).has_value());
  CHECK_FALSE(Evaluate(Count(RationalDiv(a, 2)), sizes).has_value());
  CHECK(Evaluate(Count(FloorDiv(a, 2)), sizes) == absl::int128(3));
  CHECK(Evaluate(Count(FloorDiv(-1 * a, 2)), sizes) == absl::int128(-4));
  CHECK_FALSE(Evaluate(Count(FloorDiv(a, a - 7)), sizes).has_value());
  CHECK_FALSE(Evaluate(Count::Unknown(), sizes).has_value());
  const Assignment large = {{SymbolOf(a), Dim(int64_t{1} << 60)}};
  CHECK_FALSE(Evaluate(Count(a * a * a), large).has_value());
}

}  // namespace
}  // namespace onnx_macs
