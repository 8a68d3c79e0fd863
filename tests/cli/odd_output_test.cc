// Where output goes that cannot be written, or that nobody reads to its end: every command in every
// format says one line and fails, or says nothing at all.
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;
using testing::TempFolder;

constexpr char kModels[] = ONNX_MACS_SOURCE_DIR "/tests/golden/models";

// What exit code a command has where its output is read.
struct CommandRow {
  std::string arguments;
  int exit_code;
};

// The budget allows for one MAC less than the model takes.
const CommandRow kCommands[] = {
    {"mlp.onnxtxt", 0},
    {"mlp.onnxtxt gone.onnx", 1},
    {"unknown_op.onnxtxt --strict", 3},
    {"mlp.onnxtxt --by component,op --nodes --shapes", 0},
    {"mlp.onnxtxt --explain '#0'", 0},
    {"diff mlp.onnxtxt unknown_op.onnxtxt", 0},
    {"diff mlp.onnxtxt unknown_op.onnxtxt --fail-over 1%", 4},
    {"sweep mlp.onnxtxt --over rows=1,2,4", 0},
    {"check mlp.onnxtxt --budget \"$TMP/budget.json\"", 4},
    {"ops", 0},
    {"--help", 0},
    {"--version", 0},
};
constexpr const char* kFormats[] = {"table", "json", "csv", "markdown"};

// The lines of standard error that are about writing.
std::string AboutWriting(const std::string& err) {
  std::string lines;
  for (size_t at = 0; at < err.size();) {
    const size_t end = std::min(err.find('\n', at), err.size());
    const std::string line = err.substr(at, end - at);
    if (line.find("write") != std::string::npos || line.find("pipe") != std::string::npos) {
      lines += line + "\n";
    }
    at = end + 1;
  }
  return lines;
}

CommandOutcome Run(const CommandRow& row, const std::string& format, const std::string& around) {
  const std::string budget =
      R"(printf '{"schema": "onnx-macs/budget/1", "models": {"mlp": {"macs": 191}}}' )"
      R"(>"$TMP/budget.json"; )";
  const std::string command = "onnx-macs " + row.arguments + " --format " + format;
  return RunCommand(
      budget + around.substr(0, around.find('@')) + command + around.substr(around.find('@') + 1),
      kModels);
}

TEST_CASE("output: a full disk is said in one line, and is a failure") {
  for (const CommandRow& row : kCommands) {
    for (const char* format : kFormats) {
      INFO(row.arguments << " --format " << format);
      REQUIRE(Run(row, format, "@").exit_code == row.exit_code);
      const CommandOutcome to_stdout = Run(row, format, "@ >/dev/full");
      CHECK(to_stdout.exit_code == 1);
      CHECK(AboutWriting(to_stdout.err) ==
            "onnx-macs: cannot write to standard output: No space left on device\n");
      const CommandOutcome to_file = Run(row, format, "@ --output /dev/full");
      CHECK(to_file.exit_code == 1);
      CHECK(AboutWriting(to_file.err) ==
            "onnx-macs: cannot write /dev/full: No space left on device\n");
    }
  }
}

TEST_CASE("output: nothing is said of a reader that has gone, and the exit code stays what it is") {
  for (const CommandRow& row : kCommands) {
    for (const char* format : kFormats) {
      INFO(row.arguments << " --format " << format);
      // The reader opens the pipe and goes; what is written after that reaches nobody.
      const std::string gone =
          "mkfifo \"$TMP/p\"; sh -c ':' <\"$TMP/p\" & exec 3>\"$TMP/p\"; wait; ";
      const CommandOutcome outcome = Run(row, format, gone + "@ >&3");
      CHECK(outcome.exit_code == row.exit_code);
      CHECK(outcome.err == Run(row, format, "@").err);
    }
  }
}

TEST_CASE("output: more than a pipe holds, of which the first line is read") {
  const CommandOutcome head =
      RunCommand("{ onnx-macs ops --format json; echo \"exit $?\" >&2; } | head -n 1", "/");
  CHECK(head.out == "{\n");
  CHECK(head.err == "exit 0\n");
}

