// What a test may take: time of the processor, not of the wall, because other work on the machine
// is no fault of the code's.
#ifndef ONNX_MACS_TESTS_SUPPORT_PROCESSOR_TIME_H_
#define ONNX_MACS_TESTS_SUPPORT_PROCESSOR_TIME_H_

#include <ctime>

namespace onnx_macs::testing {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr double kInstrumented = 20;
#else
inline constexpr double kInstrumented = 1;
#endif

class ProcessorTime {
 public:
  // Of this process since it was made; under sanitizers as if there were none.
  double seconds() const {
    return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC / kInstrumented;
  }

 private:
  const std::clock_t start_ = std::clock();
};

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_PROCESSOR_TIME_H_
