// Every option in one table: parsing, --help and the messages about wrong usage are made from it.
#ifndef CLI_OPTION_TABLE_H_
#define CLI_OPTION_TABLE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/options.h"

namespace onnx_macs {

struct OptionRow {
  absl::string_view group;
  absl::string_view names;  // "-d,--by"
  absl::string_view value;  // how --help names the value; empty for a flag
  absl::string_view help;
  absl::string_view example;  // a value that works; messages show it
  bool repeatable;
  // An error is half a sentence about the value: "'x' is not a whole number".
  absl::Status (*set)(absl::string_view value, Options* options);
};

absl::Span<const OptionRow> OptionTable();

// The long name: "--by".
absl::string_view LongName(const OptionRow& row);

}  // namespace onnx_macs

#endif  // CLI_OPTION_TABLE_H_
