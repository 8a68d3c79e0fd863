// Keeping what is not dominated.
#include "analyzer/memory/peak_set.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/amount_maker.h"

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

Amount PeakSet::ToAmount(const ByteColumns& columns) const {
  if (!is_complete_) return Amount::Unknown();
  if (peaks_.empty()) return {};
  if (peaks_.size() == 1) return MakeAmount(columns.ToCount(peaks_[0].bytes));
  std::vector<const Peak*> sorted;
  for (const Peak& peak : peaks_) sorted.push_back(&peak);
  std::sort(sorted.begin(), sorted.end(),
            [&](const Peak* a, const Peak* b) { return columns.IsLess(b->bytes, a->bytes); });
  // Put together here: the algebra has a bound on what may stand in one max().
  const auto append = [&](std::string* out, const Peak* peak) {
    out->append(ToString(columns.ToCount(peak->bytes)));
  };
  return Amount::Formula(absl::StrCat("max(", absl::StrJoin(sorted, ", ", append), ")"),
                         columns.Approximate(sorted[0]->bytes));
}

}  // namespace onnx_macs
