// Holds JSON that tests produce against docs/schema.json.
#ifndef ONNX_MACS_TESTS_CLI_SCHEMA_CHECK_H_
#define ONNX_MACS_TESTS_CLI_SCHEMA_CHECK_H_

#include <string>

namespace onnx_macs {

// Empty when `json` is valid, else the first few reasons why it is not.
std::string SchemaErrors(const std::string& json);

}  // namespace onnx_macs

#endif  // ONNX_MACS_TESTS_CLI_SCHEMA_CHECK_H_
