// The symbolic algebra behind Dim and Count: interned polynomials over atoms, and the facts an
// analysis had to assume about them.
//
// An expression is a polynomial with integer coefficients over one common denominator. Its atoms
// are symbols, floor(a/b), min(a,b) and max(a,b); ceil and mod are written with floor. Every
// expression belongs to one pool and knows it, so there are no globals and no locks.
#ifndef ANALYZER_EXPR_POOL_H_
#define ANALYZER_EXPR_POOL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/hash/hash.h"
#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/arena.h"
#include "analyzer/dim.h"

namespace onnx_macs {

// Bounds of an expression's values; the limits of int64 stand for "unbounded".
struct Interval {
  int64_t low = INT64_MIN;
  int64_t high = INT64_MAX;
};

enum class AtomKind : uint8_t { kSymbol, kFloor, kMin, kMax };

struct Atom {
  AtomKind kind;
  uint32_t id;             // dense, in order of creation
  uint32_t depth;          // nesting of atoms inside atoms
  uint32_t size;           // nodes of the atom written out as a tree
  absl::string_view name;  // kSymbol
  Dim a{}, b{};            // floor(a/b), min(a, b), max(a, b)
  Interval interval{};
  mutable int64_t divisor = 1;  // a recorded fact: the atom's value is a multiple of this
  mutable Dim replacement{};    // a recorded fact: the atom equals this; unknown without one
};

struct Factor {
  const Atom* atom;
  uint32_t power;
  friend bool operator==(const Factor&, const Factor&) = default;
};

// A product of atoms, sorted by atom id. The empty product is the null pointer.
struct Monomial {
  absl::Span<const Factor> factors;
  uint32_t degree;
};

struct Term {
  const Monomial* monomial;  // nullptr: the constant term
  absl::int128 coefficient;  // never zero
};

// While an expression is put together: most have two or three terms.
using TermVector = absl::InlinedVector<Term, 4>;

struct Expr {
  ExprPool* pool;
  absl::Span<const Term> terms;  // sorted by CompareMonomials, constant last
  int64_t denominator;           // > 0, in lowest terms with the coefficients
  uint32_t depth;                // deepest atom inside
  uint32_t size;                 // nodes of the expression written out as a tree
  uint32_t id;                   // dense, in order of creation
  Interval interval;
  // The expression under the facts of `resolved_epoch`.
  mutable uint32_t resolved_epoch = 0;
  mutable Dim resolved{};
  mutable absl::string_view text{};  // once it was printed
};

// An assumption that had to be made so that shapes agree.
struct Fact {
  // kMore: there are more than are kept.
  enum class Kind : uint8_t { kDivisible, kMultiple, kEqual, kNotOne, kNotNegative, kMore };
  Kind kind = Kind::kMore;
  Dim left{};         // kDivisible: the atom, whose `divisor` says by what; else what it is about
  Dim right{};        // kEqual: the other side; kMultiple: of what
  int64_t node = -1;  // what was being inferred: ExprPool::set_current_node()
};

// Something that has to hold: a formula, and what its value must be.
struct Condition {
  enum class Kind : uint8_t { kZero, kNotOne, kNotNegative, kNever } kind = Kind::kZero;
  std::string formula{};
};

class ExprPool {
 public:
  ExprPool();
  ~ExprPool();
  ExprPool(const ExprPool&) = delete;
  ExprPool& operator=(const ExprPool&) = delete;

  // The symbol of that name, made on first use. Later intervals for a known name are ignored.
  Dim Symbol(absl::string_view name, Interval interval = {0, INT64_MAX});
  // A name no symbol has yet: "nonzero", "nonzero_2", ...
  Dim FreshSymbol(absl::string_view stem, Interval interval);
  // Any 128-bit integer; boxed where it does not fit a Dim.
  Dim Integer(absl::int128 value);
  Dim Rational(int64_t numerator, int64_t denominator);

  // The expression under all facts recorded so far.
  Dim Resolve(Dim d) {
    if (!d.is_expr() || !has_facts()) return d;
    const Expr& expr = *d.expr();
    return expr.resolved_epoch == epoch_ ? expr.resolved : ResolveAnew(expr);
  }
  bool has_facts() const { return epoch_ > 1; }

  // Makes a == b hold from here on by recording a fact; false when it cannot hold.
  bool AssumeEqual(Dim a, Dim b);
  // Records that n divides a, and returns a / n; unknown when it cannot divide.
  Dim AssumeDivisible(Dim a, int64_t n);
  // Record assumptions that change no expression.
  void AssumeNotOne(Dim a) { Record({.kind = Fact::Kind::kNotOne, .left = a}); }
  void AssumeNotNegative(Dim a) { Record({.kind = Fact::Kind::kNotNegative, .left = a}); }
  absl::Span<const Fact> facts() const { return facts_; }
  // The facts as a person wants them: the divisibility of each symbol in one line.
  std::vector<std::string> DescribeFacts();
  // The facts for a machine: where all of these hold, so does every expression of the pool.
  std::vector<Condition> Conditions();
  void set_current_node(int64_t node) { current_node_ = node; }

