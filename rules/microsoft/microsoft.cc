// All families of ONNX Runtime's operators as one.
#include "rules/microsoft/microsoft.h"

#include <vector>

#include "rules/rules.h"

namespace onnx_macs {
namespace {

template <typename Row>
using Rows = absl::Span<const Row> (*)();

constexpr Rows<OpRule> kFamilies[] = {
    BlockQuantizedMatMulRules,
    ExtensionRules,
    FusedMatMulRules,
    GenerationRules,
    GroupQueryAttentionRules,
    LayoutDomainRules,
    LinearAttentionFormRules,
    LongformerRules,
    MicrosoftActivationRules,
    MicrosoftAttentionRules,
    MicrosoftConvRules,
    MicrosoftDataMovementRules,
    MicrosoftEmbeddingRules,
    MicrosoftImageRules,
    MicrosoftNormalizationRules,
    MicrosoftRecurrentRules,
    MicrosoftSignalRules,
    MicrosoftTrainingRules,
    MoERules,
    MultiHeadAttentionRules,
    PositionRules,
    QuantizedElementwiseRules,
    QuantizedMatMulRules,
};

constexpr Rows<CostOverride> kContractions[] = {
    GroupQueryAttentionContractions, LongformerContractions,
    MicrosoftActivationContractions, MicrosoftAttentionContractions,
    MultiHeadAttentionContractions,  QuantizedElementwiseContractions,
};

template <typename Row>
std::vector<Row> Join(absl::Span<const Rows<Row>> parts) {
  std::vector<Row> all;
  for (const Rows<Row> part : parts) all.insert(all.end(), part().begin(), part().end());
  return all;
}

}  // namespace

// Made once and never destroyed, as the rule sets.
absl::Span<const OpRule> MicrosoftRules() {
  static const auto* const rows = new std::vector<OpRule>(Join<OpRule>(kFamilies));
  return *rows;
}

absl::Span<const CostOverride> MicrosoftContractions() {
  static const auto* const rows = new std::vector<CostOverride>(Join<CostOverride>(kContractions));
  return *rows;
}

}  // namespace onnx_macs
