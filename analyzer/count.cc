// Count on top of the algebra of Dim: symbolic counts are the same interned expressions.
#include "analyzer/count.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "analyzer/checked_int.h"

namespace onnx_macs {
namespace {

// A count that is an integer in the form expressions take.
Dim ToDim(const Count& count, ExprPool* pool) {
  return count.is_expr() ? Dim(*count.expr()) : pool->Integer(count.value());
}

// What a known count became: an expression that grew past all bounds is too large.
Count FromResult(Dim d) { return d.is_known() ? Count(d) : Count::TooLarge(); }

// The failed one of two, when one has.
const Count* Failed(const Count& a, const Count& b) {
  if (!a.is_known()) return &a;
  return b.is_known() ? nullptr : &b;
}

template <typename OnInts, typename OnDims>
Count Apply(const Count& a, const Count& b, OnInts on_ints, OnDims on_dims) {
  if (const Count* failed = Failed(a, b)) return *failed;
  if (a.is_integer() && b.is_integer()) {
    absl::int128 result;
    return on_ints(a.value(), b.value(), &result) ? Count(result) : Count::TooLarge();
  }
  ExprPool* pool = a.is_expr() ? a.expr()->pool : b.expr()->pool;
  return FromResult(on_dims(ToDim(a, pool), ToDim(b, pool)));
}

}  // namespace

Count::Count(Dim dim) {
  if (dim.is_integer()) {
    value_ = dim.value();
  } else if (!dim.is_known()) {
    state_ = State::kUnknown;
  } else if (const Expr& e = *dim.expr();
             e.terms.size() == 1 && e.terms[0].monomial == nullptr && e.denominator == 1) {
    value_ = e.terms[0].coefficient;  // an integer too wide for a Dim
  } else {
    expr_ = dim.expr();
    state_ = State::kExpr;
  }
}

Count operator+(const Count& a, const Count& b) {
  return Apply(a, b, AddChecked, [](Dim x, Dim y) { return x + y; });
}

Count operator-(const Count& a, const Count& b) { return a + b * Count(-1); }

Count Count::MultiplyRare(const Count& a, const Count& b) {
  // Nothing times what could not be counted is still nothing.
  if (a.is_zero() || b.is_zero()) return Count(0);
  if (b.is_integer() && b.value_ == 1) return a;
  return Apply(a, b, MulChecked, [](Dim x, Dim y) { return x * y; });
}

Count Divide(Count a, int64_t divisor) {
  if (!a.is_known()) return a;
  if (a.is_integer()) return Count(FloorDiv128(a.value(), divisor));
  return FromResult(FloorDiv(Dim(*a.expr()), Dim(divisor)));
}

Count Product(absl::Span<const Dim> dims) {
  int64_t integer = 1;
  Dim symbolic = 1;
  bool is_small = true;
  for (const Dim d : dims) {
    if (d.is_integer()) {
      is_small = is_small && !__builtin_mul_overflow(integer, d.value(), &integer);
    } else {
      symbolic = IsInteger(symbolic, 1) ? d : symbolic * d;
    }
  }
  if (is_small && IsInteger(symbolic, 1)) return Count(integer);
  if (is_small && integer != 0 && symbolic.is_known()) {
    if (const Dim product = Dim(integer) * symbolic; product.is_known()) return product;
  }
  Count product(1);
  for (const Dim d : dims) product *= Count(d);
  return product;
}

struct CountSum::Symbolic {
  absl::int128 wide = 0;  // what did not fit
  Count failed;           // unknown or too large once one of the parts was
  ExprPool* pool = nullptr;
  TermVector terms;
  absl::flat_hash_map<const Monomial*, size_t> places;  // in `terms`, of all but the first few
  // Expressions with denominators are rare: they are added the plain way.
  Count rational;

  void Fail(const Count& count) {
    if (failed.is_known()) failed = count;
  }

