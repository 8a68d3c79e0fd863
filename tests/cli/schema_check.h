// Holds JSON that tests produce, and what they read, against the schemas in docs.
#ifndef ONNX_MACS_TESTS_CLI_SCHEMA_CHECK_H_
#define ONNX_MACS_TESTS_CLI_SCHEMA_CHECK_H_

#include <string>

namespace onnx_macs {

// Empty when `json` is valid, else the first few reasons why it is not. The schema is a file of
// docs.
std::string SchemaErrors(const std::string& json, const std::string& schema = "schema.json");

}  // namespace onnx_macs

#endif  // ONNX_MACS_TESTS_CLI_SCHEMA_CHECK_H_
