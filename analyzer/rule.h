// OpRule and RuleSet: what the analyzer is told about operators. It knows none by itself.
#ifndef ANALYZER_RULE_H_
#define ANALYZER_RULE_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/count.h"

namespace onnx_macs {

class OpContext;

// A named share of a node's MACs: attention's "qk", "softmax" and "av".
struct CostPart {
  absl::string_view name;  // a literal
  Count macs;
};

struct Cost {
  Count macs{};  // multiply-accumulates
  Count ops{};   // other arithmetic operations
  absl::Span<const CostPart> parts{};
  absl::string_view refusal{};  // why it cannot be told; empty where it can
};

// Shapes, types and the elements of small tensors. A failure is a short fact about this node
// ("kernel is larger than the padded input"); the walker adds the place.
using InferFn = absl::Status (*)(OpContext&);
using CostFn = Cost (*)(const OpContext&);

// A function pointer without a default: a row that leaves its cost out does not compile.
class CostRule {
 public:
  constexpr CostRule(CostFn fn) : fn_(fn) {}  // NOLINT(google-explicit-constructor)
  Cost operator()(const OpContext& context) const { return fn_(context); }
  bool operator==(CostFn fn) const { return fn_ == fn; }

 private:
  CostFn fn_;
};

// The cost of moving or describing data: nothing. Nodes with this cost are "free by rule".
Cost ZeroCost(const OpContext& context);

// How an operator reads its inputs, by bit: bit 0 is the first input.
using InputMask = uint64_t;
constexpr InputMask Input(int i) { return InputMask{1} << i; }

// How many weights an input holds whose elements are each several of them.
using PackedElementsFn = Count (*)(const OpContext&, int input);

// Where an operator's outputs lie.
enum class Storage : uint8_t {
  kOwn,   // each in memory of its own
  kView,  // the first in that of the first input, which every runtime shares instead of copying
  kFile,  // nowhere: they are stored in the model
};

// Of an operator that runs a graph: how many of its first outputs are what the last run left. Those
// that follow are gathered from run to run.
using NumCarriedFn = int (*)(const OpContext&);
// Which values the backward pass of an operator reads again, so that training keeps them.
enum class Saved : uint8_t { kInputs, kOutputs, kNothing };

// What an operator costs in the backward pass of training.
struct Backward {
  CostFn cost = nullptr;  // null: two products for each of the forward pass, and as many other ops
  Saved saves = Saved::kInputs;
};

// What the functions of a row made at run time work from; they find it by OpContext::rule().
struct RuleData {};

struct OpRule {
  absl::string_view op_type;
  absl::string_view domain;  // "" for ai.onnx
  int since_version;
  InferFn infer;
  CostRule cost;
  absl::string_view counting;    // one phrase for `ops` and --explain: "M*K*N per batch"
  InputMask not_parameters = 0;  // inputs that set shapes, scales and zero points: never weights
  // Inputs that are weights when constant, even when computed or wide integers: of contractions,
  // and what a quantised value is brought back from.
  InputMask contraction_operands = 0;
  PackedElementsFn packed_elements = nullptr;  // of inputs that are parameters; null: as stored
  Storage storage = Storage::kOwn;
  InputMask read_in_part = 0;          // inputs of which no more elements are read than written
  NumCarriedFn num_carried = nullptr;  // null: all of them
  Backward backward = {};
  absl::string_view source = {};  // the file the row comes from; empty: it is built in
  const RuleData* data = nullptr;
};

// A row of a counting convention; it holds for every version of the operator.
struct CostOverride {
  absl::string_view op_type;
  absl::string_view domain;
  CostRule cost;
  absl::string_view counting;
};

// What differs in the backward pass; it holds for every version of the operator.
struct BackwardRow {
  absl::string_view op_type;
  absl::string_view domain;
  Backward backward;
};

// Rules by domain, name and version. Later rows replace earlier ones of the same key.
class RuleSet {
 public:
  RuleSet() = default;
  explicit RuleSet(absl::Span<const OpRule> rules) { Add(rules); }
  void Add(absl::Span<const OpRule> rules);
  // A counting convention: the same operators, some of them counted differently. Operators without
  // a rule are left alone.
  void Override(absl::Span<const CostOverride> costs);
  // Operators without a rule are left alone here, too.
  void SetBackward(absl::Span<const BackwardRow> rows);

  // The row with the highest since_version <= opset; below an operator's first version, the first.
  // Null when the operator is not known.
  const OpRule* Find(absl::string_view domain, absl::string_view op_type, int64_t opset) const;
  // Every row, sorted by domain, name and version.
  std::vector<const OpRule*> All() const;
  // Whether some rows are not built in.
  bool has_sources() const { return has_sources_; }

 private:
  using Key = std::pair<absl::string_view, absl::string_view>;
  absl::flat_hash_map<Key, std::vector<OpRule>> rules_;  // each sorted by since_version
  bool has_sources_ = false;
};

}  // namespace onnx_macs

#endif  // ANALYZER_RULE_H_
