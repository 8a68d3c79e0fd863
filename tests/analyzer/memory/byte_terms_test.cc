// The comparison of sizes for all values of their symbols, against values.
#include "analyzer/memory/byte_terms.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "analyzer/memory/peak_set.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

class Sizes {
 public:
  Dim n() { return pool_.Symbol("n"); }
  Dim m() { return pool_.Symbol("m"); }
  ExprPool& pool() { return pool_; }

  ByteSum SumOf(const ByteColumns& columns, const Count& size) const {
    std::vector<ByteTerm> terms;
    columns.Append(size, &terms);
    ByteSum sum(columns.size());
    for (const ByteTerm& term : terms) sum[term.column] += term.coefficient;
    return sum;
  }
  absl::int128 At(const Count& size, int64_t n_value, int64_t m_value) {
    const Count value =
        Substitute(size, {{SymbolOf(n()), Dim(n_value)}, {SymbolOf(m()), Dim(m_value)}});
    REQUIRE(value.is_integer());
    return value.value();
  }

 private:
  ExprPool pool_;
};

bool IsAtLeast1(const Atom& atom) { return atom.kind == AtomKind::kSymbol; }

bool IsAtMost(Sizes* sizes, const Count& a, const Count& b) {
  ByteColumns columns;
  REQUIRE(columns.Add({a, b}));
  columns.Finish(IsAtLeast1);
  return columns.IsAtMost(sizes->SumOf(columns, a), sizes->SumOf(columns, b));
}

TEST_CASE("a size is at most another one where no value of 1 or more says otherwise") {
  Sizes s;
  const Count n = s.n(), m = s.m();
  CHECK(IsAtMost(&s, Count(7), Count(7)));
  CHECK_FALSE(IsAtMost(&s, Count(8), Count(7)));
  CHECK(IsAtMost(&s, n, n));
  CHECK(IsAtMost(&s, n, n * n));
  CHECK(IsAtMost(&s, Count(4), n * Count(4)));
  CHECK_FALSE(IsAtMost(&s, Count(5), n * Count(4)));
  CHECK(IsAtMost(&s, n + m, n * m + Count(1)));  // (n - 1) * (m - 1) >= 0
  CHECK_FALSE(IsAtMost(&s, n + m, n * m));
  CHECK_FALSE(IsAtMost(&s, n, m));
  // Of what is rounded nothing is known but that it is not negative.
  const Count half = FloorDiv(s.n(), 2);
  CHECK(IsAtMost(&s, n, n + half));
  CHECK_FALSE(IsAtMost(&s, Count(1), half));
}

Count RandomSize(Sizes* sizes, std::mt19937* random) {
  const Count n = sizes->n(), m = sizes->m();
  const Count factors[] = {Count(1), n, m, n * m, n * n, FloorDiv(sizes->n(), 2), n * n * m};
  Count sum = 0;
  for (int i = 0; i < 4; ++i) {
    const auto coefficient = static_cast<int64_t>((*random)() % 9) - 2;
    sum += factors[(*random)() % std::size(factors)] * Count(coefficient);
  }
  return sum;
}

TEST_CASE("what is said to be at most as large is so at every point") {
  std::mt19937 random(3);
  Sizes sizes;
  int proven = 0;
  for (int i = 0; i < 3000; ++i) {
    const Count a = RandomSize(&sizes, &random), b = RandomSize(&sizes, &random);
    if (!IsAtMost(&sizes, a, b)) continue;
    ++proven;
    for (int64_t n = 1; n < 7; ++n) {
      for (int64_t m = 1; m < 7; ++m) REQUIRE(sizes.At(a, n, m) <= sizes.At(b, n, m));
    }
  }
  CHECK(proven > 300);
}

TEST_CASE("a set of peaks is as large as the largest at every point, and gives up in the end") {
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    Sizes sizes;
    std::vector<Count> all;
    for (int i = 0; i < 6; ++i) all.push_back(RandomSize(&sizes, &random));
    ByteColumns columns;
    REQUIRE(columns.Add(all));
    columns.Finish(IsAtLeast1);
    PeakBudget budget;
    PeakSet peaks;
    for (const Count& size : all) {
      peaks.Offer(columns, sizes.SumOf(columns, size), {}, &budget);
    }
    REQUIRE(peaks.is_complete());
    for (int64_t n = 1; n < 6; ++n) {
      absl::int128 most = absl::Int128Min(), kept = absl::Int128Min();
      for (const Count& size : all) most = std::max(most, sizes.At(size, n, 2 * n - 1));
      for (const Peak& peak : peaks.peaks()) {
        kept = std::max(kept, sizes.At(columns.ToCount(peak.bytes), n, 2 * n - 1));
      }
      REQUIRE(most == kept);
    }
  }
  // 40 sizes of which each is the largest somewhere.
  Sizes sizes;
  std::vector<Count> all;
  for (int64_t i = 0; i < 40; ++i)
    all.push_back(Count(sizes.pool().Symbol(std::string(1, static_cast<char>('a' + i)))));
  ByteColumns columns;
  REQUIRE(columns.Add(all));
  columns.Finish(IsAtLeast1);
  PeakBudget budget;
  PeakSet peaks;
  for (const Count& size : all) peaks.Offer(columns, sizes.SumOf(columns, size), {}, &budget);
  CHECK_FALSE(peaks.is_complete());
  CHECK(peaks.ToAmount(columns).is_unknown());
}

TEST_CASE("sizes over fractions are compared over their common denominator") {
  Sizes s;
  const Count half = RationalDiv(s.n(), 2), third = RationalDiv(s.n(), 3);
  CHECK(IsAtMost(&s, third, half));
  CHECK_FALSE(IsAtMost(&s, half, third));
}

}  // namespace
}  // namespace onnx_macs
