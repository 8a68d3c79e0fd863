// What a run found, in the order of the arguments: the input of every writer.
#ifndef CLI_RESULTS_H_
#define CLI_RESULTS_H_

#include <string>
#include <vector>

#include "analyzer/pipeline/pipeline_report.h"
#include "analyzer/report.h"

namespace onnx_macs {

struct FileError {
  std::string file, message;
};

struct Results {
  std::string convention;
  std::vector<ModelReport> models;
  std::vector<FileError> errors;
  std::vector<PipelineReport> pipelines;
};

// One call of each model.
Figures TotalOf(const Results& results);
bool HasGaps(const Results& results);

}  // namespace onnx_macs

#endif  // CLI_RESULTS_H_
