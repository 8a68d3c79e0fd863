// Keeping what is not dominated.
#include "analyzer/memory/peak_set.h"

#include <algorithm>
#include <utility>

namespace onnx_macs {

void PeakSet::Offer(const ByteColumns& columns, const ByteSum& bytes, PeakPlace place,
                    PeakBudget* budget) {
  if (!is_complete_) return;
  const int64_t work = columns.work();
  for (size_t i = 0; i < peaks_.size(); ++i) {
    budget->work -= work;
    if (!columns.IsAtMost(bytes, peaks_[i].bytes)) continue;
    // The next step is most likely below the same one.
    std::swap(peaks_[i], peaks_[0]);
    return;
  }
  const auto is_below = [&](const Peak& peak) { return columns.IsAtMost(peak.bytes, bytes); };
  const size_t before = peaks_.size();
  peaks_.erase(std::remove_if(peaks_.begin(), peaks_.end(), is_below), peaks_.end());
  peaks_.push_back({bytes, place});
  const auto grown = static_cast<int64_t>(peaks_.size()) - static_cast<int64_t>(before);
  budget->work -= static_cast<int64_t>(before) * work;
  budget->kept -= grown * static_cast<int64_t>(columns.size());
  if (peaks_.size() > kMost || budget->kept < 0 || budget->work < 0) GiveUp();
}

const Peak* PeakSet::Largest(const ByteColumns& columns) const {
  const auto less = [&](const Peak& a, const Peak& b) { return columns.IsLess(a.bytes, b.bytes); };
  const auto largest = std::max_element(peaks_.begin(), peaks_.end(), less);
  return largest == peaks_.end() ? nullptr : &*largest;
}

Count PeakSet::ToCount(const ByteColumns& columns) const {
  if (!is_complete_) return Count::Unknown();
  if (peaks_.empty()) return 0;
  if (peaks_.size() == 1) return columns.ToCount(peaks_[0].bytes);
  Dim most = columns.ToDim(peaks_[0].bytes);
  for (const Peak& peak : peaks_) most = Max(most, columns.ToDim(peak.bytes));
  return most;
}

}  // namespace onnx_macs