  // All symbols made so far, in order.
  absl::Span<const Atom* const> symbols() const { return symbols_; }

  // What `compute` gives for a sum, difference or product of the two: a model asks for the same few
  // over and over, so the last answers are kept, once there is more than one formula to read.
  template <typename Compute>
  Dim Recall(char operation, Dim a, Dim b, Compute compute) {
    if (pool_size_ < kFewTerms) return compute();
    Answer& answer = AnswerFor(operation, a, b);
    if (answer.operation == operation && answer.a == a && answer.b == b) return answer.result;
    const Dim result = compute();
    answer = {a, b, result, operation};
    return result;
  }

  // Building blocks for dim.cc, count.cc and the parser.
  Dim FromAtom(const Atom* atom);
  // Factors must be sorted by atom id.
  const Monomial* InternMonomial(absl::Span<const Factor> factors);
  Dim FromTerms(TermVector terms, int64_t denominator);
  Dim FloorAtom(Dim numerator, Dim denominator);
  Dim MinMaxAtom(AtomKind kind, Dim a, Dim b);
  // Sets *ok to false, and leaves it alone otherwise, when the degree grows past all reason.
  const Monomial* Multiply(const Monomial* a, const Monomial* b, bool* ok);
  // a / b, or false when b does not divide a.
  bool Divide(const Monomial* a, const Monomial* b, const Monomial** quotient);
  int64_t DivisorOf(const Monomial* monomial) const;
  // A copy that lives as long as the pool.
  absl::string_view Keep(absl::string_view text) { return arena_.CopyString(text); }

  // Bounds what is made by how much of it may be written: `text` bytes. Without this only what is
  // kept is bounded.
  void set_limits(size_t text);
  // Whether it made as much as it may: from then on, sums and products that are not numbers are
  // unknown.
  bool is_full() const { return pool_size_ >= limits_.kept || work_ >= limits_.work; }
  // Whether ToString() may write more; where not, everything is "?".
  bool MayWriteText() const { return text_bytes_ <= limits_.text; }
  void SpendText(size_t bytes) { text_bytes_ += bytes; }

 private:
  struct Tables;  // the interning tables
  struct Answer {
    Dim a{}, b{}, result{};
    char operation = 0;
  };
  static constexpr size_t kNumAnswers = 128, kFewTerms = 128;
  // Terms and factors that are kept, some hundred megabytes, and made; bytes that are written.
  struct Limits {
    size_t kept = size_t{1} << 23, work = SIZE_MAX, text = SIZE_MAX;
  };

  Answer& AnswerFor(char operation, Dim a, Dim b) {
    if (answers_.empty()) answers_.resize(kNumAnswers);
    return answers_[absl::HashOf(operation, a, b) % kNumAnswers];
  }

  bool HasSymbol(absl::string_view name) const;
  const Atom* InternAtom(const Atom& atom);

  Dim ResolveAnew(const Expr& expr);
  Dim ResolveAtom(const Atom* atom);
  void Record(Fact fact);
  void Replace(const Atom* atom, Dim replacement);
  bool SetDivisor(const Atom* atom, int64_t n);
  bool HasSolution(Dim d, absl::int128 modulus) const;
  bool RecordMultiple(Dim zero);
  bool RecordReplacement(Dim zero);

  Arena arena_;
  std::unique_ptr<Tables> tables_;
  std::vector<Answer> answers_;
  std::vector<const Atom*> symbols_;
  std::vector<Fact> facts_;
  int64_t current_node_ = -1;
  uint32_t epoch_ = 1;
  uint32_t next_atom_ = 0;
  Limits limits_;
  size_t pool_size_ = 0, work_ = 0, text_bytes_ = 0;
  int resolve_depth_ = 0;
};

// Denominators and recorded divisors past this are unknown: nothing real gets near, and products of
// two of them fit 128 bits.
inline constexpr int64_t kMaxDivisor = int64_t{1} << 40;

// The canonical order of monomials: higher degree first, then by atom ids. Zero when equal.
int CompareMonomials(const Monomial* a, const Monomial* b);

// Sorts, adds up what has the same monomial and drops what cancels. False when the coefficients or
// the terms become too many.
bool CanonicalizeTerms(TermVector* terms);

// What the values of the symbols allow; unbounded where unknown.
Interval IntervalOf(Dim d);

// The atom, or the symbol, an expression consists of alone; null when it is anything else.
const Atom* LoneAtomOf(Dim d);
const Atom* SymbolOf(Dim d);

// The constant term; zero when there is none.
Dim ConstantTerm(Dim d);

// Whether it is a number that 64 bits cannot hold.
bool IsPastInt64(Dim d);

// Values for symbols, for evaluating and substituting.
using Assignment = absl::flat_hash_map<const Atom*, Dim>;
// The expression with symbols replaced. Symbols without an entry stay.
Dim Substitute(Dim d, const Assignment& values);

}  // namespace onnx_macs

#endif  // ANALYZER_EXPR_POOL_H_
