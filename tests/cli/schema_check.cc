// The validator's headers take long to compile, so only this file includes them.
#include "tests/cli/schema_check.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace onnx_macs {
namespace {

using valijson::adapters::NlohmannJsonAdapter;

const valijson::Schema& ReportSchema() {
  static const valijson::Schema& schema = *[] {
    std::ifstream file(ONNX_MACS_SOURCE_DIR "/docs/schema.json");
    const nlohmann::json document = nlohmann::json::parse(file);
    auto* parsed = new valijson::Schema;
    valijson::SchemaParser().populateSchema(NlohmannJsonAdapter(document), *parsed);
    return parsed;
  }();
  return schema;
}

}  // namespace

std::string SchemaErrors(const std::string& json) {
  const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
  if (document.is_discarded()) return "this is no JSON";
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(ReportSchema(), NlohmannJsonAdapter(document), &results)) return "";
  std::string errors;
  valijson::ValidationResults::Error error;
  for (int i = 0; i < 10 && results.popError(error); ++i) {
    for (const std::string& step : error.context) errors += step;
    errors += ": " + error.description + "\n";
  }
  return errors.empty() ? "not valid" : errors;
}

}  // namespace onnx_macs
