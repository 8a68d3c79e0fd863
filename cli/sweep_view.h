// How a sweep is written: each is a function from the report to text.
#ifndef CLI_SWEEP_VIEW_H_
#define CLI_SWEEP_VIEW_H_

#include <string>
#include <vector>

#include "cli/sweep_report.h"
#include "cli/table.h"

namespace onnx_macs {

Table SweepTable(const SweepReport& report);
// Orders of growth, and what else there is to say.
std::vector<std::string> SweepRemarks(const SweepReport& report);
std::string SweepCsv(const SweepReport& report);
// docs/schema.json describes it.
std::string SweepJson(const SweepReport& report);

}  // namespace onnx_macs

#endif  // CLI_SWEEP_VIEW_H_
