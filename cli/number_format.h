// Numbers for people: SI units, shares, and marks where a number is not the whole truth.
#ifndef CLI_NUMBER_FORMAT_H_
#define CLI_NUMBER_FORMAT_H_

#include <string>

#include "absl/numeric/int128.h"
#include "analyzer/report.h"

namespace onnx_macs {

// "964", "12.35 k", "401.6 G": four digits, rounded half up; exact below 1000.
std::string FormatSi(absl::int128 value);
// "964 B", "3.437 GB".
std::string FormatBytes(absl::int128 value);
// "22.9%", "<0.1%", and "-" of nothing.
std::string FormatShare(double part, double whole);
// In the given unit, rounded half up: 41,434.2 for 41434226000000 in 10^9 with one decimal.
std::string FormatIn(absl::int128 value, int64_t unit, int decimals);
// Every digit.
std::string FormatDigits(absl::int128 value);

// An amount in SI units, its formula, or "?"; never a silent zero. What is only known to be a lower
// bound is written ">= 338.7 G".
std::string FormatAmount(const Amount& amount, bool lower_bound = false);
std::string FormatByteAmount(const Amount& amount, bool lower_bound = false);
// Every digit, the formula, or "?".
std::string FormatExact(const Amount& amount);

}  // namespace onnx_macs

#endif  // CLI_NUMBER_FORMAT_H_
