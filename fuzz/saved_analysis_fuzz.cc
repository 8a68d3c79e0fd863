// Feeds texts to the reader of saved analyses, and writes what it reads in every format and view
// that needs nothing else.
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "cli/saved_analysis.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

void WriteAll(const SavedAnalysis& saved) {
  const NameFilter filter;
  ViewOptions view;
  for (const Grouping grouping :
       {Grouping::kComponent, Grouping::kOp, Grouping::kBlock, Grouping::kFile, Grouping::kStage}) {
    view.by = {grouping};
    for (const auto write : {WriteTables, WriteMarkdown, WriteCsv}) {
      TextOf(write, saved.results, {view, filter, {}});
    }
  }
  view.nodes = view.shapes = view.formula = true;
  for (const auto write : {WriteJson, WriteTables})
    TextOf(write, saved.results, {view, filter, {}});
}

}  // namespace
}  // namespace onnx_macs

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  onnx_macs::IsSavedAnalysis(text);
  const auto saved = onnx_macs::ReadSavedAnalysis(text);
  if (saved.ok()) onnx_macs::WriteAll(*saved);
  return 0;
}
