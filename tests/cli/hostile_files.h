// Files of at most a megabyte that are no ONNX models, one attack each, and the commands that read
// them, under the bounds that models are held to.
#ifndef TESTS_CLI_HOSTILE_FILES_H_
#define TESTS_CLI_HOSTILE_FILES_H_

#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/hostile_models.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {

struct HostileFile {
  const char* name;
  const char* file;  // how it is called
  std::string (*text)();
  const char* says;  // part of what every command writes, to either stream
};

// What `text(i)` gives for 0, 1, ... as a list.
template <typename Text>
std::string Listed(int count, Text text) {
  std::string list;
  for (int i = 0; i < count; ++i) absl::StrAppend(&list, i == 0 ? "" : ",", text(i));
  return list;
}

// Two nodes with a symbol, and 15,000 of an operator that only a rules file knows.
inline void WriteModelsBeside(const TempFolder& folder) {
  const std::string head = "<ir_version: 8, opset_import: [\"\" : 17, \"q\" : 1]>\ng ";
  folder.Write("m.onnxtxt", head +
                                "(float[a, 4] x) => (float[a, 4] y) <float[4, 4] w = {}>\n"
                                "{ h = MatMul(x, w)\ny = Relu(h) }");
  std::string nodes;
  for (int i = 0; i < 15'000; ++i) absl::StrAppend(&nodes, "v", i, " = q.Q(x)\n");
  folder.Write("many.onnxtxt", head + "(float[7, 4] x) => (float v0)\n{" + nodes + "}");
}

// Commands find the name of the file in $FILE. Whatever was in it, an error is short.
inline void CheckHostile(absl::Span<const HostileFile> files,
                         absl::Span<const char* const> commands) {
  constexpr size_t kMegabyte = 1 << 20, kLongestError = 3000;
  const TempFolder folder;
  WriteModelsBeside(folder);
  for (const HostileFile& hostile : files) {
    const std::string text = hostile.text();
    INFO(hostile.name << ", " << text.size() << " bytes");
    CHECK(text.size() <= kMegabyte);
    folder.Write(hostile.file, text);
    for (const char* command : commands) {
      const CommandOutcome outcome =
          RunCommand(absl::StrCat(Limits(), "FILE=", hostile.file, "; ", command), folder.path());
      INFO(command << ": " << outcome.err.substr(0, 1000));
      CHECK((outcome.exit_code >= 0 && outcome.exit_code <= 4));
      CHECK(outcome.err.size() <= kLongestError);
      CHECK(absl::StrContains(absl::StrCat(outcome.out, outcome.err), hostile.says));
    }
    std::filesystem::remove(folder / hostile.file);
  }
}

}  // namespace onnx_macs::testing

#endif  // TESTS_CLI_HOSTILE_FILES_H_
