// Every operator family, and the rule sets made of all of them.
#ifndef RULES_RULES_H_
#define RULES_RULES_H_

#include "absl/types/span.h"
#include "analyzer/rule.h"

namespace onnx_macs {

// One function per file: the rows of that family.
absl::Span<const OpRule> AttentionRules();
absl::Span<const OpRule> BinaryRules();
absl::Span<const OpRule> CastRules();
absl::Span<const OpRule> ConstantRules();
absl::Span<const OpRule> ControlFlowRules();
absl::Span<const OpRule> ConvRules();
absl::Span<const OpRule> DataDependentRules();
absl::Span<const OpRule> DeterminantRules();
absl::Span<const OpRule> EinsumRules();
absl::Span<const OpRule> GatherRules();
absl::Span<const OpRule> ImageRules();
absl::Span<const OpRule> LayoutRules();
absl::Span<const OpRule> LegacyRules();
absl::Span<const OpRule> LinearAttentionRules();
absl::Span<const OpRule> LoopRules();
absl::Span<const OpRule> LossRules();
absl::Span<const OpRule> MatMulRules();
absl::Span<const OpRule> MicrosoftRules();  // all of rules/microsoft/
absl::Span<const OpRule> MlFeatureRules();
absl::Span<const OpRule> MlModelRules();
absl::Span<const OpRule> NormalizationRules();
absl::Span<const OpRule> OptionalRules();
absl::Span<const OpRule> PoolRules();
absl::Span<const OpRule> RandomRules();
absl::Span<const OpRule> RearrangementRules();
absl::Span<const OpRule> RecurrentRules();
absl::Span<const OpRule> ReduceRules();
absl::Span<const OpRule> ResizeRules();
absl::Span<const OpRule> SelectionRules();
absl::Span<const OpRule> SequenceRules();
absl::Span<const OpRule> ShapeRules();
absl::Span<const OpRule> SignalRules();
absl::Span<const OpRule> SlicingRules();
absl::Span<const OpRule> SoftmaxRules();
absl::Span<const OpRule> StringRules();
absl::Span<const OpRule> TrainingRules();
absl::Span<const OpRule> UnaryRules();
absl::Span<const OpRule> VariadicRules();

// What `--convention contractions` counts differently: softmax is no MAC, but 5 operations.
absl::Span<const CostOverride> ContractionsConvention();
absl::Span<const CostOverride> MicrosoftContractions();  // the same in rules/microsoft/

// Operators whose backward pass is not simply twice their products and once their other operations.
absl::Span<const BackwardRow> BackwardRows();

// All families under the default counting.
const RuleSet& BuiltinRules();

// "default", "contractions"; null for an unknown name.
const RuleSet* RulesForConvention(absl::string_view convention);

}  // namespace onnx_macs

#endif  // RULES_RULES_H_
