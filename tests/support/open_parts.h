// Exports of parts of pipelines whose sizes are open: what binds them to the call that PyTorch's
// counts beside them are of.
#ifndef ONNX_MACS_TESTS_SUPPORT_OPEN_PARTS_H_
#define ONNX_MACS_TESTS_SUPPORT_OPEN_PARTS_H_

#include <string>

#include "analyzer/analyze.h"

namespace onnx_macs::testing {

// One image of 512x512 and as many tokens as its pipeline gives the part. `file_name` is that of an
// export in testdata/pipelines.tar.xz; nothing is bound where sizes are fixed.
BindOptions BindCountedCall(const std::string& file_name);

// A file of counts in testdata/deployments.tar.xz, by its name without ".json": the part it is of,
// and what binds that part to the call.
struct DeployedCall {
  std::string part;
  BindOptions bind;
};
DeployedCall DeployedCallOf(const std::string& counts);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_OPEN_PARTS_H_
