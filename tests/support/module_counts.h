// PyTorch's multiply-accumulates per module path, as testdata/export/count_modules.py writes them:
// what every path of a report is held against.
#ifndef ONNX_MACS_TESTS_SUPPORT_MODULE_COUNTS_H_
#define ONNX_MACS_TESTS_SUPPORT_MODULE_COUNTS_H_

#include <cstdint>
#include <string>

#include "analyzer/report.h"

namespace onnx_macs::testing {

// MACs PyTorch counts that an export folded into a constant, and where.
struct FoldedProducts {
  std::string path = "";
  int64_t macs = 0;
};

// CHECKs every path of the JSON file, to the last unit. A wrapper's prefix may stand before the
// paths of the report.
void CheckModuleCounts(const ModelReport& report, const std::string& file,
                       const FoldedProducts& folded = {});

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_MODULE_COUNTS_H_
