// The least time on a device, as tables, words and JSON. It is called a bound wherever it is shown.
#ifndef CLI_BOUND_VIEW_H_
#define CLI_BOUND_VIEW_H_

#include <string>
#include <vector>

#include "analyzer/report.h"
#include "cli/json_text.h"
#include "cli/options.h"
#include "cli/table.h"

namespace onnx_macs {

// The models have their bounds. Where the time goes, the longest first.
Table BoundTable(const ModelReport& model, const ViewOptions& view);
// By batch; without rows where the batch is fixed.
Table BatchBoundTable(const ModelReport& model);
std::vector<std::string> BoundRemarks(const ModelReport& model);
Json BoundToJson(const TimeBound& bound);

}  // namespace onnx_macs

#endif  // CLI_BOUND_VIEW_H_
