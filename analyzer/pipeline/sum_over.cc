// Newton's forward differences: the sum of a polynomial f over n points is the sum over k of
// C(n, k + 1) times the k-th difference of f at the first. What min, max and floor break is cut
// into pieces on which the term is a polynomial.
#include "analyzer/pipeline/sum_over.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <vector>

#include "analyzer/expr_pool.h"

namespace onnx_macs {
namespace {

// No real cost has more: these bound the work.
constexpr int64_t kMostPeriod = 4096;
constexpr size_t kMostKinks = 64;
constexpr uint32_t kMostDegree = 16;

// a * symbol + b, of integers.
struct Linear {
  int64_t slope = 0, offset = 0;
  bool is_linear = false;
};

class Summation {
 public:
  // `term` is an expression.
  Summation(const Count& term, Dim symbol) : term_(term), atom_(SymbolOf(symbol)) {
    is_summable_ = atom_ != nullptr && Visit(*term.expr());
  }

  Count Run(int64_t first, int64_t count) {
    if (!is_summable_ || count < 0 || first < 0 || first > kMost || count > kMost) {
      return Count::Unknown();
    }
    const int64_t end = first + count;
    std::vector<int64_t> cuts = {first};
    for (const int64_t kink : kinks_) {
      if (kink > first && kink < end) cuts.push_back(kink);
    }
    cuts.push_back(end);
    Count sum = 0;
    for (size_t i = 0; i + 1 < cuts.size(); ++i) sum += SumPiece(cuts[i], cuts[i + 1]);
    return sum;
  }

 private:
  static constexpr int64_t kMost = int64_t{1} << 40;

  // Every residue of the period is a polynomial of its own.
  Count SumPiece(int64_t begin, int64_t end) {
    Count sum = 0;
    for (int64_t r = 0; r < period_ && begin + r < end; ++r) {
      const int64_t points = (end - (begin + r) + period_ - 1) / period_;
      sum += SumPolynomial(begin + r, points);
    }
    return sum;
  }

  Count SumPolynomial(int64_t begin, int64_t points) {
    std::vector<Count> differences;
    const int64_t wanted = std::min<int64_t>(degree_ + 1, points);
    for (int64_t i = 0; i < wanted; ++i) differences.push_back(At(begin + i * period_));
    Count sum = 0;
    Count binomial = points;  // C(points, k + 1)
    for (int64_t k = 0; k < wanted; ++k) {
      sum += differences[0] * binomial;
      for (size_t i = 0; i + 1 < differences.size(); ++i) {
        differences[i] = differences[i + 1] - differences[i];
      }
      differences.pop_back();
      binomial = Divide(binomial * Count(points - k - 1), k + 2);
    }
    return sum;
  }

  Count At(int64_t value) const { return Substitute(term_, {{atom_, Dim(value)}}); }

  bool Visit(const Expr& expr) {
    for (const Term& term : expr.terms) {
      if (term.monomial == nullptr) continue;
      degree_ = std::max(degree_, term.monomial->degree);
      for (const Factor& factor : term.monomial->factors) {
        if (!VisitAtom(*factor.atom)) return false;
      }
    }
    return degree_ <= kMostDegree;
  }

  bool VisitAtom(const Atom& atom) {
    if (atom.kind == AtomKind::kSymbol) return true;
    if (!Mentions(atom.a) && !Mentions(atom.b)) return true;
    return atom.kind == AtomKind::kFloor ? AddPeriod(atom) : AddKink(atom);
  }

  bool Mentions(Dim d) const {
    if (!d.is_expr()) return false;
    return Substitute(d, {{atom_, Dim(1)}}) != d;
  }

  // floor(linear / n) is linear on every residue of n.
  bool AddPeriod(const Atom& atom) {
    if (!atom.b.is_integer() || atom.b.value() <= 0 || !ReadLinear(atom.a).is_linear) return false;
    period_ = std::lcm(period_, atom.b.value());
    return period_ <= kMostPeriod;
  }

  // min and max of two lines change over once.
  bool AddKink(const Atom& atom) {
    const Linear difference = ReadLinear(atom.a - atom.b);
    if (!difference.is_linear || kinks_.size() >= kMostKinks) return false;
    if (difference.slope == 0) return true;
    const int64_t crossing = -difference.offset / difference.slope;
    for (int64_t cut = crossing - 1; cut <= crossing + 1; ++cut) kinks_.insert(cut);
    return true;
  }

  Linear ReadLinear(Dim d) const {
    const Dim at_zero = Substitute(d, {{atom_, Dim(0)}}), at_one = Substitute(d, {{atom_, Dim(1)}});
    const Dim slope = at_one - at_zero;
    if (!at_zero.is_integer() || !slope.is_integer()) return {};
    if (std::abs(at_zero.value()) > kMost || std::abs(slope.value()) > kMost) return {};
    // Two points make no line of what bends, so the expression itself is compared.
    const Dim line = term_.expr()->pool->FromAtom(atom_) * slope + at_zero;
    return {slope.value(), at_zero.value(), line == d};
  }

  const Count term_;
  const Atom* const atom_;
  uint32_t degree_ = 0;
  int64_t period_ = 1;
  std::set<int64_t> kinks_;
  bool is_summable_ = false;
};

}  // namespace

Count SumOver(const Count& term, Dim symbol, int64_t first, int64_t count) {
  if (!term.is_expr()) return term * Count(count);
  return Summation(term, symbol).Run(first, count);
}

}  // namespace onnx_macs
