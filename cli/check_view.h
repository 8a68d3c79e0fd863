// Limits of a budget and how they fared, in words, columns, CSV and JSON.
#ifndef CLI_CHECK_VIEW_H_
#define CLI_CHECK_VIEW_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/limits/judge_budget.h"
#include "cli/results.h"
#include "cli/table.h"

namespace onnx_macs {

// What `check` found, as plain data.
struct CheckReport {
  std::string convention, budget;  // a file
  std::vector<std::string> files;
  std::vector<FileError> errors;
  std::vector<LimitRow> rows;
  std::string written;  // a file; empty where no budget was written
  std::vector<std::string> notes;
};

// "over budget: MACs of unet.onnx mid_block: 6.231 G, more than 6.111 G".
std::string LimitLine(const LimitRow& row);

// The answer in short: "all 6 limits hold", "6 limits written to budget.json".
std::string CheckAnswer(const CheckReport& report);
Table CheckTable(const CheckReport& report);
std::string CheckCsv(const CheckReport& report);
std::string CheckJson(const CheckReport& report);

}  // namespace onnx_macs

#endif  // CLI_CHECK_VIEW_H_
