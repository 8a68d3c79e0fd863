// What had to be assumed so that shapes agree, and expressions under those assumptions.
//
// Two kinds of fact rewrite expressions: "this atom is a multiple of n", under which floors become
// exact quotients, and "this atom equals that expression". Both hold for everything, also for what
// was inferred before: Resolve() gives an expression as it reads under all facts so far.
#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/checked_int.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {
namespace {

constexpr size_t kMaxFacts = 1000;
// Resolving follows replacements; each round ends in simpler atoms, and this ends what does not.
constexpr int kMaxResolveDepth = 40;

bool Mentions(Dim d, const Atom* atom);

bool AtomMentions(const Atom* inside, const Atom* atom) {
  return inside == atom || (inside->kind != AtomKind::kSymbol && inside->depth >= atom->depth &&
                            (Mentions(inside->a, atom) || Mentions(inside->b, atom)));
}

bool Mentions(Dim d, const Atom* atom) {
  if (!d.is_expr()) return false;
  for (const Term& t : d.expr()->terms) {
    if (t.monomial == nullptr) continue;
    for (const Factor& f : t.monomial->factors) {
      if (AtomMentions(f.atom, atom)) return true;
    }
  }
  return false;
}

// The atom of a term c*atom, else null.
const Atom* LoneAtom(const Term& t) {
  return t.monomial != nullptr && t.monomial->degree == 1 ? t.monomial->factors[0].atom : nullptr;
}

// Rebuilds an expression with every atom replaced by fn(atom).
template <typename Fn>
Dim MapAtoms(const Expr* expr, Fn fn) {
  Dim sum = 0;
  for (const Term& t : expr->terms) {
    Dim product = expr->pool->Integer(t.coefficient);
    if (t.monomial != nullptr) {
      for (const Factor& f : t.monomial->factors) {
        const Dim value = fn(f.atom);
        for (uint32_t i = 0; i < f.power; ++i) product *= value;
      }
    }
    sum += product;
  }
  if (expr->denominator == 1) return sum;
  if (sum.is_integer() && sum.value() % expr->denominator != 0) {
    return expr->pool->Rational(sum.value(), expr->denominator);
  }
  return RationalDiv(sum, expr->denominator);
}

Dim Rebuild(const Atom* atom, Dim a, Dim b) {
  if (atom->kind == AtomKind::kFloor) return FloorDiv(a, b);
  return atom->kind == AtomKind::kMin ? Min(a, b) : Max(a, b);
}

// Which of two atoms to write in terms of the other: the more deeply nested, else the younger.
bool IsMoreComplex(const Atom* a, const Atom* b) {
  if (b == nullptr) return true;
  return a->depth != b->depth ? a->depth > b->depth : a->id > b->id;
}

// An equality holds for dims, which are seldom zero: a factor all terms share is dropped.
Dim DropSharedFactors(ExprPool* pool, Dim d) {
  const Expr& e = *d.expr();
  for (const Term& t : e.terms) {
    if (t.monomial == nullptr) return d;
  }
  for (const Factor& f : e.terms[0].monomial->factors) {
    const Dim quotient = ExactDiv(d, pool->FromAtom(f.atom));
    if (quotient.is_expr() && !HasDenominator(quotient)) return DropSharedFactors(pool, quotient);
  }
  return d;
}

}  // namespace

Dim ExprPool::Resolve(Dim d) {
  if (!d.is_expr() || !has_facts()) return d;
  const Expr* expr = d.expr();
  if (expr->resolved_epoch == epoch_) return expr->resolved;
  // While it is being resolved it stands for itself, which ends any circle.
  expr->resolved_epoch = epoch_;
  expr->resolved = d;
  if (++resolve_depth_ <= kMaxResolveDepth) {
    Dim result = MapAtoms(expr, [this](const Atom* atom) { return ResolveAtom(atom); });
    if (result != d) result = Resolve(result);
    // What facts make too large to write stays as it was: still true, only less simple.
    if (result.is_known()) expr->resolved = result;
  }
  --resolve_depth_;
  return expr->resolved;
}

Dim ExprPool::ResolveAtom(const Atom* atom) {
  if (atom->replacement.is_known()) return Resolve(atom->replacement);
  if (atom->kind == AtomKind::kSymbol) return FromAtom(atom);
  return Rebuild(atom, Resolve(atom->a), Resolve(atom->b));
}

void ExprPool::Record(Fact fact) {
  if (facts_.size() >= kMaxFacts) return;
  fact.node = current_node_;
  facts_.push_back(std::move(fact));
}

void ExprPool::SetDivisor(const Atom* atom, int64_t n) {
  atom->divisor = std::lcm(atom->divisor, n);
  ++epoch_;
  Record({.kind = Fact::Kind::kDivisible, .left = FromAtom(atom)});
}

