// The validator's headers take long to compile, so only this file includes them.
#include "tests/cli/schema_check.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace onnx_macs {
namespace {

using valijson::adapters::NlohmannJsonAdapter;

// Each file is read once.
const valijson::Schema& SchemaOf(const std::string& name) {
  static auto& schemas = *new std::map<std::string, valijson::Schema>;
  const auto [it, is_new] = schemas.try_emplace(name);
  if (is_new) {
    std::ifstream file(std::string(ONNX_MACS_SOURCE_DIR) + "/docs/" + name);
    const nlohmann::json document = nlohmann::json::parse(file);
    valijson::SchemaParser().populateSchema(NlohmannJsonAdapter(document), it->second);
  }
  return it->second;
}

}  // namespace

std::string SchemaErrors(const std::string& json, const std::string& schema) {
  const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
  if (document.is_discarded()) return "this is no JSON";
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(SchemaOf(schema), NlohmannJsonAdapter(document), &results)) return "";
  std::string errors;
  valijson::ValidationResults::Error error;
  for (int i = 0; i < 10 && results.popError(error); ++i) {
    for (const std::string& step : error.context) errors += step;
    errors += ": " + error.description + "\n";
  }
  return errors.empty() ? "not valid" : errors;
}

}  // namespace onnx_macs
