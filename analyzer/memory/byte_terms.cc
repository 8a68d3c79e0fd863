// Columns of coefficients, and the comparison of two sums for all sizes at once.
#include "analyzer/memory/byte_terms.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace onnx_macs {
namespace {

// No real model comes near these. They bound the work, and keep the sum of a million sizes, over
// their denominator and multiplied out, within 128 bits.
constexpr size_t kMostColumns = 128;
constexpr size_t kMostShiftedTerms = 1024;  // of one monomial
constexpr int64_t kMostDenominator = int64_t{1} << 16;
constexpr Int128 kMostCoefficient = Int128{1} << 54;
constexpr uint32_t kWhole = UINT32_MAX;  // no atom: a monomial that is left as it is

bool CanBeNegative(const Monomial* monomial) {
  if (monomial == nullptr) return false;
  return std::any_of(monomial->factors.begin(), monomial->factors.end(),
                     [](const Factor& f) { return f.power % 2 == 1 && f.atom->interval.low < 0; });
}

absl::Span<const Factor> FactorsOf(const Monomial* monomial) {
  return monomial == nullptr ? absl::Span<const Factor>() : monomial->factors;
}

// A monomial's factors by the ids of their atoms.
using Powers = std::vector<std::pair<uint32_t, uint32_t>>;
using Expansion = std::vector<std::pair<Powers, Int128>>;

// (1 + a)^power of every positive atom a, multiplied out; other atoms stay as they are.
Expansion Expand(const Monomial* monomial, ByteColumns::IsPositiveFn is_positive) {
  Expansion all = {{{}, 1}};
  for (const Factor& factor : FactorsOf(monomial)) {
    const bool positive = is_positive(*factor.atom);
    Expansion next;
    for (const auto& [powers, coefficient] : all) {
      Int128 binomial = 1;
      for (uint32_t k = 0; k <= factor.power; ++k) {
        if (positive || k == factor.power) {
          Powers grown = powers;
          if (k > 0) grown.emplace_back(factor.atom->id, k);
          next.emplace_back(std::move(grown), coefficient * (positive ? binomial : 1));
        }
        binomial = binomial * (factor.power - k) / (k + 1);
      }
    }
    all = std::move(next);
  }
  return all;
}

// How many terms that makes.
size_t ExpandedSize(const Monomial* monomial, ByteColumns::IsPositiveFn is_positive) {
  size_t size = 1;
  for (const Factor& factor : FactorsOf(monomial)) {
    if (is_positive(*factor.atom)) size *= factor.power + size_t{1};
    if (size > kMostShiftedTerms || factor.power > 16) return kMostShiftedTerms + 1;
  }
  return size;
}

}  // namespace

bool ByteColumns::Add(absl::Span<const Count> sizes) {
  const auto fits = [](absl::int128 coefficient) {
    const Int128 value = static_cast<Int128>(coefficient);
    return value < kMostCoefficient && value > -kMostCoefficient;
  };
  for (const Count& size : sizes) {
    if (!size.is_expr()) continue;
    pool_ = size.expr()->pool;
    denominator_ = std::lcm(denominator_, std::min(size.expr()->denominator, kMostDenominator));
    if (denominator_ >= kMostDenominator) return false;
    for (const Term& term : size.expr()->terms) {
      const uint32_t next = static_cast<uint32_t>(monomials_.size());
      if (!columns_.try_emplace(term.monomial, next).second) continue;
      monomials_.push_back(term.monomial);
      if (monomials_.size() > kMostColumns) return false;
    }
  }
  for (const Count& size : sizes) {
    if (size.is_integer() && !fits(size.value())) return false;
    if (!size.is_expr()) continue;
    for (const Term& term : size.expr()->terms) {
      if (!fits(term.coefficient)) return false;
    }
  }
  return true;
}

void ByteColumns::Finish(IsPositiveFn is_positive) {
  std::map<Powers, uint32_t> shifted_columns;
  for (const Monomial* monomial : monomials_) {
    const Count alone =
        monomial == nullptr ? Count(1) : Count(pool_->FromTerms({{monomial, 1}}, 1));
    nominal_.push_back(onnx_macs::Approximate(alone, kNominalSize));
    std::vector<ByteTerm>& terms = shifted_.emplace_back();
    Expansion expansion = {{{{kWhole, static_cast<uint32_t>(shifted_.size())}}, 1}};
    if (ExpandedSize(monomial, is_positive) <= kMostShiftedTerms) {
      expansion = Expand(monomial, is_positive);
    }
    for (const auto& [powers, coefficient] : expansion) {
      const auto next = static_cast<uint32_t>(shifted_columns.size());
      const auto [it, is_new] = shifted_columns.try_emplace(powers, next);
      if (is_new) can_be_negative_.push_back(CanBeNegative(monomial));
      terms.push_back({it->second, coefficient});
    }
  }
  num_shifted_ = shifted_columns.size();
  for (const auto& terms : shifted_) work_ += static_cast<int64_t>(terms.size());
  if (size() == 1) work_ = 0;
}

void ByteColumns::Append(const Count& size, std::vector<ByteTerm>* terms) const {
  if (size.is_integer()) {
    const Int128 value = static_cast<Int128>(size.value()) * denominator_;
    if (value != 0) terms->push_back({0, value});
    return;
  }
  const Int128 scale = denominator_ / size.expr()->denominator;
  for (const Term& term : size.expr()->terms) {
    terms->push_back({columns_.at(term.monomial), static_cast<Int128>(term.coefficient) * scale});
  }
}

bool ByteColumns::IsAtMost(const ByteSum& a, const ByteSum& b) const {
  if (size() == 1) return a[0] <= b[0];
  ByteSum difference(num_shifted_);
  for (size_t i = 0; i < size(); ++i) {
    const Int128 more = b[i] - a[i];
    if (more == 0) continue;
    for (const ByteTerm& term : shifted_[i]) difference[term.column] += more * term.coefficient;
  }
  for (size_t i = 0; i < num_shifted_; ++i) {
    if (difference[i] < 0 || (difference[i] > 0 && can_be_negative_[i])) return false;
  }
  return true;
}

double ByteColumns::Approximate(const ByteSum& sum) const {
  double total = 0;
  for (size_t i = 0; i < size(); ++i) total += static_cast<double>(sum[i]) * nominal_[i];
  return total / static_cast<double>(denominator_);
}

bool ByteColumns::IsLess(const ByteSum& a, const ByteSum& b) const {
  return size() == 1 ? a[0] < b[0] : Approximate(a) < Approximate(b);
}

Count ByteColumns::ToCount(const ByteSum& sum) const {
  if (pool_ == nullptr) return Count(absl::int128(sum[0] / denominator_));
  TermVector terms;
  for (size_t i = 0; i < size(); ++i) {
    if (sum[i] != 0) terms.push_back({monomials_[i], absl::int128(sum[i])});
  }
  return pool_->FromTerms(std::move(terms), denominator_);
}

}  // namespace onnx_macs
