// What the command asks of the terminal and the operating system.
#ifndef CLI_TERMINAL_H_
#define CLI_TERMINAL_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/options.h"
#include "cli/table.h"

namespace onnx_macs {

// To be called first: a broken pipe becomes an error of the write, and a closed standard stream
// cannot be taken by a file that is opened later.
void PrepareStreams();

// How text looks best on standard output; plain where it goes to a file.
TextStyle ChooseStyle(ColorMode color, bool to_file);

// Standard output, or a file that is made when its first text comes.
class Output {
 public:
  explicit Output(std::string file) : file_(std::move(file)) {}  // empty: standard output
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { Close().IgnoreError(); }

  void Write(absl::string_view text);  // does nothing behind an error
  // The error says what the system said. It is none when a pipe's reader has gone.
  absl::Status Close();

 private:
  const std::string file_;
  [[maybe_unused]] int descriptor_ = -1;  // fuzz targets have an output of their own
  absl::Status status_;
};

// Nothing can be done about a standard error that is closed, so nothing is said about it.
void WriteToStderr(absl::string_view text);
absl::Status WriteToFile(const std::string& path, absl::string_view text);

// One line on standard error: "onnx-macs: MESSAGE".
void Complain(absl::string_view message);

}  // namespace onnx_macs

#endif  // CLI_TERMINAL_H_
