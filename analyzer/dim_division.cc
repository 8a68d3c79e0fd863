// Division of expressions: canonical floors, exact polynomial quotients, fractions.
#include <algorithm>
#include <utility>
#include <vector>

#include "analyzer/checked_int.h"
#include "analyzer/dim.h"
#include "analyzer/expr_pool.h"
#include "analyzer/polynomial.h"

namespace onnx_macs {
namespace {

// b is not zero.
Dim FloorOfIntegers(ExprPool* pool, absl::int128 a, absl::int128 b) {
  const absl::int128 quotient = b > 0 ? FloorDiv128(a, b) : FloorDiv128(-a, -b);
  return pool != nullptr ? pool->Integer(quotient) : Dim(static_cast<int64_t>(quotient));
}

// What is known to divide the term, modulo k <= kMaxDivisor: enough for remainders and gcds.
absl::int128 KnownMultiple(const ExprPool& pool, const Term& t, absl::int128 k) {
  return (t.coefficient % k) * (pool.DivisorOf(t.monomial) % k);
}

// True when every term of p is a multiple of k under the recorded facts.
bool DividesEveryTerm(const ExprPool& pool, const Polynomial& p, absl::int128 k) {
  return k <= kMaxDivisor && std::all_of(p.terms.begin(), p.terms.end(), [&](const Term& t) {
           return KnownMultiple(pool, t, k) % k == 0;
         });
}

// The atom of a term that is one floor(x/m), m an integer, with coefficient one; else null.
const Atom* LoneFloor(const Term& t) {
  if (t.coefficient != 1 || t.monomial == nullptr || t.monomial->degree != 1) return nullptr;
  const Atom* atom = t.monomial->factors[0].atom;
  return atom->kind == AtomKind::kFloor && atom->b.is_integer() ? atom : nullptr;
}

// floor((floor(x/m) + y) / k) = floor((x + m*y) / (m*k)) for an integer y.
bool MergeNestedFloor(ExprPool* pool, const TermVector& terms, int64_t k, Dim* result) {
  for (const Term& t : terms) {
    const Atom* inner = LoneFloor(t);
    if (inner == nullptr || inner->b.value() > kMaxDivisor / k) continue;
    const Dim rest = pool->FromTerms(terms, 1) - pool->FromAtom(inner);
    *result = FloorDiv(inner->a + inner->b * rest, inner->b * Dim(k));
    return true;
  }
  return false;
}

// The part of the polynomial that is a multiple of k by itself, divided by k; *terms keeps the
// rest, with coefficients in [0, k).
Dim ExtractMultiples(ExprPool* pool, TermVector* terms, int64_t k) {
  TermVector whole, rest;
  TermVector by_fact;  // multiples only because a symbol is known to be divisible
  for (const Term& t : *terms) {
    if (t.coefficient % k != 0 && KnownMultiple(*pool, t, k) % k == 0) {
      by_fact.push_back(t);
      continue;
    }
    const absl::int128 quotient = FloorDiv128(t.coefficient, k);
    if (quotient != 0) whole.push_back({t.monomial, quotient});
    if (quotient * k != t.coefficient) rest.push_back({t.monomial, t.coefficient - quotient * k});
  }
  *terms = std::move(rest);
  return pool->FromTerms(std::move(whole), 1) + pool->FromTerms(std::move(by_fact), k);
}

// Rounds the constant term down to what can matter: with 8 | h, floor((h + 3) / 16) is floor(h/16).
absl::int128 RoundConstant(const ExprPool& pool, Polynomial* p, absl::int128 k) {
  absl::int128 common = k;
  Term* constant = nullptr;
  for (Term& t : p->terms) {
    if (t.monomial == nullptr) {
      constant = &t;
    } else {
      common = Gcd128(common, KnownMultiple(pool, t, k));
    }
  }
  if (constant != nullptr) {
    constant->coefficient = FloorDiv128(constant->coefficient, common) * common;
  }
  return common;
}

// The canonical floor(a / divisor): a positive leading coefficient, lowest terms, whole parts
// outside, nested floors merged.
Dim FloorByInteger(Dim a, int64_t divisor) {
  ExprPool* pool = a.expr()->pool;
  Polynomial p = View(a);
  if (divisor > kMaxDivisor / p.denominator) return Dim();
  const int64_t k = divisor * p.denominator;
  // Multiples of k come out by themselves; what stays decides the sign.
  const auto lead = std::find_if(p.terms.begin(), p.terms.end(),
                                 [k](const Term& t) { return t.coefficient % k != 0; });
  if (lead != p.terms.end() && lead->monomial != nullptr && lead->coefficient < 0) {
    // floor(-x / k) = -floor((x + k - 1) / k)
    if (!Scale(&p, -1)) return Dim();
    p.terms.push_back({nullptr, k - 1});
    const Dim positive = pool->FromTerms(std::move(p.terms), 1);
    return Dim(0) - FloorDiv(positive, Dim(k));
  }
  const absl::int128 common = RoundConstant(*pool, &p, k);
  if (common == k) return DivideCoefficients(pool, {std::move(p.terms), 1}, k);
  absl::int128 shared = k;
  for (const Term& t : p.terms) shared = Gcd128(shared, t.coefficient);
  for (Term& t : p.terms) t.coefficient /= shared;
  const int64_t reduced = static_cast<int64_t>(k / shared);

  const Dim whole = ExtractMultiples(pool, &p.terms, reduced);
  p.terms.erase(std::remove_if(p.terms.begin(), p.terms.end(),
                               [](const Term& t) { return t.coefficient == 0; }),
                p.terms.end());
  if (p.terms.empty()) return whole;
  const Dim rest = pool->FromTerms(p.terms, 1);
  if (rest.is_integer()) return whole;  // a constant in [0, reduced)
  Dim fraction;
  if (!MergeNestedFloor(pool, p.terms, reduced, &fraction)) {
    fraction = pool->FloorAtom(rest, Dim(reduced));
  }
  return whole + fraction;
}

// Divides numerator and denominator by the monomial and the integer they share.
void CancelCommonFactors(ExprPool* pool, Polynomial* a, Polynomial* b) {
  absl::int128 content = 0;
  const Monomial* shared = b->terms[0].monomial;
  for (const Polynomial* p : {a, b}) {
    for (const Term& t : p->terms) {
      content = Gcd128(content, t.coefficient);
      std::vector<Factor> kept;
      if (shared != nullptr) kept.assign(shared->factors.begin(), shared->factors.end());
      for (Factor& f : kept) {
        uint32_t power = 0;
        if (t.monomial != nullptr) {
          for (const Factor& g : t.monomial->factors) power = g.atom == f.atom ? g.power : power;
        }
        f.power = std::min(f.power, power);
      }
      kept.erase(std::remove_if(kept.begin(), kept.end(), [](Factor f) { return f.power == 0; }),
                 kept.end());
      shared = pool->InternMonomial(kept);
    }
  }
  if (b->terms[0].coefficient < 0) content = -content;  // floor(-a / -b) = floor(a / b)
  for (Polynomial* p : {a, b}) {
    for (Term& t : p->terms) {
      t.coefficient /= content;
      pool->Divide(t.monomial, shared, &t.monomial);
    }
  }
}

// a / b for polynomials with integer coefficients, by long division; false when it does not go.
bool DividePolynomials(ExprPool* pool, Polynomial a, const Polynomial& b, TermVector* out) {
  const Term lead = b.terms[0];
  while (!a.terms.empty()) {
    Term q;
    if ((out->size() + 1) * b.terms.size() > kMaxProductTerms ||
        a.terms[0].coefficient % lead.coefficient != 0 ||
        !pool->Divide(a.terms[0].monomial, lead.monomial, &q.monomial)) {
      return false;
    }
    q.coefficient = a.terms[0].coefficient / lead.coefficient;
    out->push_back(q);
    bool ok = true;
    TermVector subtracted;
    for (const Term& t : b.terms) {
      Term product{pool->Multiply(q.monomial, t.monomial, &ok), 0};
      if (!ok || !MulChecked(q.coefficient, -t.coefficient, &product.coefficient)) return false;
      subtracted.push_back(product);
    }
    MergeTerms(subtracted, &a.terms);
    if (!CanonicalizeTerms(&a.terms)) return false;
  }
  return true;
}

// The content (greatest common divisor of the coefficients), divided out.
absl::int128 TakeContent(Polynomial* p) {
  absl::int128 content = 0;
  for (const Term& t : p->terms) content = Gcd128(content, t.coefficient);
  for (Term& t : p->terms) t.coefficient /= content;
  return content;
}

}  // namespace

Dim dim_internal::FloorDiv(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known() || IsInteger(b, 0)) return Dim();
  absl::int128 wide_a, wide_b;
  if (IsWideInteger(a, &wide_a) && IsWideInteger(b, &wide_b)) {
    return FloorOfIntegers(PoolOf(a, b), wide_a, wide_b);
  }
  if (b.is_integer()) {
    return b.value() > 0 ? FloorByInteger(a, b.value())
                         : dim_internal::FloorDiv(Dim(0) - a, Dim(0) - b);
  }
  if (IsInteger(a, 0)) return a;
  if (const Dim exact = ExactDiv(a, b); exact.is_known()) return exact;
  ExprPool* pool = b.expr()->pool;
  Polynomial x = View(a), y = View(b);
  std::swap(x.denominator, y.denominator);
  if (!Scale(&x, x.denominator) || !Scale(&y, y.denominator)) return Dim();
  CancelCommonFactors(pool, &x, &y);
  const Dim numerator = pool->FromTerms(std::move(x.terms), 1);
  const Dim denominator = pool->FromTerms(std::move(y.terms), 1);
  if (!numerator.is_known() || !denominator.is_known()) return Dim();
  const bool are_integers =
      IsWideInteger(numerator, &wide_a) && IsWideInteger(denominator, &wide_b);
  if (are_integers || denominator.is_integer()) {
    return dim_internal::FloorDiv(numerator, denominator);
  }
  return pool->FloorAtom(numerator, denominator);
}

