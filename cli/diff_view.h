// A diff for people: the short answer, and the tables below it.
#ifndef CLI_DIFF_VIEW_H_
#define CLI_DIFF_VIEW_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "cli/diff_results.h"
#include "cli/name_filter.h"
#include "cli/options.h"
#include "cli/table.h"

namespace onnx_macs {

// "1.32x cheaper: 401.6 G -> 304.3 G MACs (-97.37 G, -24.2%)".
std::string ShortAnswer(const DiffTotal& total);
// Of one file.
std::string ShortAnswer(const ModelDiff& model);

// What a reader wants to know next, a line each: the interface, the types of weights, what was
// added, removed, renamed or moved, and where most of the change is.
std::vector<std::string> Reasons(const ModelDiff& model);

// How many rows of each table are shown unless --top says otherwise.
inline constexpr int kDiffRows = 15;

// Empty where nothing differs.
Table DiffFilesTable(const DiffResults& diff);
Table DiffComponentsTable(const ModelDiff& model, const ViewOptions& view,
                          const NameFilter& filter);
Table DiffOperatorsTable(const ModelDiff& model, const ViewOptions& view, const NameFilter& filter);
// Nodes that differ, each with what changed in it on lines of their own: tells line after line.
void TellNodes(const ModelDiff& model, const ViewOptions& view, const NameFilter& filter,
               absl::FunctionRef<void(const std::string&)> tell);

// What the tables leave out.
std::vector<std::string> DiffRemarks(const ModelDiff& model);

// Where it is now, else where it was.
const std::string& PathOf(const ComponentDiff& row);

// 0 where both are the same formula, too.
Amount DeltaOf(const Amount& before, const Amount& after);
// "+97.37 G", "-12 kB", "" for no difference, "?" where it is not known.
std::string DeltaText(const Amount& before, const Amount& after, bool is_bytes = false);
// "+12.5%"; empty where there is none to tell.
std::string PercentText(const Amount& before, const Amount& after);

}  // namespace onnx_macs

#endif  // CLI_DIFF_VIEW_H_
