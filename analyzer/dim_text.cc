// How expressions and the facts about them are written for people, in a form that can be read back.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/checked_int.h"
#include "analyzer/count.h"
#include "analyzer/dim.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {
namespace {

bool IsIdentifier(absl::string_view name) {
  return !name.empty() && !absl::ascii_isdigit(name[0]) &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '_' || c == '.';
         });
}

std::string SymbolText(absl::string_view name) {
  if (IsIdentifier(name)) return std::string(name);
  const absl::string_view quote = absl::StrContains(name, '"') ? "'" : "\"";
  return absl::StrCat(quote, name, quote);
}

// In parentheses unless it is a plain number, name or function call.
std::string OperandText(Dim d) {
  std::string text = ToString(d);
  const bool simple = d.is_integer() || text.find_first_of(" +-*/^") == std::string::npos;
  return simple ? text : absl::StrCat("(", text, ")");
}

// floor(a/b), or ceil where that is shorter: floor((h + 7)/8) is ceil(h/8).
std::string FloorText(const Atom& atom) {
  const Dim constant = ConstantTerm(atom.a);
  if (atom.b.is_integer() && constant == atom.b - Dim(1) && !HasDenominator(atom.a)) {
    return absl::StrCat("ceil(", OperandText(atom.a - constant), "/", OperandText(atom.b), ")");
  }
  return absl::StrCat("floor(", OperandText(atom.a), "/", OperandText(atom.b), ")");
}

std::string AtomText(const Atom& atom) {
  switch (atom.kind) {
    case AtomKind::kSymbol:
      return SymbolText(atom.name);
    case AtomKind::kFloor:
      return FloorText(atom);
    case AtomKind::kMin:
      return absl::StrCat("min(", ToString(atom.a), ", ", ToString(atom.b), ")");
    case AtomKind::kMax:
      return absl::StrCat("max(", ToString(atom.a), ", ", ToString(atom.b), ")");
  }
  return "?";
}

std::string MonomialText(const Monomial& monomial) {
  return absl::StrJoin(monomial.factors, "*", [](std::string* out, const Factor& f) {
    absl::StrAppend(out, AtomText(*f.atom));
    if (f.power > 1) absl::StrAppend(out, "^", f.power);
  });
}

// The term without its sign, in lowest terms: `29205*h^2*w^2/8`.
std::string TermText(const Term& t, int64_t denominator) {
  const absl::int128 common = Gcd128(t.coefficient, denominator);
  const absl::int128 size = (t.coefficient < 0 ? -t.coefficient : t.coefficient) / common;
  const absl::int128 below = denominator / common;
  std::string text;
  if (t.monomial == nullptr) {
    text = ToString(size);
  } else if (size == 1) {
    text = MonomialText(*t.monomial);
  } else {
    text = absl::StrCat(ToString(size), "*", MonomialText(*t.monomial));
  }
  return below == 1 ? text : absl::StrCat(text, "/", ToString(below));
}

// The same few expressions are the costs of many modules.
constexpr size_t kMostKeptText = 1024;

std::string ExprText(const Expr& e) {
  if (!e.text.empty()) return std::string(e.text);
  std::string text;
  for (const Term& t : e.terms) {
    const bool negative = t.coefficient < 0;
    absl::StrAppend(&text, text.empty() ? (negative ? "-" : "") : (negative ? " - " : " + "),
                    TermText(t, e.denominator));
  }
  if (text.size() <= kMostKeptText) e.text = e.pool->Keep(text);
  return text;
}

std::string WholeText(const Expr& e) {
  if (!e.pool->MayWriteText()) return "?";
  std::string text = ExprText(e);
  e.pool->SpendText(text.size());
  return text;
}

std::string List(const std::vector<std::string>& names) {
  if (names.size() < 2) return absl::StrJoin(names, "");
  const std::vector<std::string> head(names.begin(), names.end() - 1);
  return absl::StrCat(absl::StrJoin(head, ", "), " and ", names.back());
}

// min(a, b) = a is a bound on a: `sequence_length <= 77`. Empty for other facts.
std::string BoundText(const Fact& fact) {
  const Atom* atom = LoneAtomOf(fact.left);
  if (atom == nullptr || (atom->kind != AtomKind::kMin && atom->kind != AtomKind::kMax)) return "";
  if (fact.right != atom->a && fact.right != atom->b) return "";
  return absl::StrCat(ToString(fact.right), atom->kind == AtomKind::kMin ? " <= " : " >= ",
                      ToString(fact.right == atom->a ? atom->b : atom->a));
}

