// What training costs, as rows, remarks and JSON.
#ifndef CLI_TRAINING_VIEW_H_
#define CLI_TRAINING_VIEW_H_

#include <string>
#include <vector>

#include "cli/json_text.h"
#include "cli/results.h"
#include "cli/table.h"

namespace onnx_macs {

// FLOPs of the passes and the update.
Table TrainingTable(const TrainingResults& training);
// Bytes that are kept between the passes.
Table TrainingMemoryTable(const TrainingReport& step);
std::vector<std::string> TrainingRemarks(const TrainingResults& training);
void WriteTraining(const TrainingResults& training, ObjectText* object);

}  // namespace onnx_macs

#endif  // CLI_TRAINING_VIEW_H_
