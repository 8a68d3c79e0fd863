// Models that come through pipes, by `-` or by a name, and what comes that is none: an answer or
// one line, and never a wait for what cannot come.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using testing::TempFolder;

constexpr char kModels[] = ONNX_MACS_SOURCE_DIR "/testdata/models/torchscript";

struct StreamRow {
  std::string command;
  int exit_code;
  std::string err;
};

// $M is a model of 138 kB.
CommandOutcome Run(const std::string& command) {
  const std::string bash = absl::StrCat(
      "M=sd15_vae_decoder.onnx; T=../../../tests/golden/models/mlp.onnxtxt\n", command);
  const TempFolder script;
  script.Write("run", bash);
  return RunCommand("bash '" + (script / "run") + "'", kModels);
}

const std::string kView = " --res 512 --by file --format csv";
const std::string kResult = ",vae_decoder,1257276243968,";

TEST_CASE("streams: a model comes through whatever pipe there is") {
  const std::string commands[] = {
      "cat $M | onnx-macs -" + kView,
      "onnx-macs - < $M" + kView,
      "onnx-macs" + kView + " -- - < $M",
      "cat $M | onnx-macs /dev/stdin" + kView,
      "cat $M | onnx-macs /dev/fd/0" + kView,
      "onnx-macs /dev/stdin < $M" + kView,
      "onnx-macs <(cat $M)" + kView,
      "onnx-macs <(sleep 0.3; cat $M)" + kView,
      "gzip -c $M | gzip -d | onnx-macs -" + kView,
      "onnx-macs <(gzip -c $M | gzip -d)" + kView,
      "mkfifo $TMP/p; cat $M >$TMP/p & onnx-macs $TMP/p" + kView,
      "mkfifo $TMP/p; (sleep 0.3; cat $M) >$TMP/p & onnx-macs $TMP/p" + kView,
      "mkfifo $TMP/p; (sleep 0.3; cat $M >$TMP/p) & onnx-macs $TMP/p" + kView,
      "mkfifo $TMP/p; ln -s p $TMP/link; cat $M >$TMP/p & onnx-macs $TMP/link" + kView,
      // In pieces, and what was read before is not read again.
      "(head -c 70000 $M; sleep 0.2; tail -c +70001 $M) | onnx-macs -" + kView,
      "(printf xyz; cat $M) >$TMP/f; (head -c 3 >/dev/null; onnx-macs -" + kView + ") <$TMP/f",
      "onnx-macs sweep <(cat $M) --over res=512 --format csv",
      "onnx-macs diff <(cat $M) <(cat $M) --res 512 --format csv",
  };
  for (const std::string& command : commands) {
    INFO(command);
    const CommandOutcome outcome = Run(command);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err == "");
    const bool is_whole = outcome.out.find(kResult) != std::string::npos ||
                          outcome.out.find("1257276243968") != std::string::npos;
    CHECK(is_whole);
  }
}

TEST_CASE("streams: several at once, and a text among them") {
  const CommandOutcome outcome =
      Run("onnx-macs <(cat $M) <(cat $T) - --res 512 --by file --format csv < $T");
  CHECK(outcome.err == "");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find(kResult) != std::string::npos);
  CHECK(outcome.out.find("\n-,model,192,") != std::string::npos);
}