Dim CeilDiv(Dim a, Dim b) { return Dim(0) - FloorDiv(Dim(0) - a, b); }

Dim FloorMod(Dim a, Dim b) {
  const Dim quotient = FloorDiv(a, b);
  if (!quotient.is_known()) return Dim();
  absl::int128 x, y, q;
  if (PoolOf(a, b) != nullptr && IsWideInteger(a, &x) && IsWideInteger(b, &y) &&
      IsWideInteger(quotient, &q)) {
    return PoolOf(a, b)->Integer(x - y * q);  // The product may be too wide for a Dim.
  }
  return a - b * quotient;
}

Dim ExactDiv(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known() || IsInteger(b, 0)) return Dim();
  if (IsInteger(a, 0)) return a;
  if (a.is_integer() && b.is_integer()) {
    return a.value() % b.value() == 0 ? Dim(a.value() / b.value()) : Dim();
  }
  if (a == b) return Dim(1);
  ExprPool* pool = PoolOf(a, b);
  if (pool->is_full()) return Dim();
  Polynomial x = View(a), y = View(b);
  const absl::int128 content_x = TakeContent(&x), content_y = TakeContent(&y);
  absl::int128 up, down;
  if (!MulChecked(content_x, y.denominator, &up) || !MulChecked(content_y, x.denominator, &down)) {
    return Dim();
  }
  const absl::int128 common = Gcd128(up, down);
  Polynomial quotient;
  x.denominator = y.denominator = 1;
  if (!DividePolynomials(pool, std::move(x), y, &quotient.terms) ||
      !Scale(&quotient, up / common) || !DividesEveryTerm(*pool, quotient, down / common)) {
    return Dim();
  }
  return DivideCoefficients(pool, std::move(quotient), down / common);
}

Dim RationalDiv(Dim a, int64_t b) {
  if (!a.is_known() || b == 0) return Dim();
  if (b < 0) return b == INT64_MIN ? Dim() : RationalDiv(Dim(0) - a, -b);
  if (a.is_integer()) return a.value() % b == 0 ? Dim(a.value() / b) : Dim();
  return DivideCoefficients(a.expr()->pool, View(a), b);
}

}  // namespace onnx_macs
