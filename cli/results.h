// What a run found, in the order of the arguments: the input of every writer.
#ifndef CLI_RESULTS_H_
#define CLI_RESULTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/limits/reading.h"
#include "analyzer/pipeline/pipeline_report.h"
#include "analyzer/report.h"
#include "analyzer/training/training_report.h"

namespace onnx_macs {

struct FileError {
  std::string file, message;
};

// A step of training every model, and how many of them are made.
struct TrainingResults {
  TrainingReport step;
  int64_t steps = 1;
};

struct Results {
  std::string convention;
  std::vector<ModelReport> models;
  std::vector<FileError> errors;
  std::vector<PipelineReport> pipelines;
  std::string rules = {};  // the file of --rules
  std::optional<TrainingResults> training = {};
};

// One call of each model.
Figures TotalOf(const Results& results);
bool HasGaps(const Results& results);
// What limits see of it.
RunView ViewOf(const Results& results);

}  // namespace onnx_macs

#endif  // CLI_RESULTS_H_
