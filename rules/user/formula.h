// Formulas of a rules file: over the sizes, attributes and small values of a node.
#ifndef RULES_USER_FORMULA_H_
#define RULES_USER_FORMULA_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

struct AttributeName {
  std::string name;
  std::optional<int64_t> otherwise;  // its value where the node does not have it
};

// The names that formulas of one rule may use.
struct FormulaNames {
  std::vector<std::string> inputs, outputs;
  std::optional<std::vector<AttributeName>> attributes;  // not told: any
};

// What a name stands for, at every node of the rule.
struct Reference {
  enum class What : uint8_t { kSize, kRank, kElements, kValue, kAttribute };
  std::string name;  // as it is written: "x.shape[-1]"
  What what = What::kSize;
  bool of_output = false;
  int slot = 0;                      // which input or output
  std::string attribute;             // kAttribute
  std::optional<int64_t> otherwise;  // kAttribute
  std::optional<int> index;          // of a size, an element, or in a list
};

struct Formula {
  std::string text;
  std::vector<Reference> references;
};

// As much of it as tells which it is, in quotes, for messages.
std::string QuotedFormula(absl::string_view text);

// The error says what is wrong with the text and which names there are. Formulas of shapes do not
// read outputs.
absl::StatusOr<Formula> CheckFormula(absl::string_view text, const FormulaNames& signature,
                                     bool reads_outputs);

// Its value at a node: whole and not negative as far as can be told, else why it is none.
absl::StatusOr<Dim> Evaluate(const Formula& formula, const OpContext& ctx);

}  // namespace onnx_macs

#endif  // RULES_USER_FORMULA_H_
