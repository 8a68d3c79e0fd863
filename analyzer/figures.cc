// One table of the amounts in Figures serves addition, subtraction and simplification alike.
#include "analyzer/figures.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/amount_maker.h"
#include "analyzer/count.h"
#include "analyzer/dim_parse.h"
#include "analyzer/pipeline/sum_over.h"
#include "analyzer/sum_parse.h"

namespace onnx_macs {
namespace {

constexpr Amount Figures::*kAmounts[] = {&Figures::macs,         &Figures::ops,
                                         &Figures::flops,        &Figures::params,
                                         &Figures::weight_bytes, &Figures::traffic_bytes};

// Past this a sum is given up rather than wrapped; no real model comes near.
const absl::int128 kMost = absl::Int128Max() / 4;

constexpr Amount Figures::*kPerCall[] = {&Figures::macs, &Figures::ops, &Figures::flops,
                                         &Figures::traffic_bytes};

std::string TextOf(const Amount& amount) {
  return amount.is_formula() ? std::string(amount.formula()) : ToString(amount.value());
}

// A sum is put together as text and written as one polynomial when it gets long, so that adding
// many formulas stays cheap; one that stays longer than this is given up, which no real model
// needs.
constexpr size_t kLongFormula = 1000, kLongestFormula = 4000;

Amount KeptShort(Amount sum) {
  if (sum.formula().size() <= kLongFormula) return sum;
  sum = Simplified(sum);
  return sum.formula().size() <= kLongestFormula ? sum : Amount::Unknown();
}

Amount Combine(const Amount& a, const Amount& b, int sign) {
  if (a.is_unknown() || b.is_unknown()) return Amount::Unknown();
  if (b.is_zero()) return a;
  if (a.is_zero() && sign > 0) return b;
  if (sign < 0 && a == b) return Amount();
  if (a.is_integer() && b.is_integer()) {
    const bool fits =
        std::max(a.value(), b.value()) < kMost && std::min(a.value(), b.value()) > -kMost;
    return fits ? Amount::Integer(a.value() + sign * b.value()) : Amount::Unknown();
  }
  const double approximate = a.approximate() + sign * b.approximate();
  std::string sum = sign > 0 ? absl::StrCat(TextOf(a), " + ", TextOf(b))
                             : absl::StrCat(TextOf(a), " - (", TextOf(b), ")");
  return KeptShort(Amount::Sum(std::move(sum), approximate));
}

// Unknown where the formula cannot be read back.
Count Parse(const Amount& amount, ExprPool& pool) {
  return amount.is_integer() ? Count(amount.value()) : ParseSum(amount.formula(), pool);
}

Amount ToAmount(const Count& count, double approximate) {
  if (!count.is_known()) return Amount::Unknown();
  if (count.is_integer()) return Amount::Integer(count.value());
  return Amount::Formula(ToString(count), approximate);
}

// An amount of one call becomes that of all: `sum` has it as a count.
template <typename Sum>
Amount OfAllCalls(const Amount& call, int64_t times, Sum sum) {
  ExprPool pool;
  if (call.is_unknown()) return call;
  const Count all = sum(Parse(call, pool), pool);
  return ToAmount(all, call.approximate() * static_cast<double>(times));
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
  if (!amount.is_sum()) return amount;
  ExprPool pool;
  const Count parsed = Parse(amount, pool);
  return parsed.is_known() ? ToAmount(parsed, amount.approximate()) : amount;
}

double ApproximateFormula(const std::string& formula) {
  // With numbers for symbols there is no algebra, which could be made to take its time.
  ExprPool pool;
  const auto value = ParseFormula(
      formula, pool, [](absl::string_view) { return Dim(static_cast<int64_t>(kNominalSize)); });
  return value.ok() && value->is_known() ? Approximate(Count(*value), kNominalSize) : 0;
}

void FiguresSum::Add(const Figures& figures) {
  for (size_t i = 0; i < sums_.size(); ++i) Add(figures.*kAmounts[i], &sums_[i]);
  nodes_ += figures.nodes;
}

void FiguresSum::Add(const Amount& amount, Sum* sum) {
  constexpr size_t kMostBytes = 1 << 16;  // of formulas that are different
  if (!amount.is_formula()) {
    sum->integers = Combine(sum->integers, amount, 1);
    return;
  }
  if (sum->formulas == nullptr) sum->formulas = std::make_unique<Formulas>();
  Formulas& formulas = *sum->formulas;
  Part& part = PartOf(amount, &formulas);
  formulas.approximate += amount.approximate();
  if (++part.times > 1) return;
  formulas.bytes += amount.formula().size();
  if (formulas.bytes > kMostBytes) *sum = {Amount::Unknown(), nullptr};
}

// Most sums have a handful of formulas, which are found sooner by looking at each.
FiguresSum::Part& FiguresSum::PartOf(const Amount& formula, Formulas* formulas) {
  constexpr size_t kFew = 8;
  std::vector<Part>& parts = formulas->parts;
  const size_t few = std::min(parts.size(), kFew);
  for (size_t i = 0; i < few; ++i) {
    if (parts[i].formula.SharesWith(formula)) return parts[i];
  }
  if (parts.size() < kFew) {
    for (Part& part : parts) {
      if (part.formula == formula) return part;
    }
  } else {
    for (size_t i = formulas->places.size(); i < few; ++i) {
      formulas->places.emplace(parts[i].formula.formula(), i);
    }
    const auto [place, is_new] = formulas->places.try_emplace(formula.formula(), parts.size());
    if (!is_new) return parts[place->second];
  }
  return parts.emplace_back(Part{formula, 0});
}

// Short ones are left as text: only those that are shown are worked out.
Amount FiguresSum::TotalOf(const Sum& sum) {
  if (sum.formulas == nullptr || sum.integers.is_unknown()) return sum.integers;
  const std::vector<Part>& parts = sum.formulas->parts;
  const double approximate = sum.formulas->approximate + sum.integers.approximate();
  const bool is_alone = parts.size() == 1 && parts[0].times == 1;
  if (is_alone && sum.integers.is_zero()) return parts[0].formula;
  if (sum.formulas->bytes <= kLongFormula) {
    std::string text;
    for (const Part& part : parts) {
      absl::StrAppend(&text, text.empty() ? "" : " + ", part.times, "*(", part.formula.formula(),
                      ")");
    }
    if (!sum.integers.is_zero()) absl::StrAppend(&text, " + ", TextOf(sum.integers));
    return Amount::Sum(std::move(text), approximate);
  }
  ExprPool pool;
  CountSum total;
  total.Add(Count(sum.integers.value()));
  for (const Part& part : parts) {
    total.Add(ParseSum(part.formula.formula(), pool) * Count(part.times));
  }
  const Amount amount = ToAmount(total.Total(), approximate);
  return amount.formula().size() <= kLongestFormula ? amount : Amount::Unknown();
}

Figures FiguresSum::Total() const {
  Figures total;
  for (size_t i = 0; i < sums_.size(); ++i) total.*kAmounts[i] = TotalOf(sums_[i]);
  total.nodes = nodes_;
  return total;
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

Figures Scale(const Figures& call, int64_t times) {
  Figures all = call;
  for (Amount Figures::*member : kPerCall) {
    all.*member = OfAllCalls(call.*member, times, [times](const Count& count, ExprPool&) {
      return count * Count(times);
    });
  }
  return all;
}

Figures SumOver(const Figures& call, absl::string_view symbol, int64_t first, int64_t times) {
  Figures all = call;
  for (Amount Figures::*member : kPerCall) {
    all.*member = OfAllCalls(call.*member, times, [&](const Count& count, ExprPool& pool) {
      return SumOver(count, pool.Symbol(symbol), first, times);
    });
  }
  return all;
}

Figures Simplified(const Figures& figures) {
  Figures simplified = figures;
  for (Amount Figures::*member : kAmounts) simplified.*member = Simplified(figures.*member);
  return simplified;
}

}  // namespace onnx_macs
