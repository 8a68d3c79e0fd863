// Amount: a number in a report: an integer, a formula or not known. A report has five for every
// module of a model and nearly all are plain integers, so these take no more than two words. Copies
// of a formula share its text.
#ifndef ANALYZER_AMOUNT_H_
#define ANALYZER_AMOUNT_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"

namespace onnx_macs {

class Amount {
 public:
  enum class Kind : uint8_t { kInteger, kFormula, kUnknown };

  Amount() = default;  // 0
  static Amount Integer(absl::int128 value);
  // `approximate`: what the formula is about, for sorting and shares.
  static Amount Formula(std::string text, double approximate);
  // A formula that was put together as text and could be written shorter.
  static Amount Sum(std::string text, double approximate);
  static Amount Unknown();
  Amount(const Amount& other) : value_(other.value_), rare_(other.rare_) {
    if (rare_ != nullptr) rare_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  Amount(Amount&& other) noexcept
      : value_(other.value_), rare_(std::exchange(other.rare_, nullptr)) {}
  Amount& operator=(Amount other) noexcept {
    value_ = other.value_;
    std::swap(rare_, other.rare_);
    return *this;
  }
  ~Amount() {
    if (rare_ != nullptr) Release();
  }

  Kind kind() const { return rare_ == nullptr ? Kind::kInteger : rare_->kind; }
  bool is_integer() const { return kind() == Kind::kInteger; }
  bool is_formula() const { return kind() == Kind::kFormula; }
  bool is_unknown() const { return kind() == Kind::kUnknown; }
  bool is_sum() const { return rare_ != nullptr && rare_->is_sum; }
  bool is_zero() const { return rare_ == nullptr && value_ == 0; }
  // A copy of the other, with the same text: equal without a look at it.
  bool SharesWith(const Amount& other) const { return rare_ != nullptr && rare_ == other.rare_; }

  absl::int128 value() const;         // 0 unless it is an integer
  absl::string_view formula() const;  // empty unless it is a formula
  double approximate() const;         // for sorting and shares, never for results

  friend bool operator==(const Amount& a, const Amount& b);

 private:
  struct Rare {
    mutable std::atomic<int> owners = 1;
    Kind kind = Kind::kUnknown;
    bool is_sum = false;
    std::string formula = {};
    double approximate = 0;
    absl::int128 value = 0;
  };
  explicit Amount(const Rare* rare) : rare_(rare) {}
  void Release();

  int64_t value_ = 0;
  const Rare* rare_ = nullptr;  // null for an integer of 64 bits
};

}  // namespace onnx_macs

#endif  // ANALYZER_AMOUNT_H_