struct PlaceRow {
  std::string before, place;
  int exit_code;
  std::string err;
};

TEST_CASE("output: places that --output names") {
  const std::string kModel = absl::StrCat(kModels, "/mlp.onnxtxt");
  const PlaceRow kRows[] = {
      {"mkdir d", "d", 1, "onnx-macs: cannot write d: Is a directory\n"},
      {"mkdir d", "d/", 1, "onnx-macs: cannot write d/: Is a directory\n"},
      {":", "none/r", 1, "onnx-macs: cannot write none/r: No such file or directory\n"},
      {"echo >f", "f/r", 1, "onnx-macs: cannot write f/r: Not a directory\n"},
      {"ln -s r r", "r", 1, "onnx-macs: cannot write r: Too many levels of symbolic links\n"},
      {"mkfifo p", "p", 1, "onnx-macs: cannot write p: a pipe that nobody reads\n"},
      {"mkfifo p; cat p >got &", "p", 0, ""},
      {"mkfifo p; { sleep 0.2; cat p >got; } &", "p", 0, ""},
      {"ln -s target link", "link", 0, ""},
      {"echo old >r", "r", 0, ""},
      {"echo old >'a b'", "'a b'", 0, ""},
      {":", "./-r", 0, ""},
      {"cp m.onnxtxt other; ln other twin", "twin", 0, ""},
      {"ln m.onnxtxt twin", "twin", 2,
       "onnx-macs: --output: twin is one of the models; example: --output report.json\n"},
      {"ln -s m.onnxtxt link", "link", 2,
       "onnx-macs: --output: link is one of the models; example: --output report.json\n"},
      {":", "./m.onnxtxt", 2,
       "onnx-macs: --output: ./m.onnxtxt is one of the models; example: --output report.json\n"},
  };
  for (const PlaceRow& row : kRows) {
    INFO(row.before << " --output " << row.place);
    const TempFolder folder;
    fs::copy_file(kModel, folder / "m.onnxtxt");
    const std::string model = ReadWholeFile(kModel);
    const CommandOutcome outcome = RunCommand(
        absl::StrCat(row.before, "\nonnx-macs m.onnxtxt --by file --format csv --output ",
                     row.place, "; code=$?; wait; cat got 2>/dev/null; [ -p ", row.place,
                     " ] || cat ", row.place, " 2>/dev/null; ", "exit $code"),
        folder.path());
    CHECK(outcome.exit_code == row.exit_code);
    if (!row.err.empty()) CHECK(outcome.err == row.err);
    // What is read is the report and nothing of what was there; a model stays what it was.
    if (row.exit_code == 0) CHECK(outcome.out.find("file,role,macs") == 0);
    CHECK(ReadWholeFile(folder / "m.onnxtxt") == model);
  }
}

TEST_CASE("output: a model that comes through standard input is not written over") {
  const TempFolder folder;
  fs::copy_file(absl::StrCat(kModels, "/mlp.onnxtxt"), folder / "m.onnxtxt");
  const std::string model = ReadWholeFile(folder / "m.onnxtxt");
  const CommandOutcome outcome =
      RunCommand("onnx-macs - --output m.onnxtxt <m.onnxtxt", folder.path());
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "onnx-macs: --output: m.onnxtxt is one of the models; example: --output report.json\n");
  CHECK(ReadWholeFile(folder / "m.onnxtxt") == model);
}

TEST_CASE("output: what a run reads beside models is not written over either") {
  const TempFolder folder;
  fs::copy_file(absl::StrCat(kModels, "/mlp.onnxtxt"), folder / "m.onnxtxt");
  const std::string budget = R"({"schema": "onnx-macs/budget/1", "models": {"m": {"macs": 192}}})";
  folder.Write("budget.json", budget);
  const CommandOutcome outcome = RunCommand(
      "onnx-macs check m.onnxtxt --budget budget.json --output ./budget.json", folder.path());
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "onnx-macs: --output: ./budget.json is what --budget reads; example: --output "
        "report.json\n");
  CHECK(ReadWholeFile(folder / "budget.json") == budget);
}

}  // namespace
}  // namespace onnx_macs
