// TextSink: text on its way out. A million rows are written in pieces: as a whole they would take
// more memory than the analysis.
#ifndef CLI_TEXT_SINK_H_
#define CLI_TEXT_SINK_H_

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace onnx_macs {

class TextSink {
 public:
  using Write = std::function<void(absl::string_view)>;

  TextSink() = default;  // keeps everything
  explicit TextSink(Write write) : write_(std::move(write)) {}

  // What is appended to it is written.
  std::string& text() { return text_; }
  // To be called behind each of many rows.
  void EndRow() {
    constexpr size_t kPiece = 1 << 16;
    if (text_.size() >= kPiece) Flush();
  }
  void Flush() {
    if (write_ == nullptr || text_.empty()) return;
    write_(text_);
    text_.clear();
  }
  // Of one that keeps everything.
  std::string Take() { return std::move(text_); }

 private:
  const Write write_;
  std::string text_;
};

}  // namespace onnx_macs

#endif  // CLI_TEXT_SINK_H_