// True when an equality says nothing any more: both sides became the same under later facts.
bool IsImplied(ExprPool* pool, const Fact& fact) {
  Dim left = fact.left;
  const Atom* atom = LoneAtomOf(left);
  if (atom == nullptr) {
    left = pool->Resolve(left);
  } else if (atom->kind == AtomKind::kFloor) {
    // The atom itself resolves to the other side: the fact says so.
    left = FloorDiv(pool->Resolve(atom->a), pool->Resolve(atom->b));
  }
  return left == pool->Resolve(fact.right);
}

int64_t DivisorOfFact(const Fact& fact) {
  return fact.left.expr()->terms[0].monomial->factors[0].atom->divisor;
}

// Of any but kDivisible, which are told together.
std::string FactText(ExprPool* pool, const Fact& fact) {
  const std::string left = ToString(fact.left);
  switch (fact.kind) {
    case Fact::Kind::kMultiple:
      return absl::StrCat(left, " is divisible by ", ToString(fact.right));
    case Fact::Kind::kNotOne:
      return absl::StrCat(left, " is not 1");
    case Fact::Kind::kNotNegative:
      return absl::StrCat(left, " is not negative");
    case Fact::Kind::kMore:
      return "more than can be listed";
    case Fact::Kind::kEqual:
    case Fact::Kind::kDivisible:
      break;
  }
  const std::string bound = BoundText(fact);
  return bound.empty() ? absl::StrCat(left, " = ", ToString(pool->Resolve(fact.right))) : bound;
}

Condition ConditionOf(const Fact& fact) {
  using Kind = Condition::Kind;
  const std::string left = ToString(fact.left), right = ToString(fact.right);
  switch (fact.kind) {
    case Fact::Kind::kDivisible:
      return {Kind::kZero, absl::StrCat("mod(", left, ", ", DivisorOfFact(fact), ")")};
    case Fact::Kind::kMultiple:
      return {Kind::kZero, absl::StrCat("mod(", left, ", ", right, ")")};
    case Fact::Kind::kEqual:
      return {Kind::kZero, absl::StrCat(left, " - (", right, ")")};
    case Fact::Kind::kNotOne:
      return {Kind::kNotOne, left};
    case Fact::Kind::kNotNegative:
      return {Kind::kNotNegative, left};
    case Fact::Kind::kMore:
      break;
  }
  return {Kind::kNever, ""};
}

}  // namespace

std::string ToString(absl::int128 value) {
  if (value >= INT64_MIN && value <= INT64_MAX) return absl::StrCat(static_cast<int64_t>(value));
  std::string digits;
  for (absl::int128 rest = value; rest != 0; rest /= 10) {
    const int digit = static_cast<int>(rest % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
  }
  if (value < 0) digits.push_back('-');
  return std::string(digits.rbegin(), digits.rend());
}

std::string ToString(Dim d) {
  if (d.is_integer()) return absl::StrCat(d.value());
  return d.is_expr() ? WholeText(*d.expr()) : "?";
}

std::string ToString(const Count& count) {
  if (count.is_integer()) return ToString(count.value());
  return count.is_expr() ? WholeText(*count.expr()) : "?";
}

std::vector<std::string> ExprPool::DescribeFacts() {
  std::vector<std::pair<int64_t, std::vector<std::string>>> by_divisor;
  std::vector<std::string> texts;
  for (const Fact& fact : facts_) {
    if (fact.kind != Fact::Kind::kDivisible) {
      if (fact.kind != Fact::Kind::kEqual || !fact.left.is_expr() || !IsImplied(this, fact)) {
        texts.push_back(FactText(this, fact));
      }
      continue;
    }
    const int64_t n = DivisorOfFact(fact);
    const std::string name = ToString(fact.left);
    auto group = std::find_if(by_divisor.begin(), by_divisor.end(),
                              [n](const auto& entry) { return entry.first == n; });
    if (group == by_divisor.end()) group = by_divisor.insert(by_divisor.end(), {n, {}});
    auto& names = group->second;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::vector<std::string> lines;
  for (const auto& [n, names] : by_divisor) {
    lines.push_back(absl::StrCat(List(names), " divisible by ", n));
  }
  lines.insert(lines.end(), texts.begin(), texts.end());
  return lines;
}

std::vector<Condition> ExprPool::Conditions() {
  std::vector<Condition> conditions;
  for (const Fact& fact : facts_) conditions.push_back(ConditionOf(fact));
  return conditions;
}

}  // namespace onnx_macs
