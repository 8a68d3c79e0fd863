// Choices read off a fuzzer's bytes, one after another. When they run out every choice is the first
// one, so that what is made of them ends.
#ifndef FUZZ_BYTE_SOURCE_H_
#define FUZZ_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs::fuzz {

class ByteSource {
 public:
  explicit ByteSource(absl::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  absl::string_view rest() const { return rest_; }

  uint8_t Byte() {
    if (rest_.empty()) return 0;
    const uint8_t byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  uint64_t Number(int bytes) {
    uint64_t number = 0;
    for (int i = 0; i < bytes; ++i) number |= uint64_t{Byte()} << (8 * i);
    return number;
  }
  // Less than `end`; 0 where that is 0.
  size_t Below(size_t end) {
    if (end <= 1) return 0;
    return (end <= 256 ? Byte() : Number(2)) % end;
  }
  bool Flag() { return Byte() % 2 == 1; }
  template <typename T>
  const T& Pick(absl::Span<const T> choices) {
    return choices[Below(choices.size())];
  }
  template <typename T, size_t kSize>
  const T& Pick(const T (&choices)[kSize]) {
    return choices[Below(kSize)];
  }

 private:
  absl::string_view rest_;
};

}  // namespace onnx_macs::fuzz

#endif  // FUZZ_BYTE_SOURCE_H_
