// Terms that differ only in their coefficients are added up as text: `4*h + 12*w + 8*h` has h and w
// read once each.
#include "analyzer/sum_parse.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "analyzer/checked_int.h"
#include "analyzer/dim_parse.h"

namespace onnx_macs {
namespace {

constexpr int kMaxNesting = 64;
constexpr size_t kMostText = 8192;

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// Where a term ends, and whether all in it binds as strongly as `*` and does not round.
struct TermEnd {
  size_t at;
  bool is_product = true;
};

// Past the quote that closes the one at `at`, or the end.
size_t EndOfQuoted(absl::string_view text, size_t at) {
  const size_t end = text.find(text[at], at + 1);
  return end == absl::string_view::npos ? text.size() : end + 1;
}

// A sign behind one of these belongs to what follows.
bool IsOperator(char c) { return c == '*' || c == '/' || c == '%' || c == '^'; }

// Of names, numbers and products: most of a formula.
bool IsPlain(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '*';
}

TermEnd FindEnd(absl::string_view text, size_t at) {
  TermEnd end{at};
  char before = '*';  // but for spaces
  for (int nesting = 0; end.at < text.size(); ++end.at) {
    const char c = text[end.at];
    if (c == ' ') continue;
    if (IsPlain(c)) {
      before = c;
      continue;
    }
    if (c == '"' || c == '\'') {
      end.at = EndOfQuoted(text, end.at) - 1;
    } else if (c == '(') {
      ++nesting;
    } else if (c == ')') {
      --nesting;
    } else if (nesting == 0 && (c == '+' || c == '-')) {
      if (!IsOperator(before)) break;
    } else if (nesting == 0 && (c == '%' || (c == '/' && text.substr(end.at, 2) == "//"))) {
      end.is_product = false;
    }
    before = c;
  }
  return end;
}

// Whether the term begins with a parenthesis that ends with it.
bool IsInParentheses(absl::string_view term) {
  if (term.substr(0, 1) != "(") return false;
  int nesting = 0;
  for (size_t i = 0; i < term.size(); ++i) {
    if (term[i] == '"' || term[i] == '\'') i = EndOfQuoted(term, i) - 1;
    if (i >= term.size()) return false;
    nesting += term[i] == '(' ? 1 : term[i] == ')' ? -1 : 0;
    if (nesting == 0) return i + 1 == term.size() && term.size() > 2;
  }
  return false;
}

Count ParseWhole(absl::string_view text, ExprPool& pool) {
  const auto value =
      ParseDim(text, pool, [&pool](absl::string_view name) { return pool.Symbol(name); });
  return value.ok() ? Count(*value) : Count::Unknown();
}

class SumReader {
 public:
  // Takes the text that many times. False where it has to be read as a whole, is too wide a number
  // or nests too deeply.
  bool Read(absl::string_view text, absl::int128 times, int nesting) {
    if (nesting > kMaxNesting) return false;
    for (size_t at = 0; at < text.size();) {
      absl::int128 signed_times = times;
      int own_signs = at == 0 ? 0 : -1;  // the first one stands between two terms
      for (; at < text.size() && (text[at] == ' ' || text[at] == '+' || text[at] == '-'); ++at) {
        if (text[at] == ' ') continue;
        if (text[at] == '-') signed_times = -signed_times;
        ++own_signs;
      }
      const TermEnd end = FindEnd(text, at);
      if (own_signs > 0 && !end.is_product) return false;  // -7 % 4 is not 7 % 4 times -1
      const absl::string_view term =
          absl::StripTrailingAsciiWhitespace(text.substr(at, end.at - at));
      if (!ReadTerm(term, end.is_product, signed_times, nesting)) return false;
      at = end.at;
    }
    return true;
  }

  Count Sum(ExprPool& pool) const {
    CountSum sum;
    for (const auto& [factors, coefficient] : terms_) {
      const Count value = ParseWhole(factors, pool);
      if (!value.is_known()) return value;
      sum.Add(value * Count(coefficient));
    }
    return sum.Total();
  }

 private:
  // `12*h*w` is 12 times h*w, `2*(h + w)` twice that sum, and a number is that many times 1.
  bool ReadTerm(absl::string_view term, bool is_product, absl::int128 times, int nesting) {
    size_t digits = 0;
    while (is_product && digits < term.size() && IsDigit(term[digits])) ++digits;
    absl::string_view factors = term;
    const bool is_number = digits > 0 && digits == term.size();
    const bool is_multiple =
        digits > 0 && digits + 1 < term.size() && term[digits] == '*' && term[digits + 1] != '*';
    if (is_number || is_multiple) {
      absl::int128 coefficient;
      if (!absl::SimpleAtoi(term.substr(0, digits), &coefficient)) return false;
      if (!MulChecked(times, coefficient, &times)) return false;
      factors = is_number ? "1" : term.substr(digits + 1);
    }
    if (IsInParentheses(factors)) {
      return Read(factors.substr(1, factors.size() - 2), times, nesting + 1);
    }
    return AddFactors(factors, times);
  }

  bool AddFactors(absl::string_view factors, absl::int128 times) {
    for (auto& [known, sum] : terms_) {
      if (known == factors) return AddChecked(sum, times, &sum);
    }
    terms_.emplace_back(factors, times);
    return true;
  }

  std::vector<std::pair<absl::string_view, absl::int128>> terms_;
};

}  // namespace

Count ParseSum(absl::string_view text, ExprPool& pool) {
  if (text.empty() || text.size() > kMostText) return Count::Unknown();
  SumReader reader;
  const Count sum = reader.Read(text, 1, 0) ? reader.Sum(pool) : Count::Unknown();
  return sum.is_known() ? sum : ParseWhole(text, pool);
}

}  // namespace onnx_macs
