// PeakSet: the largest of many sums of bytes, where sizes may be symbols: those that no other one
// is certain to be at least as large as.
#ifndef ANALYZER_MEMORY_PEAK_SET_H_
#define ANALYZER_MEMORY_PEAK_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/amount.h"
#include "analyzer/memory/byte_terms.h"

namespace onnx_macs {

// Where a sum is reached: at a step, perhaps inside a program that it runs.
struct PeakPlace {
  static constexpr uint32_t kNoBody = UINT32_MAX;
  uint32_t step = 0;
  uint32_t body = kNoBody;  // an index into the programs
};

struct Peak {
  ByteSum bytes;
  PeakPlace place;
};

// How much more an analysis may compare and keep where there are symbols: what is past that is
// given up as too complex.
struct PeakBudget {
  int64_t work = 100'000'000;  // coefficients compared
  int64_t kept = 1'000'000;    // coefficients of all peaks
};

class PeakSet {
 public:
  static constexpr size_t kMost = 32;

  // Where there are too many to tell which are the largest, the set is given up.
  void Offer(const ByteColumns& columns, const ByteSum& bytes, PeakPlace place, PeakBudget* budget);
  void GiveUp() { is_complete_ = false; }
  bool is_complete() const { return is_complete_; }
  const std::vector<Peak>& peaks() const { return peaks_; }
  // The largest one with every symbol taken as 64; null when there is none.
  const Peak* Largest(const ByteColumns& columns) const;
  // All of them under max(); unknown when they were given up, 0 when there is none.
  Amount ToAmount(const ByteColumns& columns) const;

 private:
  std::vector<Peak> peaks_;
  bool is_complete_ = true;
};

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_PEAK_SET_H_