  // Most sums have a handful of monomials, which are found sooner by looking at each.
  Term& TermOf(const Monomial* monomial) {
    constexpr size_t kFew = 8;
    const size_t few = std::min(terms.size(), kFew);
    for (size_t i = 0; i < few; ++i) {
      if (terms[i].monomial == monomial) return terms[i];
    }
    if (terms.size() >= kFew) {
      const auto [place, is_new] = places.try_emplace(monomial, terms.size());
      if (!is_new) return terms[place->second];
    }
    return terms.emplace_back(Term{monomial, 0});
  }

  void Add(const Term& term) {
    absl::int128& coefficient = TermOf(term.monomial).coefficient;
    if (!AddChecked(coefficient, term.coefficient, &coefficient)) Fail(Count::TooLarge());
  }
};

void CountSum::SymbolicDeleter::operator()(Symbolic* symbolic) const { delete symbolic; }

CountSum::Symbolic& CountSum::symbolic() {
  if (symbolic_ == nullptr) symbolic_.reset(new Symbolic);
  return *symbolic_;
}

void CountSum::AddRare(const Count& count) {
  Symbolic& sum = symbolic();
  if (!count.is_known()) {
    sum.Fail(count);
  } else if (count.is_integer()) {
    if (!AddChecked(sum.wide, count.value(), &sum.wide)) sum.Fail(Count::TooLarge());
  } else if (count.expr()->denominator != 1) {
    sum.rational += count;
  } else {
    sum.pool = count.expr()->pool;
    for (const Term& t : count.expr()->terms) sum.Add(t);
  }
}

void CountSum::Add(const CountSum& other) {
  Add(Count(other.integer_));
  if (other.symbolic_ == nullptr) return;
  const Symbolic& added = *other.symbolic_;
  Symbolic& sum = symbolic();
  sum.Fail(added.failed);
  if (added.pool != nullptr) sum.pool = added.pool;
  Add(Count(added.wide));
  sum.rational += added.rational;
  for (const Term& t : added.terms) sum.Add(t);
}

Count CountSum::Total() const {
  if (symbolic_ == nullptr) return Count(integer_);
  const Symbolic& sum = *symbolic_;
  if (!sum.failed.is_known()) return sum.failed;
  const Count integer = Count(sum.wide) + Count(integer_);
  if (!integer.is_known()) return integer;
  if (sum.pool == nullptr) return sum.rational + integer;
  TermVector terms = sum.terms;
  terms.push_back({nullptr, integer.value()});
  return sum.rational + FromResult(sum.pool->FromTerms(std::move(terms), 1));
}

Count ResolveExpression(const Count& count) {
  return Count(count.expr()->pool->Resolve(Dim(*count.expr())));
}

Count Substitute(const Count& count, const Assignment& values) {
  return count.is_expr() ? Count(Substitute(Dim(*count.expr()), values)) : count;
}

namespace {

double ApproximateDim(Dim d, double nominal);

double ApproximateAtom(const Atom& atom, double nominal) {
  if (atom.kind == AtomKind::kSymbol) return nominal;
  const double a = ApproximateDim(atom.a, nominal), b = ApproximateDim(atom.b, nominal);
  if (atom.kind == AtomKind::kFloor) return b == 0 ? 0 : a / b;
  return (atom.kind == AtomKind::kMin) == (a < b) ? a : b;
}

double ApproximateExpr(const Expr& e, double nominal) {
  double sum = 0;
  for (const Term& t : e.terms) {
    double product = static_cast<double>(t.coefficient);
    if (t.monomial != nullptr) {
      for (const Factor& f : t.monomial->factors) {
        const double value = ApproximateAtom(*f.atom, nominal);
        for (uint32_t i = 0; i < f.power; ++i) product *= value;
      }
    }
    sum += product;
  }
  return sum / static_cast<double>(e.denominator);
}

double ApproximateDim(Dim d, double nominal) {
  if (d.is_integer()) return static_cast<double>(d.value());
  return d.is_expr() ? ApproximateExpr(*d.expr(), nominal) : 0;
}

}  // namespace

double Approximate(const Count& count, double nominal) {
  if (count.is_integer()) return static_cast<double>(count.value());
  return count.is_expr() ? ApproximateExpr(*count.expr(), nominal) : 0;
}

}  // namespace onnx_macs
