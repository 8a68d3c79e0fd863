// The tables of a report: which columns there are and what stands in each cell. How a table becomes
// text is the business of table.h.
#ifndef CLI_TABLE_VIEW_H_
#define CLI_TABLE_VIEW_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/name_filter.h"
#include "cli/options.h"
#include "cli/results.h"
#include "cli/table.h"

namespace onnx_macs {

// The table of one model by options.by.
Table ModelTable(const ModelReport& model, const ViewOptions& options, const NameFilter& filter);

// One table over all models, for views that hold files.
Table FilesTable(const Results& results, const ViewOptions& options, const NameFilter& filter);

// Every node, and every value with its shape.
Table NodesTable(const ModelReport& model, const ViewOptions& options, const NameFilter& filter);
Table ValuesTable(const ModelReport& model, const NameFilter& filter);

}  // namespace onnx_macs

#endif  // CLI_TABLE_VIEW_H_
