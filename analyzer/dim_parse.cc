// A recursive-descent parser over fractions: floor((a + 1)/b) must see numerator and denominator.
#include "analyzer/dim_parse.h"

#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "analyzer/polynomial.h"

namespace onnx_macs {
namespace {

constexpr int kMaxNesting = 64;
constexpr size_t kMaxLength = 4096;
constexpr int64_t kMaxPower = 64;

struct Fraction {
  Dim numerator = 0;
  Dim denominator = 1;
};

class Parser {
 public:
  Parser(absl::string_view text, ExprPool& pool, NameResolver resolve, bool is_formula)
      : text_(text), pool_(pool), resolve_(resolve), is_formula_(is_formula) {}

  // Unknown where it is well written and has no value.
  absl::StatusOr<Dim> Parse() {
    if (text_.size() > kMaxLength) return absl::InvalidArgumentError("expression is too long");
    const Fraction sum = Sum();
    SkipSpace();
    if (error_.empty() && at_ != text_.size()) Fail("unexpected text");
    if (!error_.empty()) return absl::InvalidArgumentError(error_);
    return Value(sum);
  }

 private:
  Fraction Sum() {
    if (++nesting_ > kMaxNesting) Fail("nested too deeply");
    absl::InlinedVector<Fraction, 4> parts = {Product()};
    while (error_.empty()) {
      const bool plus = Take("+");
      if (!plus && !Take("-")) break;
      const Fraction part = Product();
      parts.push_back(plus ? part : Fraction{Dim(0) - part.numerator, part.denominator});
    }
    --nesting_;
    return Total(parts);
  }

  // Halves are added up by themselves: one after the other, a sum of a thousand terms would be
  // written a thousand times.
  Fraction Total(absl::Span<const Fraction> parts) {
    if (parts.size() == 1) return parts[0];
    const size_t half = std::bit_ceil(parts.size()) / 2;
    const Fraction left = Total(parts.first(half));
    return Add(left, Total(parts.subspan(half)));
  }

  Fraction Product() {
    Fraction left = Unary();
    while (error_.empty()) {
      if (Take("//")) {
        left = {FloorOf(Quotient(left, Unary()))};
      } else if (Take("/")) {
        left = Quotient(left, Unary());
      } else if (Take("%")) {
        left = {FloorMod(Value(left), Value(Unary()))};
      } else if (!Peek("**") && Take("*")) {
        const Fraction right = Unary();
        left = Multiplied(left, right);
      } else {
        break;
      }
    }
    return left;
  }

  Fraction Unary() {
    bool negative = false;
    while (error_.empty() && (Peek("-") || Peek("+"))) negative ^= text_[at_++] == '-';
    Fraction value = Power();
    if (negative) value.numerator = Dim(0) - value.numerator;
    return value;
  }

  Fraction Power() {
    Fraction base = Primary();
    if (!Take("^") && !Take("**")) return base;
    const Dim exponent = Value(Primary());
    if (!exponent.is_integer() || exponent.value() < 0 || exponent.value() > kMaxPower) {
      Fail("a power must be a small integer");
      return {};
    }
    Fraction result{1, 1};
    for (int64_t rest = exponent.value(); rest > 0 && error_.empty(); rest /= 2) {
      if (rest % 2 == 1) result = Multiplied(result, base);
      if (rest > 1) base = Multiplied(base, base);
    }
    return result;
  }

  Fraction Primary() {
    SkipSpace();
    if (Take("(")) {
      const Fraction inside = Sum();
      Expect(")");
      return inside;
    }
    if (at_ < text_.size() && absl::ascii_isdigit(Byte())) return {Number()};
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) return {Quoted()};
    const absl::string_view name = Name();
    if (name.empty()) {
      Fail(at_ == text_.size() ? "unexpected end" : "expected a number or a name");
      return {};
    }
    if (Take("(")) return {Call(absl::AsciiStrToLower(name))};
    return {error_.empty() ? resolve_(name) : Dim()};
  }

  Dim Number() {
    const size_t start = at_;
    while (at_ < text_.size() && absl::ascii_isdigit(Byte())) ++at_;
    absl::int128 value;
    if (!absl::SimpleAtoi(text_.substr(start, at_ - start), &value)) Fail("number is too large");
    return error_.empty() ? pool_.Integer(value) : Dim();
  }

  Dim Quoted() {
    const char quote = text_[at_];
    const size_t end = text_.find(quote, at_ + 1);
    if (end == absl::string_view::npos) {
      Fail("missing closing quote");
      return Dim();
    }
    const absl::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return resolve_(name);
  }

  absl::string_view Name() {
    const size_t start = at_;
    while (at_ < text_.size() && (absl::ascii_isalnum(Byte()) || text_[at_] == '_' ||
                                  text_[at_] == '.' || Byte() >= 0x80)) {
      ++at_;
    }
    if (is_formula_ && at_ > start) TakeSubscripts();
    return text_.substr(start, at_ - start);
  }

