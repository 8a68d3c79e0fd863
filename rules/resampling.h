// What it costs to interpolate one value between its neighbours: shared by the operators that
// sample an image at fractional positions.
#ifndef RULES_RESAMPLING_H_
#define RULES_RESAMPLING_H_

#include "analyzer/count.h"

namespace onnx_macs {

// `taps_per_axis` neighbours on each of `axes` axes: a product for each and the sum of them
// (bilinear: 4 + 3).
inline Count InterpolationOps(int taps_per_axis, int axes) {
  Count taps = 1;
  for (int i = 0; i < axes; ++i) taps *= Count(taps_per_axis);
  return Count(2) * taps - Count(1);
}

}  // namespace onnx_macs

#endif  // RULES_RESAMPLING_H_