// zero = c * (X - k * floor((X + r) / k)) can only vanish when k divides X.
bool ExprPool::RecordMultiple(Dim zero) {
  for (const Term& t : zero.expr()->terms) {
    const Atom* floor = LoneAtom(t);
    if (floor == nullptr || floor->kind != AtomKind::kFloor || !floor->b.is_integer()) continue;
    const int64_t k = floor->b.value();
    const Dim constant = ConstantTerm(floor->a);
    if (HasDenominator(floor->a) || !constant.is_integer() || constant.value() < 0 ||
        constant.value() >= k) {
      continue;
    }
    const Dim x = floor->a - constant;
    const Dim rest = zero + RationalDiv(Integer(t.coefficient) *
                                            (x - Dim(k) * FromAtom(floor)),
                                        k * zero.expr()->denominator);
    if (!IsInteger(rest, 0)) continue;
    const Expr* e = x.expr();
    const Atom* lone = e->terms.size() == 1 ? LoneAtom(e->terms[0]) : nullptr;
    if (lone != nullptr) {
      SetDivisor(lone, k / static_cast<int64_t>(Gcd128(e->terms[0].coefficient, k)));
    } else {
      Replace(floor, RationalDiv(x, k));
    }
    return true;
  }
  return false;
}

void ExprPool::Replace(const Atom* atom, Dim replacement) {
  Record({.kind = Fact::Kind::kEqual, .left = FromAtom(atom), .right = replacement});
  atom->replacement = replacement;
  ++epoch_;
}

// Solves zero == 0 for the most complex atom that stands alone with a coefficient dividing all.
bool ExprPool::RecordReplacement(Dim zero) {
  const Expr& e = *zero.expr();
  const Term* best = nullptr;
  for (const Term& t : e.terms) {
    const Atom* atom = LoneAtom(t);
    const bool divides =
        std::all_of(e.terms.begin(), e.terms.end(),
                    [&](const Term& other) { return other.coefficient % t.coefficient == 0; });
    if (atom == nullptr || !divides) continue;
    const Dim rest = zero - RationalDiv(Integer(t.coefficient) * FromAtom(atom), e.denominator);
    if (Mentions(rest, atom)) continue;
    if (IsMoreComplex(atom, best == nullptr ? nullptr : LoneAtom(*best))) best = &t;
  }
  if (best == nullptr) return false;
  std::vector<Term> others;
  for (const Term& t : e.terms) {
    if (&t != best) others.push_back({t.monomial, -(t.coefficient / best->coefficient)});
  }
  const Atom* atom = LoneAtom(*best);
  const Dim replacement = FromTerms(std::move(others), 1);
  if (!replacement.is_known() || Mentions(Resolve(replacement), atom)) return false;
  // A size outside of what the atom can be is no solution.
  if (IsInteger(replacement, 0) && atom->interval.low > 0) return false;
  Replace(atom, replacement);
  return true;
}

bool ExprPool::AssumeEqual(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known() || a == b) return true;
  a = Resolve(a);
  b = Resolve(b);
  if (a == b) return true;
  if (ProvablyDifferent(a, b)) return false;
  const Dim difference = a - b;
  if (!difference.is_expr()) return !difference.is_known();
  const Dim zero = DropSharedFactors(this, difference);
  if (zero.is_integer()) return zero.value() == 0;
  if (facts_.size() < kMaxFacts && (RecordMultiple(zero) || RecordReplacement(zero))) return true;
  Record({.kind = Fact::Kind::kEqual, .left = a, .right = b});
  return true;
}

Dim ExprPool::AssumeDivisible(Dim a, int64_t n) {
  a = Resolve(a);
  const Dim exact = ExactDiv(a, Dim(n));
  if (exact.is_known() || !a.is_expr() || n <= 0) return exact;
  const Expr& e = *a.expr();
  const Atom* lone = e.terms.size() == 1 && e.denominator == 1 ? LoneAtom(e.terms[0]) : nullptr;
  if (lone != nullptr) {
    SetDivisor(lone, n / static_cast<int64_t>(Gcd128(e.terms[0].coefficient, n)));
    return ExactDiv(a, Dim(n));
  }
  Record({.kind = Fact::Kind::kText,
          .text = absl::StrCat(ToString(a), " is divisible by ", n)});
  return RationalDiv(a, n);
}

void ExprPool::Note(std::string text) {
  for (const Fact& fact : facts_) {
    if (fact.text == text) return;
  }
  Record({.kind = Fact::Kind::kText, .text = std::move(text)});
}

const Atom* SymbolOf(Dim d) {
  if (!d.is_expr() || d.expr()->terms.size() != 1 || HasDenominator(d)) return nullptr;
  const Term& t = d.expr()->terms[0];
  const Atom* atom = t.coefficient == 1 ? LoneAtom(t) : nullptr;
  return atom != nullptr && atom->kind == AtomKind::kSymbol ? atom : nullptr;
}

Dim ConstantTerm(Dim d) {
  if (!d.is_expr()) return d;
  const Term& last = d.expr()->terms.back();
  return last.monomial == nullptr ? d.expr()->pool->Integer(last.coefficient) : Dim(0);
}

Dim Substitute(Dim d, const Assignment& values) {
  if (!d.is_expr()) return d;
  return MapAtoms(d.expr(), [&values, pool = d.expr()->pool](const Atom* atom) {
    if (const auto it = values.find(atom); it != values.end()) return it->second;
    if (atom->kind == AtomKind::kSymbol) return pool->FromAtom(atom);
    return Rebuild(atom, Substitute(atom->a, values), Substitute(atom->b, values));
  });
}

}  // namespace onnx_macs
