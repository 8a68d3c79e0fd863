// The object "memory" of a model in --format json.
#ifndef CLI_MEMORY_JSON_H_
#define CLI_MEMORY_JSON_H_

#include <nlohmann/json.hpp>

#include "analyzer/report.h"

namespace onnx_macs {

// The model has its memory.
nlohmann::ordered_json MemoryToJson(const ModelReport& model);

}  // namespace onnx_macs

#endif  // CLI_MEMORY_JSON_H_
