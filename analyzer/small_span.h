// SmallSpan: a view of an array in 12 bytes instead of 16. What there is one of per node or value
// is made of these: a graph of a million nodes is as fast as the memory it moves through.
#ifndef ANALYZER_SMALL_SPAN_H_
#define ANALYZER_SMALL_SPAN_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/types/span.h"

namespace onnx_macs {

// At most 2^32 - 1 elements: what counts them is bounded far below (Decoder::Spend()).
template <typename T>
class SmallSpan {
 public:
  SmallSpan() = default;
  SmallSpan(absl::Span<const T> span)  // NOLINT(google-explicit-constructor): a view of a view.
      : size_(static_cast<uint32_t>(span.size())) {
    const T* const data = span.data();
    std::memcpy(data_, &data, sizeof(data));
  }

  const T* data() const {
    const T* data;
    std::memcpy(&data, data_, sizeof(data));
    return data;
  }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](size_t i) const { return data()[i]; }
  const T& front() const { return data()[0]; }
  const T& back() const { return data()[size_ - 1]; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  operator absl::Span<const T>() const {  // NOLINT(google-explicit-constructor)
    return absl::Span<const T>(data(), size_);
  }

 private:
  // The pointer, in pieces that need no more alignment than the size does.
  uint32_t data_[sizeof(void*) / sizeof(uint32_t)] = {};
  uint32_t size_ = 0;
};

}  // namespace onnx_macs

#endif  // ANALYZER_SMALL_SPAN_H_
