// Amount: a number in a report: an integer, a formula or not known. A report has five for every
// module of a model and nearly all are plain integers, so these take no more than two words.
#ifndef ANALYZER_AMOUNT_H_
#define ANALYZER_AMOUNT_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "analyzer/shared_text.h"

namespace onnx_macs {

class Amount {
 public:
  enum class Kind : uint8_t { kInteger, kFormula, kUnknown };

  Amount() = default;  // 0
  static Amount Integer(absl::int128 value);
  // `approximate`: what the formula is about, for sorting and shares.
  static Amount Formula(SharedText text, double approximate);
  // A formula that was put together as text and could be written shorter.
  static Amount Sum(SharedText text, double approximate);
  static Amount Unknown();
  Amount(const Amount& other) { *this = other; }
  Amount(Amount&& other) noexcept = default;
  Amount& operator=(const Amount& other);
  Amount& operator=(Amount&& other) noexcept = default;

  Kind kind() const { return rare_ == nullptr ? Kind::kInteger : rare_->kind; }
  bool is_integer() const { return kind() == Kind::kInteger; }
  bool is_formula() const { return kind() == Kind::kFormula; }
  bool is_unknown() const { return kind() == Kind::kUnknown; }
  bool is_sum() const { return rare_ != nullptr && rare_->is_sum; }
  bool is_zero() const { return rare_ == nullptr && value_ == 0; }

  absl::int128 value() const;         // 0 unless it is an integer
  absl::string_view formula() const;  // empty unless it is a formula
  double approximate() const;         // for sorting and shares, never for results

  friend bool operator==(const Amount& a, const Amount& b);

 private:
  struct Rare {
    Kind kind = Kind::kUnknown;
    bool is_sum = false;
    SharedText formula = {};
    double approximate = 0;
    absl::int128 value = 0;
  };
  explicit Amount(Rare rare) : rare_(std::make_unique<const Rare>(std::move(rare))) {}

  int64_t value_ = 0;
  std::unique_ptr<const Rare> rare_;  // null for an integer of 64 bits
};

}  // namespace onnx_macs

#endif  // ANALYZER_AMOUNT_H_
