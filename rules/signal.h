// What a Fourier transform costs.
#ifndef RULES_SIGNAL_H_
#define RULES_SIGNAL_H_

#include "analyzer/count.h"
#include "analyzer/dim.h"

namespace onnx_macs {

// 5 * n * log2(n) for n complex numbers, half of that for real ones; the logarithm rounded up. A
// symbol has none, so that is not known.
Count FourierOps(Dim length, bool is_real);

}  // namespace onnx_macs

#endif  // RULES_SIGNAL_H_
