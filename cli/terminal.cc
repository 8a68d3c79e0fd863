// Streams, signals and the terminal's abilities.
#include "cli/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr int kPipedWidth = 100;
constexpr int kLeastWidth = 40, kMostWidth = 200;

absl::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? absl::string_view() : value;
}

int Width(bool is_terminal) {
  int columns = kPipedWidth;
  winsize size{};
  if (is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    columns = size.ws_col;
  } else if (!absl::SimpleAtoi(Environment("COLUMNS"), &columns)) {
    columns = kPipedWidth;
  }
  return std::clamp(columns, kLeastWidth, kMostWidth);
}

// The first of these that is set decides, as in setlocale().
bool KnowsUtf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const absl::string_view locale = Environment(name);
    if (!locale.empty()) {
      const std::string lower = absl::AsciiStrToLower(locale);
      return absl::StrContains(lower, "utf-8") || absl::StrContains(lower, "utf8");
    }
  }
  return false;
}

absl::Status SystemError() {
  return absl::UnknownError(errno == ENXIO ? "a pipe that nobody reads" : std::strerror(errno));
}

absl::Status WriteAll(int descriptor, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd waited = {descriptor, POLLOUT, 0};
      poll(&waited, 1, -1);
    } else if (errno == EPIPE) {
      break;  // Who read it has gone, and so has read all that was wanted.
    } else if (errno != EINTR) {
      return SystemError();
    }
  }
  return absl::OkStatus();
}

// A named pipe cannot be opened before somebody reads it, who may be about to.
int OpenForWriting(const std::string& path) {
  constexpr int kTries = 250, kStepMicroseconds = 20'000;
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  int descriptor = open(path.c_str(), kFlags, 0666);
  for (int i = 0; descriptor < 0 && errno == ENXIO && i < kTries; ++i) {
    usleep(kStepMicroseconds);
    descriptor = open(path.c_str(), kFlags, 0666);
  }
  return descriptor;
}

}  // namespace

void PrepareStreams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // Opened the wrong way round, so that using it still is an error.
    const int mode = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", mode) < 0) std::_Exit(1);
  }
}

TextStyle ChooseStyle(ColorMode color, bool to_file) {
  const bool is_terminal = !to_file && isatty(STDOUT_FILENO) == 1;
  TextStyle style;
  style.width = Width(is_terminal);
  style.color = color == ColorMode::kAlways ||
                (color == ColorMode::kAuto && is_terminal && Environment("NO_COLOR").empty() &&
                 Environment("TERM") != "dumb");
  style.bars = (is_terminal || color == ColorMode::kAlways) && KnowsUtf8();
  style.wrap = is_terminal;
  return style;
}

void Output::Write(absl::string_view text) {
  if (!status_.ok() || text.empty()) return;
  if (descriptor_ < 0) descriptor_ = file_.empty() ? STDOUT_FILENO : OpenForWriting(file_);
  status_ = descriptor_ < 0 ? SystemError() : WriteAll(descriptor_, text);
}

absl::Status Output::Close() {
  const int descriptor = std::exchange(descriptor_, -1);
  const bool is_file = descriptor >= 0 && !file_.empty();
  if (is_file && close(descriptor) != 0 && status_.ok()) status_ = SystemError();
  return status_;
}

absl::Status WriteToFile(const std::string& path, absl::string_view text) {
  Output output(path);
  output.Write(text);
  return output.Close();
}

void WriteToStderr(absl::string_view text) { WriteAll(STDERR_FILENO, text).IgnoreError(); }

// What to do instead stands at a message's end.
void Complain(absl::string_view message) {
  WriteToStderr(absl::StrCat("onnx-macs: ", CutLine(Printable(message)), "\n"));
}

}  // namespace onnx_macs
