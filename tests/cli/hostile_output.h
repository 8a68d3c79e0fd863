// What the command writes of a hostile model, where a part of it is not enough to hold it to.
#ifndef TESTS_CLI_HOSTILE_OUTPUT_H_
#define TESTS_CLI_HOSTILE_OUTPUT_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/hostile_models.h"
#include "tests/cli/run_command.h"

namespace onnx_macs::testing {

inline std::string OutputOf(const HostileModel& hostile, const std::string& format) {
  const TempFolder folder;
  folder.Write("m.onnx", HostileBytes(hostile.build));
  return RunCommand(absl::StrCat(Limits(), kEverythingOn, format), folder.path()).out;
}

}  // namespace onnx_macs::testing

#endif  // TESTS_CLI_HOSTILE_OUTPUT_H_
