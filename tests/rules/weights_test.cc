// The weights are written once in code and once for people: the two agree.
#include "rules/weights.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "rules/rules.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return absl::StrSplit(text.str(), '\n');
}

// The row "| ops | reason | operators |" that names the operator.
std::string RowNaming(const std::vector<std::string>& lines, absl::string_view op_type) {
  for (const std::string& line : lines) {
    const std::vector<std::string> cells = absl::StrSplit(line, " | ");
    if (cells.size() != 3) continue;
    for (absl::string_view name : absl::StrSplit(cells[2], absl::ByAnyChar(", |"))) {
      if (name == op_type) return line;
    }
  }
  return "";
}

TEST_CASE("docs/counting.md tells every weight") {
  const std::vector<std::string> lines = LinesOf(ONNX_MACS_SOURCE_DIR "/docs/counting.md");
  for (const ElementWeight& weight : kElementWeights) {
    INFO(weight.op_type);
    const std::string reason = absl::StrReplaceAll(weight.reason, {{"|", "&#124;"}});
    const std::string row = RowNaming(lines, weight.op_type);
    CHECK(row.substr(0, row.rfind(" | ")) == absl::StrCat("| ", weight.ops, " | ", reason));
  }
}

TEST_CASE("the weights that other parts rely on") {
  CHECK(WeightOf("Add").ops == 1);
  CHECK(WeightOf("Gather").ops == 1);
  CHECK(WeightOf("LayerNormalization").ops == 5);
  CHECK(WeightOf("Softmax").ops == 3);
}

TEST_CASE("an old opset finds the old behaviour, one below the first the first") {
  const RuleSet& rules = BuiltinRules();
  CHECK(rules.Find("", "Add", 6)->since_version == 1);
  CHECK(rules.Find("", "Add", 7)->since_version == 7);
  CHECK(rules.Find("", "Add", 28)->since_version == 7);
  CHECK(rules.Find("", "Gelu", 17)->since_version == 20);
  CHECK(rules.Find("", "NoSuchOperator", 17) == nullptr);
  CHECK(rules.Find("com.example", "Add", 17) == nullptr);
}

TEST_CASE("conventions are found by name") {
  CHECK(RulesForConvention("default") == &BuiltinRules());
  CHECK(RulesForConvention("contractions") != nullptr);
  CHECK(RulesForConvention("contractions") != &BuiltinRules());
  CHECK(RulesForConvention("nonsense") == nullptr);
}

}  // namespace
}  // namespace onnx_macs
