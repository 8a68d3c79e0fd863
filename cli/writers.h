// Every output format is a function from results to text; none of them computes anything.
#ifndef CLI_WRITERS_H_
#define CLI_WRITERS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/rule.h"
#include "cli/name_filter.h"
#include "cli/options.h"
#include "cli/results.h"
#include "cli/table.h"
#include "cli/text_sink.h"

namespace onnx_macs {

struct WriteContext {
  const ViewOptions& view;
  const NameFilter& filter;
  TextStyle style;
  int jobs = 0;  // threads for what is long; 0 for as many as the machine has
};

void WriteTables(const Results& results, const WriteContext& context, TextSink* sink);
void WriteMarkdown(const Results& results, const WriteContext& context, TextSink* sink);
void WriteJson(const Results& results, const WriteContext& context, TextSink* sink);
void WriteCsv(const Results& results, const WriteContext& context, TextSink* sink);

// What one of them writes, as a whole.
using WriteFn = void (*)(const Results&, const WriteContext&, TextSink*);
std::string TextOf(WriteFn write, const Results& results, const WriteContext& context);

// --explain: the nodes of that name, wherever they are. Empty when there is none.
std::string WriteExplanation(const Results& results, const WriteContext& context);

// `ops --format json`.
std::string WriteOpsJson(absl::Span<const OpRule* const> rules, const std::string& convention);

// One line of a CSV file.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace onnx_macs

#endif  // CLI_WRITERS_H_
