// Interning and canonical form of expressions. What is assumed about them is in expr_facts.cc.
#include "analyzer/expr_pool.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "analyzer/checked_int.h"

namespace onnx_macs {
namespace {

// Bounds that no real model comes near, so that no hostile one can make expressions explode.
constexpr size_t kMaxTerms = 512;
constexpr uint32_t kMaxDepth = 24;
constexpr absl::int128 kMaxCoefficient = absl::int128(1) << 120;
constexpr uint32_t kMaxDegree = 64;
// Nodes of an expression written out as a tree: what printing or substituting has to visit.
constexpr uint32_t kMaxSize = 1 << 14;
// The pool of an analysis holds a term or factor for so many bytes of formulas that it may write,
// and makes one for so many; an UNet needs a twentieth.
constexpr size_t kTextPerTerm = 32;
constexpr size_t kTextPerWork = 2;
constexpr size_t kWorkPerCall = 4;  // what an operation takes besides its terms

struct MonomialHash {
  using is_transparent = void;
  size_t operator()(absl::Span<const Factor> factors) const {
    size_t hash = factors.size();
    for (const Factor& f : factors) hash = absl::HashOf(hash, f.atom, f.power);
    return hash;
  }
  size_t operator()(const Monomial* m) const { return (*this)(m->factors); }
};
struct MonomialEqual {
  using is_transparent = void;
  static absl::Span<const Factor> View(absl::Span<const Factor> factors) { return factors; }
  static absl::Span<const Factor> View(const Monomial* m) { return m->factors; }
  template <typename A, typename B>
  bool operator()(const A& a, const B& b) const {
    return View(a) == View(b);
  }
};

struct ExprKey {
  absl::Span<const Term> terms;
  int64_t denominator;
};
struct ExprHash {
  using is_transparent = void;
  size_t operator()(const ExprKey& key) const {
    size_t hash = absl::HashOf(key.terms.size(), key.denominator);
    for (const Term& t : key.terms) hash = absl::HashOf(hash, t.monomial, t.coefficient);
    return hash;
  }
  size_t operator()(const Expr* e) const { return (*this)(ExprKey{e->terms, e->denominator}); }
};
struct ExprEqual {
  using is_transparent = void;
  static ExprKey View(const ExprKey& key) { return key; }
  static ExprKey View(const Expr* e) { return {e->terms, e->denominator}; }
  template <typename A, typename B>
  bool operator()(const A& a, const B& b) const {
    const ExprKey x = View(a), y = View(b);
    return x.denominator == y.denominator &&
           std::equal(x.terms.begin(), x.terms.end(), y.terms.begin(), y.terms.end(),
                      [](const Term& s, const Term& t) {
                        return s.monomial == t.monomial && s.coefficient == t.coefficient;
                      });
  }
};

using AtomKey = std::tuple<AtomKind, absl::string_view, Dim, Dim>;

bool IsReasonable(absl::int128 coefficient) {
  return coefficient < kMaxCoefficient && coefficient > -kMaxCoefficient;
}

// Adds up terms of the same monomial and drops what cancels. False on overflow.
bool MergeSortedTerms(TermVector* terms) {
  size_t out = 0;
  for (size_t i = 0; i < terms->size();) {
    Term sum = (*terms)[i];
    for (++i; i < terms->size() && (*terms)[i].monomial == sum.monomial; ++i) {
      if (!AddChecked(sum.coefficient, (*terms)[i].coefficient, &sum.coefficient)) return false;
    }
    if (!IsReasonable(sum.coefficient)) return false;
    if (sum.coefficient != 0) (*terms)[out++] = sum;
  }
  terms->resize(out);
  return true;
}

void ReduceFraction(TermVector* terms, int64_t* denominator) {
  absl::int128 common = *denominator;
  if (common == 1) return;
  for (const Term& t : *terms) common = Gcd128(common, t.coefficient);
  if (common <= 1) return;
  for (Term& t : *terms) t.coefficient /= common;
  *denominator = static_cast<int64_t>(*denominator / common);
}

// A saturated bound on the wrong side ("at least infinity") would poison sums: it steps back to the
// largest number that is still a bound.
Interval Bounds(int64_t low, int64_t high) {
  return {std::min(low, INT64_MAX - 1), std::max(high, INT64_MIN + 1)};
}

Interval ConstantInterval(absl::int128 value) {
  return Bounds(ClampBound(value), ClampBound(value));
}

Interval MonomialInterval(const Monomial* monomial) {
  Interval product{1, 1};
  if (monomial == nullptr) return product;
  for (const Factor& f : monomial->factors) {
    Interval power{1, 1};
    for (uint32_t i = 0; i < f.power; ++i) power = power * f.atom->interval;
    // Even powers are never negative, whatever the atom is.
    if (f.power % 2 == 0) power.low = std::max<int64_t>(power.low, 0);
    product = product * power;
  }
  return product;
}

Interval TermsInterval(absl::Span<const Term> terms, int64_t denominator) {
  Interval sum{0, 0};
  for (const Term& t : terms) {
    sum = sum + MonomialInterval(t.monomial) * ConstantInterval(t.coefficient);
  }
  return {FloorBound(sum.low, denominator), CeilBound(sum.high, denominator)};
}

// How deeply atoms nest and how large the whole is when written out.
struct Extent {
  uint32_t depth = 0;
  uint32_t size = 1;
  bool is_reasonable() const { return depth <= kMaxDepth && size <= kMaxSize; }
};

// Of at most kMaxTerms terms of at most kMaxDegree atoms of at most kMaxSize: no overflow.
Extent ExtentOf(absl::Span<const Term> terms) {
  Extent extent;
  for (const Term& t : terms) {
    ++extent.size;
    if (t.monomial == nullptr) continue;
    for (const Factor& f : t.monomial->factors) {
      extent.depth = std::max(extent.depth, f.atom->depth);
      extent.size += f.atom->size;
    }
  }
  return extent;
}

Extent ExtentOf(Dim d) { return d.is_expr() ? Extent{d.expr()->depth, d.expr()->size} : Extent{}; }

// Of an atom around the two.
Extent ExtentAround(Dim a, Dim b) {
  const Extent x = ExtentOf(a), y = ExtentOf(b);
  return {1 + std::max(x.depth, y.depth), 1 + x.size + y.size};
}

Interval FloorInterval(Dim a, Dim b) {
  const Interval x = IntervalOf(a);
  if (b.is_integer()) return {FloorBound(x.low, b.value()), FloorBound(x.high, b.value())};
  // A quotient of a non-negative number by a positive one lies between zero and that number.
  if (x.low >= 0 && IntervalOf(b).low >= 1) return {0, x.high};
  return {};
}

}  // namespace

struct ExprPool::Tables {
  absl::flat_hash_map<std::string, int> fresh;  // stem -> the last number given
  absl::flat_hash_map<AtomKey, const Atom*> atoms;
  absl::flat_hash_set<const Monomial*, MonomialHash, MonomialEqual> monomials;
  absl::flat_hash_set<const Expr*, ExprHash, ExprEqual> exprs;
};

Interval operator+(Interval a, Interval b) {
  return Bounds(AddBounds(a.low, b.low), AddBounds(a.high, b.high));
}

Interval operator*(Interval a, Interval b) {
  const int64_t corners[] = {MulBounds(a.low, b.low), MulBounds(a.low, b.high),
                             MulBounds(a.high, b.low), MulBounds(a.high, b.high)};
  return Bounds(*std::min_element(corners, corners + 4), *std::max_element(corners, corners + 4));
}

ExprPool::ExprPool() : tables_(std::make_unique<Tables>()) {}
ExprPool::~ExprPool() = default;

void ExprPool::set_limits(size_t text) {
  limits_ = {std::min(Limits().kept, text / kTextPerTerm), text / kTextPerWork, text};
}

int CompareMonomials(const Monomial* a, const Monomial* b) {
  if (a == b) return 0;
  if (a == nullptr) return 1;
  if (b == nullptr) return -1;
  if (a->degree != b->degree) return a->degree > b->degree ? -1 : 1;
  for (size_t i = 0; i < a->factors.size() && i < b->factors.size(); ++i) {
    const Factor& x = a->factors[i];
    const Factor& y = b->factors[i];
    if (x.atom->id != y.atom->id) return x.atom->id < y.atom->id ? -1 : 1;
    if (x.power != y.power) return x.power > y.power ? -1 : 1;
  }
  return a->factors.size() < b->factors.size() ? 1 : -1;
}

Interval IntervalOf(Dim d) {
  if (d.is_integer()) return {d.value(), d.value()};
  return d.is_expr() ? d.expr()->interval : Interval{};
}

const Atom* ExprPool::InternAtom(const Atom& atom) {
  const AtomKey key{atom.kind, atom.name, atom.a, atom.b};
  if (const auto it = tables_->atoms.find(key); it != tables_->atoms.end()) return it->second;
  pool_size_ += 4;
  Atom* made = arena_.New(atom);
  made->name = arena_.CopyString(atom.name);
  made->id = next_atom_++;
  tables_->atoms.emplace(AtomKey{made->kind, made->name, made->a, made->b}, made);
  return made;
}

const Monomial* ExprPool::InternMonomial(absl::Span<const Factor> factors) {
  if (factors.empty()) return nullptr;
  if (const auto it = tables_->monomials.find(factors); it != tables_->monomials.end()) return *it;
  pool_size_ += 2 + factors.size();
  Monomial monomial{arena_.Copy(factors), 0};
  for (const Factor& f : factors) monomial.degree += f.power;
  return *tables_->monomials.insert(arena_.New(monomial)).first;
}

Dim ExprPool::FromAtom(const Atom* atom) {
  const Factor factor{atom, 1};
  return FromTerms({{InternMonomial({&factor, 1}), 1}}, 1);
}

Dim ExprPool::Symbol(absl::string_view name, Interval interval) {
  const size_t before = next_atom_;
  const Atom* atom = InternAtom({.kind = AtomKind::kSymbol,
                                 .id = 0,
                                 .depth = 0,
                                 .size = 1,
                                 .name = name,
                                 .interval = interval});
  if (next_atom_ != before) symbols_.push_back(atom);
  return FromAtom(atom);
}

Dim ExprPool::FreshSymbol(absl::string_view stem, Interval interval) {
  // Counting on from the last one keeps a graph with many of them linear.
  int& last = tables_->fresh[stem];
  std::string name;
  do {
    ++last;
    name = last == 1 ? std::string(stem) : absl::StrCat(stem, "_", last);
  } while (HasSymbol(name));
  return Symbol(name, interval);
}

bool ExprPool::HasSymbol(absl::string_view name) const {
  return tables_->atoms.contains(AtomKey{AtomKind::kSymbol, name, Dim(), Dim()});
}

Dim ExprPool::Integer(absl::int128 value) {
  constexpr int64_t kInlineLimit = int64_t{1} << 61;
  if (value >= -kInlineLimit && value < kInlineLimit) return Dim(static_cast<int64_t>(value));
  return FromTerms({{nullptr, value}}, 1);
}

Dim ExprPool::Rational(int64_t numerator, int64_t denominator) {
  if (denominator <= 0 || denominator > kMaxDivisor) return Dim();
  return FromTerms({{nullptr, numerator}}, denominator);
}

bool CanonicalizeTerms(TermVector* terms) {
  const auto is_before = [](const Term& a, const Term& b) {
    return CompareMonomials(a.monomial, b.monomial) < 0;
  };
  // Sums come merged.
  if (!std::is_sorted(terms->begin(), terms->end(), is_before)) {
    std::sort(terms->begin(), terms->end(), is_before);
  }
  return MergeSortedTerms(terms) && terms->size() <= kMaxTerms;
}

Dim ExprPool::FromTerms(TermVector terms, int64_t denominator) {
  const bool is_number = terms.empty() || (terms.size() == 1 && terms[0].monomial == nullptr);
  if (!is_number) {
    if (is_full()) return Dim();
    work_ += kWorkPerCall + terms.size();
  }
  if (!CanonicalizeTerms(&terms)) return Dim();
  ReduceFraction(&terms, &denominator);
  if (terms.empty()) return Dim(0);
  if (terms.size() == 1 && terms[0].monomial == nullptr && denominator == 1) {
    const Dim inlined(ClampBound(terms[0].coefficient));
    if (inlined.is_integer()) return inlined;
  }
  const ExprKey key{terms, denominator};
  if (const auto it = tables_->exprs.find(key); it != tables_->exprs.end()) return Dim(**it);
  const Extent extent = ExtentOf(terms);
  if (!extent.is_reasonable() || is_full()) return Dim();
  pool_size_ += 4 + terms.size();
  const Expr* made = arena_.New(Expr{.pool = this,
                                     .terms = arena_.Copy<Term>(terms),
                                     .denominator = denominator,
                                     .depth = extent.depth,
                                     .size = extent.size,
                                     .id = static_cast<uint32_t>(tables_->exprs.size()),
                                     .interval = TermsInterval(terms, denominator)});
  tables_->exprs.insert(made);
  return Dim(*made);
}

Dim ExprPool::FloorAtom(Dim numerator, Dim denominator) {
  const Extent extent = ExtentAround(numerator, denominator);
  if (!numerator.is_known() || !denominator.is_known() || !extent.is_reasonable() || is_full())
    return Dim();
  return FromAtom(InternAtom({.kind = AtomKind::kFloor,
                              .id = 0,
                              .depth = extent.depth,
                              .size = extent.size,
                              .name = {},
                              .a = numerator,
                              .b = denominator,
                              .interval = FloorInterval(numerator, denominator)}));
}

Dim ExprPool::MinMaxAtom(AtomKind kind, Dim a, Dim b) {
  // One order for both ways of writing it: integers last, expressions by age.
  if (a.is_integer() || (a.is_expr() && b.is_expr() && b.expr()->id < a.expr()->id))
    std::swap(a, b);
  const Interval x = IntervalOf(a), y = IntervalOf(b);
  const bool is_min = kind == AtomKind::kMin;
  const Interval interval = is_min ? Interval{std::min(x.low, y.low), std::min(x.high, y.high)}
                                   : Interval{std::max(x.low, y.low), std::max(x.high, y.high)};
  const Extent extent = ExtentAround(a, b);
  if (!a.is_known() || !b.is_known() || !extent.is_reasonable() || is_full()) return Dim();
  return FromAtom(InternAtom({.kind = kind,
                              .id = 0,
                              .depth = extent.depth,
                              .size = extent.size,
                              .name = {},
                              .a = a,
                              .b = b,
                              .interval = interval}));
}

const Monomial* ExprPool::Multiply(const Monomial* a, const Monomial* b, bool* ok) {
  if (a == nullptr) return b;
  if (b == nullptr) return a;
  if (a->degree + b->degree > kMaxDegree || is_full()) {
    *ok = false;
    return nullptr;
  }
  std::vector<Factor> factors;
  work_ += a->factors.size() + b->factors.size();
  size_t i = 0, j = 0;
  while (i < a->factors.size() || j < b->factors.size()) {
    const bool take_a = j == b->factors.size() ||
                        (i < a->factors.size() && a->factors[i].atom->id <= b->factors[j].atom->id);
    const bool take_b = !take_a || (j < b->factors.size() && i < a->factors.size() &&
                                    a->factors[i].atom == b->factors[j].atom);
    Factor factor = take_a ? a->factors[i++] : b->factors[j++];
    if (take_a && take_b) factor.power += b->factors[j++].power;
    factors.push_back(factor);
  }
  return InternMonomial(factors);
}

bool ExprPool::Divide(const Monomial* a, const Monomial* b, const Monomial** quotient) {
  *quotient = a;
  if (b == nullptr) return true;
  if (a == nullptr) return false;
  work_ += kWorkPerCall + a->factors.size();
  std::vector<Factor> factors;
  size_t j = 0;
  for (Factor f : a->factors) {
    if (j < b->factors.size() && b->factors[j].atom == f.atom) {
      if (b->factors[j].power > f.power) return false;
      f.power -= b->factors[j++].power;
    }
    if (f.power > 0) factors.push_back(f);
  }
  if (j != b->factors.size()) return false;
  *quotient = InternMonomial(factors);
  return true;
}

int64_t ExprPool::DivisorOf(const Monomial* monomial) const {
  if (monomial == nullptr || !has_facts()) return 1;
  int64_t divisor = 1;
  for (const Factor& f : monomial->factors) {
    for (uint32_t i = 0; i < f.power && f.atom->divisor <= kMaxDivisor / divisor; ++i) {
      divisor *= f.atom->divisor;
    }
  }
  return divisor;
}

}  // namespace onnx_macs
