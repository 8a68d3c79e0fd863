// Atoms are replaced one by one by what they are never less, or never more, than.
#include "analyzer/dim_bounds.h"

#include <utility>

#include "absl/container/inlined_vector.h"
#include "analyzer/expr_pool.h"
#include "analyzer/polynomial.h"

namespace onnx_macs {
namespace {

using Bounds = absl::InlinedVector<Dim, 2>;

// Polynomials that are no more than the atom.
Bounds BelowAtom(const Atom& atom) {
  if (atom.kind == AtomKind::kMax) return {atom.a, atom.b};
  if (atom.kind == AtomKind::kFloor && atom.b.is_integer() && atom.b.value() > 0) {
    return {RationalDiv(atom.a - atom.b + 1, atom.b.value())};
  }
  return {};
}

// Polynomials that are no less.
Bounds AboveAtom(const Atom& atom) {
  if (atom.kind == AtomKind::kMin) return {atom.a, atom.b};
  if (atom.kind == AtomKind::kFloor && atom.b.is_integer() && atom.b.value() > 0) {
    return {RationalDiv(atom.a, atom.b.value())};
  }
  return {};
}

const Atom* LoneAtomOf(const Term& term) {
  if (term.monomial == nullptr || term.monomial->degree != 1) return nullptr;
  return term.monomial->factors[0].atom;
}

// d with the atom of one of its terms replaced.
Dim Replace(Dim d, const Term& term, const Atom* atom, Dim replacement) {
  ExprPool* pool = d.expr()->pool;
  const Dim difference = pool->FromAtom(atom) - replacement;
  if (!difference.is_known()) return Dim();
  Polynomial scaled = View(difference);
  if (!Scale(&scaled, term.coefficient)) return Dim();
  return d - DivideCoefficients(pool, std::move(scaled), d.expr()->denominator);
}

bool IsAtLeast(Dim d, int64_t bound, int* steps) {
  if (!d.is_known()) return false;
  if (IntervalOf(d).low >= bound) return true;
  if (!d.is_expr() || d.expr()->depth == 0) return false;  // no atoms but symbols
  for (const Term& term : d.expr()->terms) {
    const Atom* atom = LoneAtomOf(term);
    if (atom == nullptr) continue;
    for (const Dim replacement : term.coefficient > 0 ? BelowAtom(*atom) : AboveAtom(*atom)) {
      if (--*steps < 0) return false;
      if (IsAtLeast(Replace(d, term, atom, replacement), bound, steps)) return true;
    }
  }
  return false;
}

}  // namespace

bool IsAtLeast(Dim d, int64_t bound) {
  int steps = 12;  // real proofs take one or two for each atom
  return IsAtLeast(d, bound, &steps);
}

bool IsNoSize(Dim d) { return d.is_expr() ? ProvablyLessEqual(d, 0) : ProvablyLess(d, 0); }

}  // namespace onnx_macs
