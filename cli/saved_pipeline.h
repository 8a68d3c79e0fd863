// The pipelines and the training of a saved analysis, read back.
#ifndef CLI_SAVED_PIPELINE_H_
#define CLI_SAVED_PIPELINE_H_

#include "analyzer/pipeline/pipeline_report.h"
#include "cli/results.h"
#include "cli/saved_input.h"

namespace onnx_macs {

void Read(SavedInput& in, PipelineReport* pipeline);
void Read(SavedInput& in, TrainingResults* training);

}  // namespace onnx_macs

#endif  // CLI_SAVED_PIPELINE_H_
