// Sums, products, min, max and comparisons of expressions. Integers are inline in dim.h, division
// is in dim_division.cc.
#include "analyzer/dim.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "analyzer/checked_int.h"
#include "analyzer/dim_bounds.h"
#include "analyzer/expr_pool.h"
#include "analyzer/polynomial.h"

namespace onnx_macs {
namespace {

// Operands that one min or max may have.
constexpr size_t kMaxExtremes = 8;

// Sums and products of known operands, at least one of them an expression.
bool Ready(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known()) return false;
  const ExprPool* const pool = PoolOf(a, b);
  return pool != nullptr && !pool->is_full();
}

Dim Combine(Dim a, Dim b, int sign) {
  Polynomial x = View(a), y = View(b);
  const int64_t common = static_cast<int64_t>(Gcd128(x.denominator, y.denominator));
  const int64_t scale_x = y.denominator / common, scale_y = x.denominator / common;
  absl::int128 denominator;
  if (!MulChecked(x.denominator, scale_x, &denominator) || denominator > kMaxDivisor ||
      !Scale(&x, scale_x) || !Scale(&y, absl::int128(scale_y) * sign)) {
    return Dim();
  }
  MergeTerms(y.terms, &x.terms);
  return PoolOf(a, b)->FromTerms(std::move(x.terms), static_cast<int64_t>(denominator));
}

Dim Multiply(Dim a, Dim b) {
  const Polynomial x = View(a), y = View(b);
  absl::int128 denominator;
  if (x.terms.size() * y.terms.size() > kMaxProductTerms ||
      !MulChecked(x.denominator, y.denominator, &denominator) || denominator > kMaxDivisor) {
    return Dim();
  }
  ExprPool* pool = PoolOf(a, b);
  TermVector product;
  product.reserve(x.terms.size() * y.terms.size());
  bool ok = true;
  for (const Term& s : x.terms) {
    for (const Term& t : y.terms) {
      Term term{pool->Multiply(s.monomial, t.monomial, &ok), 0};
      if (!ok || !MulChecked(s.coefficient, t.coefficient, &term.coefficient)) return Dim();
      product.push_back(term);
    }
  }
  return pool->FromTerms(std::move(product), static_cast<int64_t>(denominator));
}

// By form alone: min(x, y) <= x <= max(x, z).
bool LiesBelow(Dim a, Dim b) {
  const Atom* x = LoneAtomOf(a);
  const Atom* y = LoneAtomOf(b);
  return (x != nullptr && x->kind == AtomKind::kMin && (x->a == b || x->b == b)) ||
         (y != nullptr && y->kind == AtomKind::kMax && (y->a == a || y->b == a));
}

// Adds an operand of min or max, or the operands it is itself made of, save those that can never be
// the answer. False when they are too many.
bool AddExtreme(AtomKind kind, Dim d, std::vector<Dim>* operands) {
  if (const Atom* atom = LoneAtomOf(d); atom != nullptr && atom->kind == kind) {
    return AddExtreme(kind, atom->a, operands) && AddExtreme(kind, atom->b, operands);
  }
  const auto hides = [kind](Dim x, Dim y) {
    return kind == AtomKind::kMin ? ProvablyLessEqual(x, y) : ProvablyLessEqual(y, x);
  };
  for (const Dim other : *operands) {
    if (hides(other, d)) return true;
  }
  operands->erase(std::remove_if(operands->begin(), operands->end(),
                                 [&](Dim other) { return hides(d, other); }),
                  operands->end());
  operands->push_back(d);
  return operands->size() <= kMaxExtremes;
}

int64_t DenominatorOf(Dim d) { return d.is_expr() ? d.expr()->denominator : 1; }

// One form for every way of nesting the same operands: by age, integers last. Atoms are integers,
// so fractions are compared over their common denominator: min(h/3, 2) is min(h, 6)/3.
Dim Extreme(AtomKind kind, Dim a, Dim b) {
  if (!Ready(a, b)) return Dim();
  const absl::int128 x = DenominatorOf(a), y = DenominatorOf(b), common = x / Gcd128(x, y) * y;
  if (common > kMaxDivisor) return Dim();
  if (common != 1) {
    const Dim scale(static_cast<int64_t>(common));
    const Dim extreme =
        kind == AtomKind::kMin ? Min(a * scale, b * scale) : Max(a * scale, b * scale);
    if (!extreme.is_known()) return Dim();
    return DivideCoefficients(PoolOf(a, b), View(extreme), common);
  }
  std::vector<Dim> operands;
  if (!AddExtreme(kind, a, &operands) || !AddExtreme(kind, b, &operands)) return Dim();
  std::sort(operands.begin(), operands.end(), [](Dim x, Dim y) {
    return x.is_expr() && (!y.is_expr() || x.expr()->id < y.expr()->id);
  });
  Dim result = operands[0];
  for (size_t i = 1; i < operands.size(); ++i) {
    result = PoolOf(a, b)->MinMaxAtom(kind, result, operands[i]);
  }
  return result;
}

}  // namespace

namespace dim_internal {

Dim Add(Dim a, Dim b) {
  if (IsInteger(a, 0)) return b;
  if (IsInteger(b, 0)) return a;
  if (!Ready(a, b)) return Dim();
  return PoolOf(a, b)->Recall('+', a, b, [&] { return Combine(a, b, 1); });
}

Dim Sub(Dim a, Dim b) {
  if (IsInteger(b, 0)) return a;
  if (a == b && a.is_known()) return Dim(0);
  if (!Ready(a, b)) return Dim();
  return PoolOf(a, b)->Recall('-', a, b, [&] { return Combine(a, b, -1); });
}

Dim Mul(Dim a, Dim b) {
  if (IsInteger(a, 0) || IsInteger(b, 0)) return Dim(0);
  if (IsInteger(a, 1)) return b;
  if (IsInteger(b, 1)) return a;
  if (!Ready(a, b)) return Dim();
  return PoolOf(a, b)->Recall('*', a, b, [&] { return Multiply(a, b); });
}

Dim Min(Dim a, Dim b) { return Extreme(AtomKind::kMin, a, b); }
Dim Max(Dim a, Dim b) { return Extreme(AtomKind::kMax, a, b); }

}  // namespace dim_internal

bool ProvablyLessEqual(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known()) return false;
  if (a == b) return true;
  if (IntervalOf(a).high <= IntervalOf(b).low || LiesBelow(a, b)) return true;
  return IsAtLeast(b - a, 0);
}

bool ProvablyLess(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known()) return false;
  // Bounds of fractions are rounded, so nothing weaker than "a <= b - 1" is safe.
  return IntervalOf(a).high < IntervalOf(b).low || IsAtLeast(b - a, 1);
}

bool ProvablyEqual(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known()) return false;
  if (a == b) return true;
  if (a.is_integer() && b.is_integer()) return false;
  ExprPool* pool = PoolOf(a, b);
  return pool->has_facts() && pool->Resolve(a) == pool->Resolve(b);
}

bool ProvablyDifferent(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known()) return false;
  if (a.is_integer() && b.is_integer()) return a != b;
  return ProvablyLess(a, b) || ProvablyLess(b, a);
}

bool HasDenominator(Dim d) { return d.is_expr() && d.expr()->denominator != 1; }

}  // namespace onnx_macs
