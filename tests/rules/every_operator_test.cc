// Every operator that is known to exist has a rule: those of ONNX, of ONNX Runtime, of its
// extensions, and those that were removed or never documented. testdata/operators.txt lists them.
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "rules/rules.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

using Names = std::set<std::string>;  // "ai.onnx Add"

Names KnownOperators() {
  std::ifstream file(std::string(ONNX_MACS_SOURCE_DIR) + "/testdata/operators.txt");
  REQUIRE(file);
  Names names;
  for (std::string line; std::getline(file, line);) names.insert(line);
  return names;
}

Names OperatorsWithRules() {
  Names names;
  for (const OpRule* rule : BuiltinRules().All()) {
    std::ostringstream name;
    name << (rule->domain.empty() ? "ai.onnx" : rule->domain) << ' ' << rule->op_type;
    names.insert(name.str());
  }
  return names;
}

// "ai.onnx (removed/ORT legacy)" and "ai.onnx (ORT) / com.microsoft" as the domains they mean.
std::vector<std::string> Domains(absl::string_view cell) {
  std::vector<std::string> domains = absl::StrSplit(cell, " / ");
  for (std::string& domain : domains) domain = domain.substr(0, domain.find(" ("));
  return domains;
}

// The names in a table of facts; its first two columns have neither quotes nor commas.
void AddFacts(const std::string& path, Names* names) {
  std::ifstream file(path);
  INFO(path);
  REQUIRE(file);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    if (cells.size() < 2 || cells[0] == "any") continue;
    for (const std::string& domain : Domains(cells[0])) names->insert(domain + " " + cells[1]);
  }
}

TEST_CASE("every known operator has a rule") {
  const Names known = KnownOperators(), with_rules = OperatorsWithRules();
  CHECK(known.size() == 528);
  for (const std::string& name : known) {
    INFO(name);
    CHECK(with_rules.count(name) == 1);
  }
}

TEST_CASE("the list of known operators is that of the shared facts") {
  const char* shared = std::getenv("ONNX_MACS_SHARED_DIR");
  if (shared == nullptr) {
    WARN("ONNX_MACS_SHARED_DIR is not set: testdata/operators.txt is not compared");
    SUCCEED();
    return;
  }
  Names facts;
  AddFacts(std::string(shared) + "/facts/ops-ai-onnx.csv", &facts);
  AddFacts(std::string(shared) + "/facts/ops-com-microsoft.csv", &facts);
  CHECK(facts == KnownOperators());
}

}  // namespace
}  // namespace onnx_macs::testing
