#include "analyzer/diff/align.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"

namespace onnx_macs {
namespace {

using Pairs = std::vector<std::pair<size_t, size_t>>;

constexpr size_t kMostCells = 1 << 20;

// Elements of `a` that `b` has as well, by index: no other can be paired.
std::vector<size_t> InBoth(absl::Span<const uint64_t> a, absl::Span<const uint64_t> b) {
  const absl::flat_hash_set<uint64_t> others(b.begin(), b.end());
  std::vector<size_t> indices;
  for (size_t i = 0; i < a.size(); ++i) {
    if (others.contains(a[i])) indices.push_back(i);
  }
  return indices;
}

// By a table of the lengths of what two tails have in common.
void AlignMiddle(absl::Span<const uint64_t> a, absl::Span<const uint64_t> b, size_t offset,
                 Pairs* pairs) {
  const std::vector<size_t> in_a = InBoth(a, b), in_b = InBoth(b, a);
  if (in_a.empty() || in_a.size() > kMostCells / in_b.size()) return;
  const size_t width = in_b.size() + 1;
  std::vector<uint32_t> common((in_a.size() + 1) * width);
  for (size_t i = in_a.size(); i-- > 0;) {
    for (size_t j = in_b.size(); j-- > 0;) {
      common[i * width + j] = a[in_a[i]] == b[in_b[j]] ? common[(i + 1) * width + j + 1] + 1
                                                       : std::max(common[(i + 1) * width + j],
                                                                  common[i * width + j + 1]);
    }
  }
  for (size_t i = 0, j = 0; i < in_a.size() && j < in_b.size();) {
    if (a[in_a[i]] == b[in_b[j]]) {
      pairs->emplace_back(offset + in_a[i++], offset + in_b[j++]);
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
