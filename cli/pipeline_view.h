// The summary of a pipeline that a person can quote: one line a stage, and what it all takes.
#ifndef CLI_PIPELINE_VIEW_H_
#define CLI_PIPELINE_VIEW_H_

#include <string>
#include <vector>

#include "analyzer/pipeline/pipeline_report.h"
#include "cli/table.h"

namespace onnx_macs {

// Its family, and where there are several the folder it lies in.
std::string PipelineTitle(const PipelineReport& pipeline);
// "30 steps, 31 calls of the denoiser (PNDMScheduler), guidance doubles the batch".
std::string PipelineSettings(const PipelineReport& pipeline);
Table PipelineTable(const PipelineReport& pipeline);
// What was assumed, and what else there is to say.
std::vector<std::string> PipelineRemarks(const PipelineReport& pipeline);

}  // namespace onnx_macs

#endif  // CLI_PIPELINE_VIEW_H_
