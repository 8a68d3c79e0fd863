// What `sweep` found, as plain data.
#ifndef CLI_SWEEP_REPORT_H_
#define CLI_SWEEP_REPORT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "analyzer/report.h"
#include "analyzer/sweep/axis.h"

namespace onnx_macs {

struct SweepColumn {
  const char *key, *header;  // in JSON and CSV, and in tables; those without are not shown there
  bool is_bytes;
};

struct SweepRow {
  std::vector<AxisValue> point;  // by axis
  std::vector<Amount> amounts;   // by column
  bool is_lower_bound = false;
  bool is_anew = false;  // the formulas do not hold there, so the files were analysed for it
  std::string remark;    // why something is not counted there; empty where nothing is missing
};

// How a column grows with one axis while the others stay.
struct SweepOrder {
  size_t axis = 0, column = 0;
  int power = 0;  // -1: no power
};

struct SweepReport {
  std::string convention;
  std::vector<std::string> files;
  std::string what;  // "Stable Diffusion 1.x, 50 steps", "one call of each of 2 files"
  std::vector<SweepAxis> axes;
  std::vector<SweepColumn> columns;  // MACs first
  std::vector<SweepRow> rows;        // the last axis varies fastest
  std::vector<SweepOrder> orders;    // empty where there is no formula
  std::vector<std::string> notes;
};

}  // namespace onnx_macs

#endif  // CLI_SWEEP_REPORT_H_
