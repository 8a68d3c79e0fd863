// Operands of the algebra as lists of terms: what dim.cc and dim_division.cc compute with.
#ifndef ANALYZER_POLYNOMIAL_H_
#define ANALYZER_POLYNOMIAL_H_

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/numeric/int128.h"
#include "analyzer/checked_int.h"
#include "analyzer/dim.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {

// Products of terms that one multiplication or division may form.
inline constexpr size_t kMaxProductTerms = 4096;

// Either operand as terms over a denominator; an integer is a single constant term.
struct Polynomial {
  TermVector terms;
  int64_t denominator = 1;
};

inline Polynomial View(Dim d) {
  if (d.is_integer()) {
    if (d.value() == 0) return {};
    return {{{nullptr, d.value()}}, 1};
  }
  const Expr& e = *d.expr();
  return {{e.terms.begin(), e.terms.end()}, e.denominator};
}

inline ExprPool* PoolOf(Dim a, Dim b) {
  if (a.is_expr()) return a.expr()->pool;
  return b.is_expr() ? b.expr()->pool : nullptr;
}

// An integer operand of either form, inline or boxed.
inline bool IsWideInteger(Dim d, absl::int128* value) {
  if (d.is_integer()) {
    *value = d.value();
    return true;
  }
  if (!d.is_expr() || d.expr()->terms[0].monomial != nullptr || HasDenominator(d)) return false;
  *value = d.expr()->terms[0].coefficient;
  return true;
}

// False on overflow.
inline bool Scale(Polynomial* p, absl::int128 factor) {
  for (Term& t : p->terms) {
    if (!MulChecked(t.coefficient, factor, &t.coefficient)) return false;
  }
  return true;
}

// Adds terms in canonical order to terms in canonical order, and keeps the order: sorting is most
// of what large sums take.
inline void MergeTerms(const TermVector& more, TermVector* terms) {
  TermVector merged;
  merged.reserve(terms->size() + more.size());
  std::merge(
      terms->begin(), terms->end(), more.begin(), more.end(), std::back_inserter(merged),
      [](const Term& a, const Term& b) { return CompareMonomials(a.monomial, b.monomial) < 0; });
  *terms = std::move(merged);
}

// p / k as a polynomial with a denominator; always possible.
inline Dim DivideCoefficients(ExprPool* pool, Polynomial p, absl::int128 k) {
  absl::int128 denominator;
  if (!MulChecked(p.denominator, k, &denominator) || denominator > kMaxDivisor) return Dim();
  return pool->FromTerms(std::move(p.terms), static_cast<int64_t>(denominator));
}

}  // namespace onnx_macs

#endif  // ANALYZER_POLYNOMIAL_H_
