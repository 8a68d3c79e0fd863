// Amounts as --format json writes them.
#ifndef CLI_JSON_AMOUNT_H_
#define CLI_JSON_AMOUNT_H_

#include <nlohmann/json.hpp>

#include "analyzer/amount.h"

namespace onnx_macs {

// A formula or an unknown is null; what does not fit 64 bits is a string of digits.
nlohmann::ordered_json ToJson(const Amount& amount);

}  // namespace onnx_macs

#endif  // CLI_JSON_AMOUNT_H_
