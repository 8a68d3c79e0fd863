// Reports made by hand, so that the tests of views and writers need no model.
#ifndef ONNX_MACS_TESTS_CLI_SAMPLE_REPORT_H_
#define ONNX_MACS_TESTS_CLI_SAMPLE_REPORT_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/report.h"

namespace onnx_macs {

// Every MAC is two operations, every parameter four bytes.
inline Figures SampleFigures(int64_t macs, int64_t params, int64_t nodes = 1) {
  Figures figures;
  figures.macs = Amount::Integer(macs);
  figures.flops = Amount::Integer(2 * macs);
  figures.params = Amount::Integer(params);
  figures.weight_bytes = Amount::Integer(4 * params);
  figures.nodes = nodes;
  return figures;
}

inline ComponentRow Component(std::string path, Figures figures) {
  ComponentRow row;
  row.depth = path.empty() ? 0 : 1 + static_cast<int>(std::count(path.begin(), path.end(), '.'));
  row.path = std::move(path);
  row.figures = std::move(figures);
  return row;
}

// Two like layers and a head:
//   layers.0 = attn 300 + mlp 100, layers.1 = attn 300 + mlp 200, head 100; 1000 in all.
inline ModelReport SampleReport() {
  ModelReport report;
  report.file = "sample.onnx";
  report.role = "model";
  report.producer = "pytorch 2.8.0";
  report.ir_version = 8;
  report.opsets = {{"", 17}};
  report.bindings = {{"batch", 1}, {"seq", 77}};
  report.figures = SampleFigures(1000, 50, 9);
  report.nodes_counted = 9;
  report.components = {
      Component("", SampleFigures(1000, 50, 9)),
      Component("layers", SampleFigures(900, 40, 8)),
      Component("layers.0", SampleFigures(400, 20, 4)),
      Component("layers.0.attn", SampleFigures(300, 15, 2)),
      Component("layers.0.mlp", SampleFigures(100, 5, 2)),
      Component("layers.1", SampleFigures(500, 20, 4)),
      Component("layers.1.attn", SampleFigures(300, 15, 2)),
      Component("layers.1.mlp", SampleFigures(200, 5, 2)),
      Component("head", SampleFigures(100, 10, 1)),
  };
  report.by_op = {{"MatMul", "", SampleFigures(900, 0, 8)}, {"Gemm", "", SampleFigures(100, 0, 1)}};
  return report;
}

}  // namespace onnx_macs

#endif  // ONNX_MACS_TESTS_CLI_SAMPLE_REPORT_H_
