// Options of an analysis, chosen by a fuzzer's bytes. Where there are no more bytes, everything is
// computed and nothing is bound.
#ifndef FUZZ_ANALYSIS_OPTIONS_H_
#define FUZZ_ANALYSIS_OPTIONS_H_

#include "analyzer/analyze.h"
#include "fuzz/byte_source.h"

namespace onnx_macs::fuzz {

struct ChosenOptions {
  AnalyzeOptions analyze;
  const RuleSet* rules = nullptr;
  bool sweep = false;  // hold the formulas to analyses at points, too
  bool save = false;   // and the report to what is read back of its JSON
};

ChosenOptions ChooseOptions(ByteSource& choices);

}  // namespace onnx_macs::fuzz

#endif  // FUZZ_ANALYSIS_OPTIONS_H_
