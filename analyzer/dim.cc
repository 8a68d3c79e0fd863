// The operations of Dim on expressions; integers are inline in dim.h.
#include "analyzer/dim.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "analyzer/checked_int.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {
namespace {

constexpr size_t kMaxProductTerms = 4096;
// Divisors past this are not merged into one floor: nothing real gets near.
constexpr int64_t kLargestDivisor = int64_t{1} << 40;

// Either operand as terms over a denominator; an integer is a single constant term.
struct Polynomial {
  std::vector<Term> terms;
  int64_t denominator = 1;
};

Polynomial View(Dim d) {
  if (d.is_integer()) {
    if (d.value() == 0) return {};
    return {{{nullptr, d.value()}}, 1};
  }
  const Expr& e = *d.expr();
  return {{e.terms.begin(), e.terms.end()}, e.denominator};
}

ExprPool* PoolOf(Dim a, Dim b) {
  if (a.is_expr()) return a.expr()->pool;
  return b.is_expr() ? b.expr()->pool : nullptr;
}

// Sums and products of known operands, at least one of them an expression.
bool Ready(Dim a, Dim b) { return a.is_known() && b.is_known() && PoolOf(a, b) != nullptr; }

bool Scale(Polynomial* p, absl::int128 factor) {
  for (Term& t : p->terms) {
    if (!MulChecked(t.coefficient, factor, &t.coefficient)) return false;
  }
  return true;
}

Interval IntervalOf(Dim d) {
  if (d.is_integer()) return {d.value(), d.value()};
  return d.is_expr() ? d.expr()->interval : Interval{};
}

Dim Combine(Dim a, Dim b, int sign) {
  if (!Ready(a, b)) return Dim();
  Polynomial x = View(a), y = View(b);
  const int64_t common = static_cast<int64_t>(Gcd128(x.denominator, y.denominator));
  const int64_t scale_x = y.denominator / common, scale_y = x.denominator / common;
  absl::int128 denominator;
  if (!MulChecked(x.denominator, scale_x, &denominator) || denominator > kLargestDivisor ||
      !Scale(&x, scale_x) || !Scale(&y, absl::int128(scale_y) * sign)) {
    return Dim();
  }
  x.terms.insert(x.terms.end(), y.terms.begin(), y.terms.end());
  return PoolOf(a, b)->FromTerms(std::move(x.terms), static_cast<int64_t>(denominator));
}

// p / k as a polynomial with a denominator; always possible.
Dim DivideCoefficients(ExprPool* pool, Polynomial p, absl::int128 k) {
  absl::int128 denominator;
  if (!MulChecked(p.denominator, k, &denominator) || denominator > kLargestDivisor) return Dim();
  return pool->FromTerms(std::move(p.terms), static_cast<int64_t>(denominator));
}

// What is known to divide the term, modulo k <= kLargestDivisor: enough for remainders and gcds.
absl::int128 KnownMultiple(const ExprPool& pool, const Term& t, absl::int128 k) {
  return (t.coefficient % k) * (pool.DivisorOf(t.monomial) % k);
}

// True when every term of p is a multiple of k under the recorded facts.
bool DividesEveryTerm(const ExprPool& pool, const Polynomial& p, absl::int128 k) {
  return k <= kLargestDivisor && std::all_of(p.terms.begin(), p.terms.end(), [&](const Term& t) {
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
bool MergeNestedFloor(ExprPool* pool, const std::vector<Term>& terms, int64_t k, Dim* result) {
  for (const Term& t : terms) {
    const Atom* inner = LoneFloor(t);
    if (inner == nullptr || inner->b.value() > kLargestDivisor / k) continue;
    const Dim rest = pool->FromTerms(terms, 1) - pool->FromAtom(inner);
    *result = FloorDiv(inner->a + inner->b * rest, inner->b * Dim(k));
    return true;
  }
  return false;
}

// The part of the polynomial that is a multiple of k by itself, divided by k; *terms keeps the rest,
// with coefficients in [0, k).
Dim ExtractMultiples(ExprPool* pool, std::vector<Term>* terms, int64_t k) {
  std::vector<Term> whole, rest;
  std::vector<Term> by_fact;  // multiples only because a symbol is known to be divisible
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
  if (divisor > kLargestDivisor / p.denominator) return Dim();
  const int64_t k = divisor * p.denominator;
  if (p.terms[0].monomial != nullptr && p.terms[0].coefficient < 0) {
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
  for (Polynomial* p : {a, b}) {
    for (Term& t : p->terms) {
      t.coefficient /= content;
      pool->Divide(t.monomial, shared, &t.monomial);
    }
  }
}

// a / b for polynomials with integer coefficients, by long division; false when it does not go.
bool DividePolynomials(ExprPool* pool, Polynomial a, const Polynomial& b, std::vector<Term>* out) {
  const Term lead = b.terms[0];
  for (int steps = 0; !a.terms.empty(); ++steps) {
    Term q;
    if (steps > 512 || a.terms[0].coefficient % lead.coefficient != 0 ||
        !pool->Divide(a.terms[0].monomial, lead.monomial, &q.monomial)) {
      return false;
    }
    q.coefficient = a.terms[0].coefficient / lead.coefficient;
    out->push_back(q);
    bool ok = true;
    for (const Term& t : b.terms) {
      Term product{pool->Multiply(q.monomial, t.monomial, &ok), 0};
      if (!ok || !MulChecked(q.coefficient, -t.coefficient, &product.coefficient)) return false;
      a.terms.push_back(product);
    }
    const Dim rest = pool->FromTerms(std::move(a.terms), 1);
    if (!rest.is_known()) return false;
    a.terms = View(rest).terms;
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

namespace dim_internal {

Dim Add(Dim a, Dim b) {
  if (IsInteger(a, 0)) return b;
  if (IsInteger(b, 0)) return a;
  return Combine(a, b, 1);
}

Dim Sub(Dim a, Dim b) {
  if (IsInteger(b, 0)) return a;
  if (a == b && a.is_known()) return Dim(0);
  return Combine(a, b, -1);
}

Dim Mul(Dim a, Dim b) {
  if (IsInteger(a, 0) || IsInteger(b, 0)) return Dim(0);
  if (IsInteger(a, 1)) return b;
  if (IsInteger(b, 1)) return a;
  if (!Ready(a, b)) return Dim();
  const Polynomial x = View(a), y = View(b);
  absl::int128 denominator;
  if (x.terms.size() * y.terms.size() > kMaxProductTerms ||
      !MulChecked(x.denominator, y.denominator, &denominator) || denominator > kLargestDivisor) {
    return Dim();
  }
  ExprPool* pool = PoolOf(a, b);
  std::vector<Term> product;
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

Dim FloorDiv(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known() || IsInteger(b, 0)) return Dim();
  if (a.is_integer() && b.is_integer()) {
    return Dim(static_cast<int64_t>(
        b.value() > 0 ? FloorDiv128(a.value(), b.value())
                      : FloorDiv128(-absl::int128(a.value()), -absl::int128(b.value()))));
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
  if (denominator.is_integer()) return dim_internal::FloorDiv(numerator, denominator);
  return pool->FloorAtom(numerator, denominator);
}

Dim Min(Dim a, Dim b) {
  if (!Ready(a, b)) return Dim();
  if (ProvablyLessEqual(a, b)) return a;
  if (ProvablyLessEqual(b, a)) return b;
  return PoolOf(a, b)->MinMaxAtom(AtomKind::kMin, a, b);
}

Dim Max(Dim a, Dim b) {
  if (!Ready(a, b)) return Dim();
  if (ProvablyLessEqual(a, b)) return b;
  if (ProvablyLessEqual(b, a)) return a;
  return PoolOf(a, b)->MinMaxAtom(AtomKind::kMax, a, b);
}

}  // namespace dim_internal

Dim CeilDiv(Dim a, Dim b) { return Dim(0) - FloorDiv(Dim(0) - a, b); }

Dim FloorMod(Dim a, Dim b) { return a - b * FloorDiv(a, b); }

Dim ExactDiv(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known() || IsInteger(b, 0)) return Dim();
  if (IsInteger(a, 0)) return a;
  if (a.is_integer() && b.is_integer()) {
    return a.value() % b.value() == 0 ? Dim(a.value() / b.value()) : Dim();
  }
  if (a == b) return Dim(1);
  ExprPool* pool = PoolOf(a, b);
  Polynomial x = View(a), y = View(b);
  const absl::int128 content_x = TakeContent(&x), content_y = TakeContent(&y);
  absl::int128 up, down;
  if (!MulChecked(content_x, y.denominator, &up) ||
      !MulChecked(content_y, x.denominator, &down)) {
    return Dim();
  }
  const absl::int128 common = Gcd128(up, down);
  Polynomial quotient;
  x.denominator = y.denominator = 1;
  if (!DividePolynomials(pool, std::move(x), y, &quotient.terms) ||
      !Scale(&quotient, up / common) ||
      !DividesEveryTerm(*pool, quotient, down / common)) {
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

bool ProvablyLessEqual(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known()) return false;
  if (a == b) return true;
  return IntervalOf(a).high <= IntervalOf(b).low || IntervalOf(b - a).low >= 0;
}

bool ProvablyLess(Dim a, Dim b) {
  if (!a.is_known() || !b.is_known()) return false;
  // A bound of an expression with a denominator is rounded down: only "<= b - 1" is safe.
  return IntervalOf(b - a).low >= 1;
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
