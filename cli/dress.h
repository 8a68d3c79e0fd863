// What differs between the terminal and Markdown.
#ifndef CLI_DRESS_H_
#define CLI_DRESS_H_

#include <string>

#include "cli/options.h"
#include "cli/table.h"

namespace onnx_macs {

struct Dress {
  std::string (*title)(const std::string& file, const std::string& rest, const TextStyle& style);
  void (*table)(const Table& table, const TextStyle& style, TextSink* sink);
  // A line of text; one that begins with spaces belongs to the one before it.
  std::string (*remark)(const std::string& line, const TextStyle& style);
  std::string (*formula)(const std::string& line);
};

// Of kTable and kMarkdown.
const Dress& DressOf(Format format);

}  // namespace onnx_macs

#endif  // CLI_DRESS_H_
