// Amounts that are more than an integer of 64 bits.
#include "analyzer/amount.h"

#include <limits>
#include <utility>

namespace onnx_macs {

Amount Amount::Integer(absl::int128 value) {
  const bool fits =
      value >= std::numeric_limits<int64_t>::min() && value <= std::numeric_limits<int64_t>::max();
  if (!fits) return Amount(new Rare{.kind = Kind::kInteger, .value = value});
  Amount amount;
  amount.value_ = static_cast<int64_t>(value);
  return amount;
}

Amount Amount::Formula(std::string text, double approximate) {
  return Amount(
      new Rare{.kind = Kind::kFormula, .formula = std::move(text), .approximate = approximate});
}

Amount Amount::Sum(std::string text, double approximate) {
  return Amount(new Rare{.kind = Kind::kFormula,
                         .is_sum = true,
                         .formula = std::move(text),
                         .approximate = approximate});
}

Amount Amount::Unknown() { return Amount(new Rare{.kind = Kind::kUnknown}); }

void Amount::Release() {
  if (rare_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete rare_;
}

absl::int128 Amount::value() const { return rare_ == nullptr ? value_ : rare_->value; }

absl::string_view Amount::formula() const {
  return rare_ == nullptr ? absl::string_view() : absl::string_view(rare_->formula);
}

double Amount::approximate() const {
  return is_integer() ? static_cast<double>(value()) : rare_->approximate;
}

bool operator==(const Amount& a, const Amount& b) {
  if (a.SharesWith(b)) return true;
  return a.kind() == b.kind() && a.value() == b.value() && a.formula() == b.formula();
}

}  // namespace onnx_macs
