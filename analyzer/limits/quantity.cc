// Decimal numbers by integer arithmetic.
#include "analyzer/limits/quantity.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "analyzer/checked_int.h"

namespace onnx_macs {
namespace {

constexpr int64_t kMillion = 1'000'000;

struct Suffix {
  absl::string_view text;
  int64_t factor;
  bool is_of_bytes;
};

constexpr int64_t kKilo = 1000, kKibi = 1024;
constexpr Suffix kSuffixes[] = {
    {"", 1, false},
    {"k", kKilo, false},
    {"K", kKilo, false},
    {"M", kKilo* kKilo, false},
    {"G", kKilo* kKilo* kKilo, false},
    {"T", kKilo* kKilo* kKilo* kKilo, false},
    {"P", kKilo* kKilo* kKilo* kKilo* kKilo, false},
    {"B", 1, true},
    {"kB", kKilo, true},
    {"KB", kKilo, true},
    {"MB", kKilo* kKilo, true},
    {"GB", kKilo* kKilo* kKilo, true},
    {"TB", kKilo* kKilo* kKilo* kKilo, true},
    {"PB", kKilo* kKilo* kKilo* kKilo* kKilo, true},
    {"KiB", kKibi, true},
    {"MiB", kKibi* kKibi, true},
    {"GiB", kKibi* kKibi* kKibi, true},
    {"TiB", kKibi* kKibi* kKibi* kKibi, true},
    {"PiB", kKibi* kKibi* kKibi* kKibi* kKibi, true},
};

absl::Status Refuse(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' ", why));
}

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// "12.50" as 125 / 10: digits, and how many of them stand behind the point.
struct Decimal {
  absl::int128 digits = 0;
  int behind_point = 0;
};

enum class Outcome { kFine, kNoNumber, kTooLarge };

Outcome ReadDecimal(absl::string_view text, Decimal* decimal) {
  const size_t point = text.find('.');
  const absl::string_view whole = text.substr(0, point);
  absl::string_view fraction;
  if (point != absl::string_view::npos) fraction = text.substr(point + 1);
  const bool has_digits = !whole.empty() && (point == absl::string_view::npos || !fraction.empty());
  if (!has_digits || !absl::c_all_of(whole, IsDigit) || !absl::c_all_of(fraction, IsDigit)) {
    return Outcome::kNoNumber;
  }
  while (absl::EndsWith(fraction, "0")) fraction.remove_suffix(1);
  for (const absl::string_view part : {whole, fraction}) {
    for (const char digit : part) {
      if (!MulChecked(decimal->digits, 10, &decimal->digits) ||
          !AddChecked(decimal->digits, digit - '0', &decimal->digits)) {
        return Outcome::kTooLarge;
      }
    }
  }
  decimal->behind_point = static_cast<int>(fraction.size());
  return Outcome::kFine;
}

// What is held to a limit is whole, so that what stands behind the point of one changes nothing.
absl::int128 WithoutFraction(absl::int128 value, int behind_point) {
  for (; behind_point > 0; --behind_point) value /= 10;
  return value;
}

const Suffix* FindSuffix(absl::string_view suffix) {
  for (const Suffix& row : kSuffixes) {
    if (row.text == suffix) return &row;
  }
  return nullptr;
}

absl::Status NoAmount(absl::string_view text, QuantityUnit unit) {
  return Refuse(text, unit == QuantityUnit::kBytes ? "is no amount of bytes (1000, 1.5G, 24GiB)"
                                                   : "is no amount (1000, 420G, 1.5M)");
}

}  // namespace

absl::StatusOr<int64_t> ParseWhole(absl::string_view text, int64_t least, int64_t most) {
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) return Refuse(text, "is not a whole number");
  if (value < least) return Refuse(text, absl::StrCat("is less than ", least));
  if (value > most) return Refuse(text, absl::StrCat("is more than ", most));
  return value;
}

absl::StatusOr<absl::int128> ParseQuantity(absl::string_view text, QuantityUnit unit) {
  if (absl::StartsWith(text, "-")) return Refuse(text, "is less than 0");
  const size_t end = text.find_last_of("0123456789.") + 1;  // 0 where there is none
  const Suffix* suffix = FindSuffix(text.substr(end));
  if (suffix == nullptr) return NoAmount(text, unit);
  Decimal decimal;
  const Outcome reading = ReadDecimal(text.substr(0, end), &decimal);
  if (reading == Outcome::kNoNumber) return NoAmount(text, unit);
  if (suffix->is_of_bytes && unit != QuantityUnit::kBytes) {
    return Refuse(text, "is in bytes, but what it limits is not");
  }
  absl::int128 value = 0;
  if (reading == Outcome::kTooLarge || !MulChecked(decimal.digits, suffix->factor, &value)) {
    return Refuse(text, "is too large");
  }
  return WithoutFraction(value, decimal.behind_point);
}

absl::StatusOr<int64_t> ParsePercent(absl::string_view text) {
  constexpr int kDecimals = 4;  // a ten-thousandth of a percent is a millionth
  if (absl::StartsWith(text, "-")) return Refuse(text, "is less than 0");
  absl::string_view number = text;
  Decimal decimal;
  const bool has_sign = absl::ConsumeSuffix(&number, "%");
  const Outcome reading = ReadDecimal(number, &decimal);
  if (!has_sign || reading == Outcome::kNoNumber)
    return Refuse(text, "is no percentage (2%, 0.5%)");
  if (decimal.behind_point > kDecimals) {
    return Refuse(text, "is finer than a ten-thousandth of a percent");
  }
  absl::int128 millionths = decimal.digits;
  bool fits = reading == Outcome::kFine;
  for (int i = decimal.behind_point; fits && i < kDecimals; ++i) {
    fits = MulChecked(millionths, 10, &millionths);
  }
  if (!fits || millionths > INT64_MAX) return Refuse(text, "is too large");
  return static_cast<int64_t>(millionths);
}

// In two parts, so that nothing overflows on the way to a result that fits.
bool Grown(absl::int128 amount, int64_t millionths, bool round_up, absl::int128* result) {
  absl::int128 growth = 0;
  if (!MulChecked(amount / kMillion, millionths, &growth)) return false;
  const absl::int128 rest = amount % kMillion * millionths;
  const absl::int128 rounded = round_up ? (rest + kMillion - 1) / kMillion : rest / kMillion;
  return AddChecked(growth, rounded, &growth) && AddChecked(amount, growth, result);
}

}  // namespace onnx_macs
