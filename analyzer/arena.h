// A bump allocator for what lives exactly as long as a model or an analysis: arrays of trivial
// structs, handed out as spans and freed all at once.
#ifndef ANALYZER_ARENA_H_
#define ANALYZER_ARENA_H_

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <new>
#include <type_traits>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs {

class Arena {
 public:
  Arena() : memory_(kFirstBlockBytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  template <typename T>
  absl::Span<T> NewArray(size_t size) {
    static_assert(std::is_trivially_destructible_v<T>, "nothing in an arena is destroyed");
    if (size == 0) return {};
    T* data = static_cast<T*>(memory_.allocate(size * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(data, size);
    return absl::MakeSpan(data, size);
  }

  template <typename T>
  absl::Span<const T> Copy(absl::Span<const T> source) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (source.empty()) return {};
    T* data = static_cast<T*>(memory_.allocate(source.size() * sizeof(T), alignof(T)));
    std::uninitialized_copy(source.begin(), source.end(), data);
    return absl::MakeConstSpan(data, source.size());
  }

  absl::string_view CopyString(absl::string_view text) {
    const absl::Span<const char> copy = Copy(absl::Span<const char>(text.data(), text.size()));
    return absl::string_view(copy.data(), copy.size());
  }

  template <typename T>
  T* New(const T& value) {
    static_assert(std::is_trivially_destructible_v<T>, "nothing in an arena is destroyed");
    return new (memory_.allocate(sizeof(T), alignof(T))) T(value);
  }

 private:
  static constexpr size_t kFirstBlockBytes = 16 * 1024;
  std::pmr::monotonic_buffer_resource memory_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_ARENA_H_
