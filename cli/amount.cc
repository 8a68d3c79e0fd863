// One table of the amounts in Figures serves addition, subtraction and simplification alike.
#include "cli/amount.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/dim_parse.h"
#include "cli/number_format.h"

namespace onnx_macs {
namespace {

constexpr Amount Figures::*kAmounts[] = {&Figures::macs, &Figures::ops, &Figures::flops,
                                         &Figures::params, &Figures::weight_bytes};

// Past this a sum is given up rather than wrapped; no real model comes near.
const absl::int128 kMost = absl::Int128Max() / 4;

Amount Unknown() {
  return {.kind = Amount::Kind::kUnknown, .value = 0, .formula = {}, .approximate = 0};
}

Amount FromInteger(absl::int128 value) {
  Amount amount;
  amount.value = value;
  amount.approximate = static_cast<double>(value);
  return amount;
}

// A sum is put together as text and written as one polynomial when it gets long, so that adding
// many formulas stays cheap; one that stays longer than this is given up, which no real model
// needs.
constexpr size_t kLongFormula = 1000, kLongestFormula = 4000;

Amount Shortened(Amount sum) {
  if (sum.formula.size() <= kLongFormula) return sum;
  sum = Simplified(sum);
  return sum.formula.size() <= kLongestFormula ? sum : Unknown();
}

Amount Combine(const Amount& a, const Amount& b, int sign) {
  if (a.kind == Amount::Kind::kUnknown || b.kind == Amount::Kind::kUnknown) return Unknown();
  if (IsZero(b)) return a;
  if (IsZero(a) && sign > 0) return b;
  if (a.kind == Amount::Kind::kInteger && b.kind == Amount::Kind::kInteger) {
    const bool fits = std::max(a.value, b.value) < kMost && std::min(a.value, b.value) > -kMost;
    return fits ? FromInteger(a.value + sign * b.value) : Unknown();
  }
  Amount sum;
  sum.kind = Amount::Kind::kFormula;
  sum.formula = sign > 0 ? absl::StrCat(FormatExact(a), " + ", FormatExact(b))
                         : absl::StrCat(FormatExact(a), " - (", FormatExact(b), ")");
  sum.approximate = Approximate(a) + sign * Approximate(b);
  return Shortened(std::move(sum));
}

template <typename Operation>
Figures Zip(const Figures& a, const Figures& b, Operation operation) {
  Figures result;
  for (Amount Figures::*member : kAmounts) result.*member = operation(a.*member, b.*member);
  return result;
}

}  // namespace

Amount Add(const Amount& a, const Amount& b) { return Combine(a, b, 1); }

Amount Subtract(const Amount& a, const Amount& b) { return Combine(a, b, -1); }

Amount Simplified(const Amount& amount) {
  if (amount.kind != Amount::Kind::kFormula) return amount;
  ExprPool pool;
  const auto parsed =
      ParseDim(amount.formula, pool, [&](absl::string_view name) { return pool.Symbol(name); });
  if (!parsed.ok() || !parsed->is_known()) return amount;
  if (parsed->is_integer()) return FromInteger(parsed->value());
  Amount simplified = amount;
  simplified.formula = ToString(*parsed);
  return simplified;
}

Figures Add(const Figures& a, const Figures& b) {
  Figures sum = Zip(a, b, [](const Amount& x, const Amount& y) { return Add(x, y); });
  sum.nodes = a.nodes + b.nodes;
  return sum;
}

Figures Subtract(const Figures& a, const Figures& b) {
  Figures rest = Zip(a, b, [](const Amount& x, const Amount& y) { return Subtract(x, y); });
  rest.nodes = a.nodes - b.nodes;
  return rest;
}

Figures Simplified(const Figures& figures) {
  Figures simplified = figures;
  for (Amount Figures::*member : kAmounts) simplified.*member = Simplified(figures.*member);
  return simplified;
}

bool IsZero(const Amount& amount) {
  return amount.kind == Amount::Kind::kInteger && amount.value == 0;
}

double Approximate(const Amount& amount) {
  return amount.kind == Amount::Kind::kInteger ? static_cast<double>(amount.value)
                                               : amount.approximate;
}

}  // namespace onnx_macs
