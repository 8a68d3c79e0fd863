// The tables of docs/accuracy.md, made from the exports in testdata and what PyTorch counted of
// them.
#ifndef ONNX_MACS_TESTS_CLI_ACCURACY_TABLES_H_
#define ONNX_MACS_TESTS_CLI_ACCURACY_TABLES_H_

#include <string>

#include "tests/cli/pipeline_layouts.h"

namespace onnx_macs {

// Every part of every pipeline, at every size that PyTorch counted. Parts whose MACs differ from
// PyTorch's for no reason known are named in `unexplained`.
std::string PyTorchTable(const Layouts& layouts, std::string* unexplained);

// Figures others published, beside ours with and without attention's products.
std::string PublishedTable(const Layouts& layouts);

// The table this project set out from: its set-up, step by step.
std::string EarlierTable(const Layouts& layouts);

// What each part of a pipeline takes of one image at 512x512.
std::string ShareTable(const Layouts& layouts);

}  // namespace onnx_macs

#endif  // ONNX_MACS_TESTS_CLI_ACCURACY_TABLES_H_
