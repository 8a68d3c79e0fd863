#include "analyzer/diff/align.h"

#include <algorithm>

namespace onnx_macs {
namespace {

using Pairs = std::vector<std::pair<size_t, size_t>>;

constexpr size_t kMostCells = 1 << 20;

// By a table of the lengths of what two tails have in common.
void AlignMiddle(absl::Span<const uint64_t> a, absl::Span<const uint64_t> b, size_t offset,
                 Pairs* pairs) {
  if (a.empty() || b.empty() || a.size() > kMostCells / b.size()) return;
  const size_t width = b.size() + 1;
  std::vector<uint32_t> common((a.size() + 1) * width);
  for (size_t i = a.size(); i-- > 0;) {
    for (size_t j = b.size(); j-- > 0;) {
      common[i * width + j] =
          a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1
                       : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      pairs->emplace_back(offset + i++, offset + j++);
    } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
}

}  // namespace

Pairs Align(absl::Span<const uint64_t> a, absl::Span<const uint64_t> b) {
  Pairs pairs;
  const size_t shorter = std::min(a.size(), b.size());
  size_t begin = 0, end = 0;  // how many are equal at either end
  while (begin < shorter && a[begin] == b[begin]) pairs.emplace_back(begin, begin), ++begin;
  while (end < shorter - begin && a[a.size() - 1 - end] == b[b.size() - 1 - end]) ++end;
  AlignMiddle(a.subspan(begin, a.size() - begin - end), b.subspan(begin, b.size() - begin - end),
              begin, &pairs);
  for (; end > 0; --end) pairs.emplace_back(a.size() - end, b.size() - end);
  return pairs;
}

}  // namespace onnx_macs
