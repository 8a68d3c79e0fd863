// SharedText: text in a report. Rows repeat operators, paths and shapes over and over: copies of
// one text share it and take eight bytes each, and so does an empty one.
#ifndef ANALYZER_SHARED_TEXT_H_
#define ANALYZER_SHARED_TEXT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace onnx_macs {

class SharedText {
  template <typename Text>
  using IfText = std::enable_if_t<std::is_convertible_v<const Text&, absl::string_view>>;

 public:
  SharedText() = default;  // empty
  // Anything that is text; its bytes are copied.
  template <typename Text, typename = IfText<Text>>
  SharedText(const Text& text)  // NOLINT(google-explicit-constructor): rows are set from literals.
      : kept_(Keep(text)) {}
  SharedText(const SharedText& other) : kept_(other.kept_) {
    if (kept_ != nullptr) kept_->users.fetch_add(1, std::memory_order_relaxed);
  }
  SharedText(SharedText&& other) noexcept : kept_(std::exchange(other.kept_, nullptr)) {}
  SharedText& operator=(SharedText other) noexcept {
    std::swap(kept_, other.kept_);
    return *this;
  }
  ~SharedText() {
    if (kept_ != nullptr && kept_->users.fetch_sub(1, std::memory_order_acq_rel) == 1) Free(kept_);
  }

  absl::string_view view() const {
    return kept_ == nullptr ? absl::string_view() : absl::string_view(kept_->text(), kept_->size);
  }
  operator absl::string_view() const { return view(); }  // NOLINT(google-explicit-constructor)
  bool empty() const { return kept_ == nullptr; }
  size_t size() const { return view().size(); }

  template <typename Text, typename = IfText<Text>>
  friend bool operator==(const SharedText& a, const Text& b) {
    return a.view() == absl::string_view(b);
  }
  friend bool operator<(const SharedText& a, const SharedText& b) { return a.view() < b.view(); }
  template <typename Hash>
  friend Hash AbslHashValue(Hash hash, const SharedText& text) {
    return Hash::combine(std::move(hash), text.view());
  }

 private:
  // The bytes follow it.
  struct Kept {
    std::atomic<uint32_t> users;
    uint32_t size;
    const char* text() const { return reinterpret_cast<const char*>(this + 1); }
  };
  static Kept* Keep(absl::string_view text);  // null for an empty one
  static void Free(Kept* kept);

  Kept* kept_ = nullptr;
};

// The texts of many rows, each kept once. They stay with the rows when this is gone.
class SharedTexts {
 public:
  const SharedText& Of(absl::string_view text);

 private:
  absl::flat_hash_map<absl::string_view, SharedText> texts_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_SHARED_TEXT_H_