  void TakeSubscripts() {
    while (at_ < text_.size() && text_[at_] == '[') {
      const size_t end = text_.find(']', at_);
      if (end == absl::string_view::npos) return Fail("missing closing ]");
      at_ = end + 1;
    }
  }

  Dim Call(const std::string& function) {
    std::vector<Fraction> arguments{Sum()};
    while (error_.empty() && Take(",")) arguments.push_back(Sum());
    Expect(")");
    if (!error_.empty()) return Dim();
    if (function == "floor" && arguments.size() == 1) return FloorOf(arguments[0]);
    if ((function == "ceil" || function == "ceiling") && arguments.size() == 1) {
      return CeilDiv(arguments[0].numerator, arguments[0].denominator);
    }
    if (function == "mod" && arguments.size() == 2) {
      return FloorMod(Value(arguments[0]), Value(arguments[1]));
    }
    if (function == "min" || function == "max") return Extreme(function == "min", arguments);
    Fail(absl::StrCat("unknown function ", function));
    return Dim();
  }

  Dim Extreme(bool min, const std::vector<Fraction>& arguments) {
    Dim result = Value(arguments[0]);
    for (const Fraction& f : arguments)
      result = min ? Min(result, Value(f)) : Max(result, Value(f));
    return result;
  }

  // An exact quotient where there is one; else a rational, if the denominator is an integer.
  Dim Value(const Fraction& f) {
    if (IsInteger(f.denominator, 1)) return f.numerator;
    const Dim exact = ExactDiv(f.numerator, f.denominator);
    if (exact.is_known() || !f.denominator.is_integer()) return exact;
    const int64_t above = f.numerator.is_integer() ? f.numerator.value() : 0;
    const int64_t below = f.denominator.value();
    if (above == 0) return RationalDiv(f.numerator, below);
    return below > 0 ? pool_.Rational(above, below) : pool_.Rational(-above, -below);
  }

  // Over integers the algebra finds the least common denominator: products could grow too wide.
  Fraction Add(const Fraction& a, const Fraction& b) {
    if (a.denominator.is_integer() && b.denominator.is_integer()) return {Value(a) + Value(b)};
    return {a.numerator * b.denominator + b.numerator * a.denominator,
            a.denominator * b.denominator};
  }

  static Dim FloorOf(const Fraction& f) { return FloorDiv(f.numerator, f.denominator); }
  Fraction Quotient(const Fraction& a, const Fraction& b) {
    return {Times(a.numerator, b.denominator), Times(a.denominator, b.numerator)};
  }
  Fraction Multiplied(const Fraction& a, const Fraction& b) {
    const Fraction product = {Times(a.numerator, b.numerator), Times(a.denominator, b.denominator)};
    const bool was_known = a.numerator.is_known() && b.numerator.is_known();
    // A formula is worked out at every node: what has no value is not worked at any further.
    if (is_formula_ && was_known && !product.numerator.is_known()) Fail("grows too large");
    return product;
  }
  // Counts may be wider than sizes.
  Dim Times(Dim a, Dim b) {
    absl::int128 x, y, product;
    if (!IsWideInteger(a, &x) || !IsWideInteger(b, &y)) return a * b;
    return MulChecked(x, y, &product) ? pool_.Integer(product) : Dim();
  }

  unsigned char Byte() const { return static_cast<unsigned char>(text_[at_]); }
  void SkipSpace() {
    while (at_ < text_.size() && absl::ascii_isspace(Byte())) ++at_;
  }
  bool Peek(absl::string_view token) {
    SkipSpace();
    return text_.substr(at_, token.size()) == token;
  }
  bool Take(absl::string_view token) {
    if (!error_.empty() || !Peek(token)) return false;
    at_ += token.size();
    return true;
  }
  void Expect(absl::string_view token) {
    if (error_.empty() && !Take(token)) Fail(absl::StrCat("expected ", token));
  }
  void Fail(absl::string_view what) {
    if (error_.empty()) error_ = absl::StrCat(what, " at character ", at_ + 1);
  }

  absl::string_view text_;
  ExprPool& pool_;
  NameResolver resolve_;
  const bool is_formula_;
  size_t at_ = 0;
  int nesting_ = 0;
  std::string error_;
};

}  // namespace

absl::StatusOr<Dim> ParseDim(absl::string_view text, ExprPool& pool, NameResolver resolve) {
  absl::StatusOr<Dim> value = Parser(text, pool, resolve, false).Parse();
  const bool is_size = value.ok() && value->is_known() &&
                       !(HasDenominator(*value) && ConstantTerm(*value) == *value);
  if (!value.ok() || is_size) return value;
  return absl::InvalidArgumentError("not a size that can be computed");
}

absl::StatusOr<Dim> ParseFormula(absl::string_view text, ExprPool& pool, NameResolver resolve) {
  return Parser(text, pool, resolve, true).Parse();
}

}  // namespace onnx_macs
