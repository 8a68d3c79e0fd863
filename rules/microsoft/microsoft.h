// The families of ONNX Runtime's operators: com.microsoft and the domains around it.
#ifndef RULES_MICROSOFT_MICROSOFT_H_
#define RULES_MICROSOFT_MICROSOFT_H_

#include "absl/types/span.h"
#include "analyzer/rule.h"

namespace onnx_macs {

// One function per file: the rows of that family.
absl::Span<const OpRule> BlockQuantizedMatMulRules();
absl::Span<const OpRule> ExtensionRules();
absl::Span<const OpRule> FusedMatMulRules();
absl::Span<const OpRule> GenerationRules();
absl::Span<const OpRule> GroupQueryAttentionRules();
absl::Span<const OpRule> LayoutDomainRules();
absl::Span<const OpRule> LinearAttentionFormRules();
absl::Span<const OpRule> LongformerRules();
absl::Span<const OpRule> MicrosoftActivationRules();
absl::Span<const OpRule> MicrosoftAttentionRules();
absl::Span<const OpRule> MicrosoftConvRules();
absl::Span<const OpRule> MicrosoftDataMovementRules();
absl::Span<const OpRule> MicrosoftEmbeddingRules();
absl::Span<const OpRule> MicrosoftImageRules();
absl::Span<const OpRule> MicrosoftNormalizationRules();
absl::Span<const OpRule> MicrosoftRecurrentRules();
absl::Span<const OpRule> MicrosoftSignalRules();
absl::Span<const OpRule> MicrosoftTrainingRules();
absl::Span<const OpRule> MoERules();
absl::Span<const OpRule> MultiHeadAttentionRules();
absl::Span<const OpRule> PositionRules();
absl::Span<const OpRule> QuantizedElementwiseRules();
absl::Span<const OpRule> QuantizedMatMulRules();

// What `--convention contractions` counts differently in them.
absl::Span<const CostOverride> GroupQueryAttentionContractions();
absl::Span<const CostOverride> LongformerContractions();
absl::Span<const CostOverride> MicrosoftActivationContractions();
absl::Span<const CostOverride> MicrosoftAttentionContractions();
absl::Span<const CostOverride> MultiHeadAttentionContractions();
absl::Span<const CostOverride> QuantizedElementwiseContractions();

}  // namespace onnx_macs

#endif  // RULES_MICROSOFT_MICROSOFT_H_
