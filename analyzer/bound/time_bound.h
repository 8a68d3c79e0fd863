// The least time a model can take on a device: every node computes no faster than the device's peak
// and moves what it must no faster than the device's memory. A bound, never a prediction.
#ifndef ANALYZER_BOUND_TIME_BOUND_H_
#define ANALYZER_BOUND_TIME_BOUND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/bound/device.h"
#include "analyzer/shared_text.h"

namespace onnx_macs {

struct ModelReport;
struct NodeRow;

struct BoundTimes {
  double seconds = 0;          // per node the longer of the two, added up
  double compute_seconds = 0;  // at the peak rate, were memory infinitely fast
  double memory_seconds = 0;   // at full bandwidth, were computing free
  // Of `seconds`, in nodes where computing takes longer.
  double compute_bound_seconds = 0;
};

struct BoundRow {
  SharedText path;
  BoundTimes times;
};

struct BatchBound {
  int64_t batch = 1;
  double seconds = 0, total_bytes = 0;
  bool fits = true;        // into the device's memory, with a fifth of it to spare
  double utilisation = 0;  // of the peak rate, at best
  double per_second() const { return seconds > 0 ? static_cast<double>(batch) / seconds : 0; }
};

struct TimeBound {
  std::string device, source;
  BoundTimes whole;
  std::vector<BoundRow> components;  // those of the report, in its order, inclusive
  std::vector<BatchBound> batches;   // empty where the batch is fixed
  int64_t recommended_batch = 0;     // 0: none
  int64_t unknown_nodes = 0;         // without a number: they are left out of the bound
};

// The report has its nodes, and traffic.
TimeBound BoundOf(const ModelReport& report, const Device& device);

// The smallest batch after which twice the batch brings less than a twentieth more a second, or
// does not fit. Rows are of doubling batches.
int64_t RecommendBatch(const std::vector<BatchBound>& batches);

}  // namespace onnx_macs

#endif  // ANALYZER_BOUND_TIME_BOUND_H_
