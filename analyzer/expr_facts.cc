// What had to be assumed so that shapes agree, and expressions under those assumptions.
//
// Two kinds of fact rewrite expressions: "this atom is a multiple of n", under which floors become
// exact quotients, and "this atom equals that expression". Both hold for everything, also for what
// was inferred before: Resolve() gives an expression as it reads under all facts so far.
#include <algorithm>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "analyzer/checked_int.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {
namespace {

constexpr size_t kMaxFacts = 1000;
constexpr uint32_t kSizePerWork = 16;  // looking through an expression takes less than making it
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

// Integers are multiplied apart from expressions, in 128 bits and without interning: a point of a
// sweep costs arithmetic only.
struct Product {
  absl::int128 integer;
  Dim symbolic = 1;
  bool overflowed = false;

  void Multiply(Dim value, uint32_t power) {
    for (uint32_t i = 0; i < power && integer != 0; ++i) {
      if (!value.is_integer()) {
        symbolic *= value;
      } else if (!MulChecked(integer, value.value(), &integer)) {
        overflowed = true;
      }
    }
  }
};

// Rebuilds an expression with every atom replaced by fn(atom).
template <typename Fn>
Dim MapAtoms(const Expr* expr, Fn fn) {
  absl::int128 integer = 0;
  Dim symbolic = 0;
  for (const Term& t : expr->terms) {
    Product product{t.coefficient};
    if (t.monomial != nullptr) {
      for (const Factor& f : t.monomial->factors) product.Multiply(fn(f.atom), f.power);
    }
    if (product.overflowed) return Dim();
    if (!IsInteger(product.symbolic, 1)) {
      symbolic += expr->pool->Integer(product.integer) * product.symbolic;
    } else if (!AddChecked(integer, product.integer, &integer)) {
      return Dim();
    }
  }
  const Dim number = expr->pool->FromTerms({{nullptr, integer}}, expr->denominator);
  if (IsInteger(symbolic, 0)) return number;
  return number + RationalDiv(symbolic, expr->denominator);
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

bool IsProductOfSymbols(Dim d) {
  const Expr& e = *d.expr();
  return e.terms.size() == 1 && e.terms[0].monomial != nullptr &&
         std::all_of(e.terms[0].monomial->factors.begin(), e.terms[0].monomial->factors.end(),
                     [](const Factor& f) { return f.atom->kind == AtomKind::kSymbol; });
}

}  // namespace

Dim ExprPool::ResolveAnew(const Expr& expr) {
  const Dim d(expr);
  // While it is being resolved it stands for itself, which ends any circle.
  expr.resolved_epoch = epoch_;
  expr.resolved = d;
  if (++resolve_depth_ <= kMaxResolveDepth) {
    Dim result = MapAtoms(&expr, [this](const Atom* atom) { return ResolveAtom(atom); });
    if (result != d) result = Resolve(result);
    // What facts make too large to write stays as it was: still true, only less simple.
    if (result.is_known()) expr.resolved = result;
  }
  --resolve_depth_;
  return expr.resolved;
}

Dim ExprPool::ResolveAtom(const Atom* atom) {
  if (atom->replacement.is_known()) return Resolve(atom->replacement);
  if (atom->kind == AtomKind::kSymbol) return FromAtom(atom);
  return Rebuild(atom, Resolve(atom->a), Resolve(atom->b));
}

void ExprPool::Record(Fact fact) {
  if (facts_.size() > kMaxFacts) return;
  if (facts_.size() == kMaxFacts) fact = {};
  for (const Fact& known : facts_) {
    if (std::tie(known.kind, known.left, known.right) ==
        std::tie(fact.kind, fact.left, fact.right)) {
      return;
    }
  }
  fact.node = current_node_;
  facts_.push_back(std::move(fact));
}

// False when the atom would have to be a multiple of too large a number.
bool ExprPool::SetDivisor(const Atom* atom, int64_t n) {
  const int64_t missing = n / std::gcd(atom->divisor, n);
  if (missing > kMaxDivisor / atom->divisor) return false;
  atom->divisor *= missing;
  ++epoch_;
  Record({.kind = Fact::Kind::kDivisible, .left = FromAtom(atom)});
  return true;
}

// Whether d, whose atoms are integers, can be a multiple of the modulus; of zero: can be zero.
bool ExprPool::HasSolution(Dim d, absl::int128 modulus) const {
  const Expr& e = *d.expr();
  absl::int128 common = modulus * e.denominator, constant = 0;
  for (const Term& t : e.terms) {
    absl::int128 multiple = t.coefficient;
    if (t.monomial == nullptr) {
      constant = t.coefficient;
    } else if (MulChecked(t.coefficient, DivisorOf(t.monomial), &multiple)) {
      common = Gcd128(common, multiple);
    } else {
      common = Gcd128(common, t.coefficient);
    }
  }
  return common == 0 ? constant == 0 : constant % common == 0;
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
    const Dim multiple = Integer(t.coefficient) * (x - Dim(k) * FromAtom(floor));
    const Dim rest = zero + RationalDiv(RationalDiv(multiple, k), zero.expr()->denominator);
    if (!IsInteger(rest, 0)) continue;
    const Expr* e = x.expr();
    const Atom* lone = e->terms.size() == 1 ? LoneAtom(e->terms[0]) : nullptr;
    if (lone != nullptr) {
      return SetDivisor(lone, k / static_cast<int64_t>(Gcd128(e->terms[0].coefficient, k)));
    }
    Replace(floor, RationalDiv(x, k));
    return true;
  }
  return false;
}

