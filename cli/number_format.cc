// SI units by integer arithmetic: a rounded double would be wrong in the last digit now and then.
#include "cli/number_format.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kUnits[] = {"", "k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q"};

struct Scaled {
  std::string digits;
  absl::string_view unit;
};

// `value` in thousandths of `unit`, rounded half up to four significant digits.
uint64_t RoundedThousandths(absl::uint128 value, absl::uint128 unit) {
  const uint64_t exact = static_cast<uint64_t>(value / (unit / 1000));  // cut off, not rounded
  const uint64_t step = exact >= 100000 ? 100 : exact >= 10000 ? 10 : 1;
  if (step == 1) {
    // One more digit decides, which the smallest unit does not have and does not need.
    const absl::uint128 tenth = unit / 10000;
    return tenth == 0 ? exact : static_cast<uint64_t>((value / tenth + 5) / 10);
  }
  return (exact + step / 2) / step * step;
}

// "1.257", "12.57" or "125.7".
std::string FourDigits(uint64_t thousandths) {
  const int decimals = thousandths >= 100000 ? 1 : thousandths >= 10000 ? 2 : 3;
  const std::string fraction = absl::StrFormat("%03d", thousandths % 1000);
  return absl::StrCat(thousandths / 1000, ".", fraction.substr(0, decimals));
}

Scaled Scale(absl::int128 value) {
  const bool negative = value < 0;
  const absl::uint128 magnitude =
      negative ? absl::uint128(0) - absl::uint128(value) : absl::uint128(value);
  const char* sign = negative ? "-" : "";
  if (magnitude < 1000) return {absl::StrCat(sign, static_cast<uint64_t>(magnitude)), kUnits[0]};
  absl::uint128 unit = 1000;
  size_t index = 1;
  // Rounding comes first: 999,960 is 1.000 M and not 1000.0 k.
  const auto needs_next_unit = [&] {
    if (magnitude / unit != 999) return magnitude / unit > 999;
    return RoundedThousandths(magnitude, unit) >= 1000000;
  };
  while (index + 1 < std::size(kUnits) && needs_next_unit()) {
    unit *= 1000;
    ++index;
  }
  return {absl::StrCat(sign, FourDigits(RoundedThousandths(magnitude, unit))), kUnits[index]};
}

}  // namespace

std::string FormatSi(absl::int128 value) {
  const Scaled scaled = Scale(value);
  return scaled.unit.empty() ? scaled.digits : absl::StrCat(scaled.digits, " ", scaled.unit);
}

std::string FormatBytes(absl::int128 value) {
  const Scaled scaled = Scale(value);
  return absl::StrCat(scaled.digits, " ", scaled.unit, "B");
}

std::string FormatShare(double part, double whole) {
  if (!(whole > 0)) return "-";
  const double percent = 100 * part / whole;
  if (percent > 0 && percent < 0.05) return "<0.1%";
  return absl::StrFormat("%.1f%%", percent);
}

std::string FormatDigits(absl::int128 value) {
  if (value == 0) return "0";
  std::string digits;
  const bool negative = value < 0;
  for (; value != 0; value /= 10) {
    const int digit = static_cast<int>(value % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
  }
  return negative ? absl::StrCat("-", digits) : digits;
}

std::string FormatAmount(const Amount& amount, bool lower_bound) {
  if (amount.is_unknown()) return "?";
  // Formulas have names in them.
  const std::string text =
      amount.is_formula() ? Printable(amount.formula()) : FormatSi(amount.value());
  return lower_bound ? absl::StrCat(">= ", text) : text;
}

std::string FormatByteAmount(const Amount& amount, bool lower_bound) {
  if (!amount.is_integer()) return FormatAmount(amount, lower_bound);
  return absl::StrCat(lower_bound ? ">= " : "", FormatBytes(amount.value()));
}

std::string FormatIn(absl::int128 value, int64_t unit, int decimals) {
  int64_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const absl::int128 digit = unit / scale;
  const absl::int128 rounded = (value + digit / 2) / digit;
  const std::string digits = FormatDigits(rounded / scale);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  if (decimals == 0) return text;
  return absl::StrFormat("%s.%0*d", text, decimals, static_cast<int64_t>(rounded % scale));
}

std::string FormatExact(const Amount& amount) {
  if (amount.is_unknown()) return "?";
  return amount.is_formula() ? std::string(amount.formula()) : FormatDigits(amount.value());
}

}  // namespace onnx_macs