// What is endless is refused after its first bytes: the memory that all may take would not hold it.
TEST_CASE("streams: what is no model is said at once, however much of it comes") {
  const std::string kText = "onnx-macs: standard input: a text, not a model\n";
  const std::string kZip =
      "onnx-macs: standard input: compressed with gzip: unpack it first "
      "(`gzip -d`)\n";
  const StreamRow kRows[] = {
      {"yes | onnx-macs -", 1, kText},
      {"yes 'a line of text' | onnx-macs -", 1, kText},
      {"onnx-macs - </dev/zero", 1,
       "onnx-macs: standard input: empty pages where a model should begin: the download was not "
       "finished?\n"},
      {"(gzip -c $M; yes) | onnx-macs -", 1, kZip},
      {"(printf '<!doctype html>'; yes) | onnx-macs -", 1,
       "onnx-macs: standard input: an HTML page, not a model: the download went wrong (a login or "
       "an error page?)\n"},
      {"(printf '\\010\\010'; yes $(printf '\\377\\377\\377\\377')) | onnx-macs -", 1,
       "onnx-macs: standard input: damaged, or not an ONNX model: in the model: no field begins "
       "here\n"},
      {"yes '{' | onnx-macs -", 1,
       "onnx-macs: standard input: a text of more than 256 MiB: save it to a file and name "
       "that\n"},
      {"onnx-macs <(yes)", 1, "onnx-macs: /dev/fd/63: a text, not a model\n"},
      {"onnx-macs diff <(yes) $M --res 512", 1, "onnx-macs: /dev/fd/63: a text, not a model\n"},
      {"mkfifo $TMP/p; cd $TMP; yes >p & cd $TMP; sleep 0.1; onnx-macs p", 1,
       "onnx-macs: p: a text, not a model\n"},
  };
  for (const StreamRow& row : kRows) {
    INFO(row.command);
    // 1 GB of addresses, which sanitizers need far more of.
#if defined(__SANITIZE_ADDRESS__)
    const CommandOutcome outcome = Run(row.command);
#else
    const CommandOutcome outcome = Run("ulimit -v 1000000; " + row.command);
#endif
    CHECK(outcome.exit_code == row.exit_code);
    CHECK(outcome.err == row.err);
    CHECK(outcome.out == "");
  }
}

TEST_CASE("streams: nothing comes") {
  const StreamRow kRows[] = {
      {"onnx-macs - </dev/null", 1, "onnx-macs: standard input: the file is empty\n"},
      {"onnx-macs - <&-", 1, "onnx-macs: standard input: cannot be read: it is closed\n"},
      {"onnx-macs - < .", 1, "onnx-macs: standard input: cannot be read: it is a folder\n"},
      {"onnx-macs <(true)", 1, "onnx-macs: /dev/fd/63: the file is empty\n"},
      {"onnx-macs <(sleep 0.3)", 1, "onnx-macs: /dev/fd/63: the file is empty\n"},
      {"onnx-macs /dev/null", 1, "onnx-macs: /dev/null: not a regular file\n"},
      {"cd $TMP; mkfifo p; : >p & onnx-macs p", 1, "onnx-macs: p: the file is empty\n"},
      {"cd $TMP; mkfifo p; onnx-macs p", 1, "onnx-macs: p: a pipe that nothing is written to\n"},
      {"cd $TMP; mkfifo p; onnx-macs --strict --jobs 2 p $OLDPWD/$T --by file --format csv", 1,
       "onnx-macs: p: a pipe that nothing is written to\n"},
      // A pipe is read once, and these may be read for every model.
      {"onnx-macs $M --value latent_sample=@<(cat $M)", 2,
       "onnx-macs: sd15_vae_decoder.onnx: --value latent_sample: '@/dev/fd/63': a pipe, not a "
       "file: give `-` to "
       "read standard input\n"},
  };
  for (const StreamRow& row : kRows) {
    INFO(row.command);
    const CommandOutcome outcome = Run(row.command);
    CHECK(outcome.exit_code == row.exit_code);
    CHECK(outcome.err == row.err);
  }
}

TEST_CASE("streams: a terminal is not waited for") {
  const std::string kTerminal =
      "a terminal, not a model: `onnx-macs - < model.onnx` reads one from there";
  // script(1) gives the command a terminal, also for what it says.
  const CommandOutcome dash = Run("script -qec 'onnx-macs -' /dev/null </dev/null");
  CHECK(dash.exit_code == 1);
  CHECK(dash.out.find("onnx-macs: standard input: " + kTerminal) != std::string::npos);
  const CommandOutcome name = Run("script -qec 'onnx-macs /dev/tty' /dev/null </dev/null");
  CHECK(name.exit_code == 1);
  CHECK(name.out.find("onnx-macs: /dev/tty: " + kTerminal) != std::string::npos);
}

}  // namespace
}  // namespace onnx_macs
