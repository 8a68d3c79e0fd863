// What commands took that a test ran.
#ifndef ONNX_MACS_TESTS_CLI_CHILD_USAGE_H_
#define ONNX_MACS_TESTS_CLI_CHILD_USAGE_H_

#include <sys/resource.h>

#include <regex>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/processor_time.h"

namespace onnx_macs {

// Time of the processor that all commands so far took, the shell's with it.
inline double SecondsOfChildren() {
  rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The peak that --stats says.
inline double PeakMegabytes(const std::string& stats) {
  const std::regex peak("at most ([0-9.]+) MB of memory");
  std::smatch match;
  REQUIRE(std::regex_search(stats, match, peak));
  return std::stod(match[1]);
}

}  // namespace onnx_macs

#endif  // ONNX_MACS_TESTS_CLI_CHILD_USAGE_H_