void ExprPool::Replace(const Atom* atom, Dim replacement) {
  Record({.kind = Fact::Kind::kEqual, .left = FromAtom(atom), .right = replacement});
  atom->replacement = replacement;
  ++epoch_;
  // What was known to divide the atom divides what takes its place.
  if (atom->divisor > 1) AssumeDivisible(replacement, atom->divisor);
}

// Solves zero == 0 for the most complex atom that stands alone with a coefficient dividing all.
bool ExprPool::RecordReplacement(Dim zero) {
  const Expr& e = *zero.expr();
  const Term* best = nullptr;
  for (const Term& t : e.terms) {
    work_ += e.size / kSizePerWork;
    if (is_full()) return false;
    const Atom* atom = LoneAtom(t);
    const bool divides = std::all_of(e.terms.begin(), e.terms.end(), [&](const Term& other) {
      return other.coefficient % t.coefficient == 0;
    });
    if (atom == nullptr || !divides) continue;
    const Dim rest = zero - RationalDiv(Integer(t.coefficient) * FromAtom(atom), e.denominator);
    if (Mentions(rest, atom)) continue;
    if (IsMoreComplex(atom, best == nullptr ? nullptr : LoneAtom(*best))) best = &t;
  }
  if (best == nullptr) return false;
  TermVector others;
  for (const Term& t : e.terms) {
    if (&t != best) others.push_back({t.monomial, -(t.coefficient / best->coefficient)});
  }
  const Atom* atom = LoneAtom(*best);
  const Dim replacement = FromTerms(std::move(others), 1);
  if (!replacement.is_known() || Mentions(Resolve(replacement), atom)) return false;
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
  if (difference.is_expr()) {
    const Dim zero = DropSharedFactors(this, difference);
    if (ProvablyDifferent(zero, 0) || !HasSolution(zero, 0)) return false;
    // 8*h = 4*h holds where h is zero, and that nobody means.
    if (IsProductOfSymbols(zero) && !IsInteger(a, 0) && !IsInteger(b, 0)) return false;
    if (facts_.size() < kMaxFacts && (RecordMultiple(zero) || RecordReplacement(zero))) return true;
  }
  Record({.kind = Fact::Kind::kEqual, .left = a, .right = b});
  return true;
}

Dim ExprPool::AssumeDivisible(Dim a, int64_t n) {
  a = Resolve(a);
  const Dim exact = ExactDiv(a, Dim(n));
  if (exact.is_known() || !a.is_expr() || n <= 0 || !HasSolution(a, n)) return exact;
  const Expr& e = *a.expr();
  const Atom* lone = e.terms.size() == 1 && e.denominator == 1 ? LoneAtom(e.terms[0]) : nullptr;
  if (lone != nullptr &&
      SetDivisor(lone, n / static_cast<int64_t>(Gcd128(e.terms[0].coefficient, n)))) {
    return ExactDiv(a, Dim(n));
  }
  Record({.kind = Fact::Kind::kMultiple, .left = a, .right = n});
  return RationalDiv(a, n);
}

const Atom* LoneAtomOf(Dim d) {
  if (!d.is_expr() || d.expr()->terms.size() != 1 || HasDenominator(d)) return nullptr;
  const Term& t = d.expr()->terms[0];
  return t.coefficient == 1 ? LoneAtom(t) : nullptr;
}

const Atom* SymbolOf(Dim d) {
  const Atom* atom = LoneAtomOf(d);
  return atom != nullptr && atom->kind == AtomKind::kSymbol ? atom : nullptr;
}

Dim ConstantTerm(Dim d) {
  if (!d.is_expr()) return d;
  const Term& last = d.expr()->terms.back();
  if (last.monomial != nullptr) return 0;
  return d.expr()->pool->FromTerms({last}, d.expr()->denominator);
}

bool IsPastInt64(Dim d) {
  if (!d.is_expr() || d.expr()->terms.front().monomial != nullptr || HasDenominator(d)) {
    return false;
  }
  const absl::int128 number = d.expr()->terms.front().coefficient;
  return number > INT64_MAX || number < INT64_MIN;
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
