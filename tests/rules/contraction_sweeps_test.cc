// No contraction is left out: each is held against the naive counter by a sweep.
#include <map>
#include <string>

#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/contractions.h"
#include "tests/support/sweep.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("every contraction has a sweep") {
  for (const std::string& name : Contractions()) {
    INFO(name);
    CHECK(Sweep::All().count(name) == 1);
  }
  for (const std::string& name : Sweep::All()) {
    INFO(name);
    CHECK(Contractions().count(name) == 1);
  }
}

// Operators whose operands are weights although they contract nothing.
const std::map<std::string, std::string> kReaders = {
    {"ai.onnx DequantizeLinear", "brings a weight back to floats"},
    {"com.microsoft DequantizeLinear", "brings a weight back to floats"},
};

TEST_CASE("what says that it reads the operands of a contraction is one") {
  std::set<std::string> with_rules;
  for (const OpRule* rule : BuiltinRules().All()) {
    const std::string name = OperatorName(std::string(rule->domain), std::string(rule->op_type));
    with_rules.insert(name);
    INFO(name);
    if (rule->contraction_operands == 0) continue;
    CHECK(Contractions().count(name) + kReaders.count(name) == 1);
  }
  for (const std::string& name : Contractions()) {
    INFO(name);
    CHECK(with_rules.count(name) == 1);
  }
}

}  // namespace
}  // namespace onnx_macs::testing
