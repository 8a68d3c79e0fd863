// The rule sets: all families, and the conventions laid over them.
#include "rules/rules.h"

namespace onnx_macs {
namespace {

using Family = absl::Span<const OpRule> (*)();

constexpr Family kFamilies[] = {
    AttentionRules,     BinaryRules,
    CastRules,          ConstantRules,
    ControlFlowRules,   ConvRules,
    DataDependentRules, DeterminantRules,
    EinsumRules,        GatherRules,
    ImageRules,         LayoutRules,
    LegacyRules,        LinearAttentionRules,
    LoopRules,          LossRules,
    MatMulRules,        MicrosoftRules,
    MlFeatureRules,     MlModelRules,
    NormalizationRules, OptionalRules,
    PoolRules,          RandomRules,
    RearrangementRules, RecurrentRules,
    ReduceRules,        ResizeRules,
    SelectionRules,     SequenceRules,
    ShapeRules,         SignalRules,
    SlicingRules,       SoftmaxRules,
    StringRules,        TrainingRules,
    UnaryRules,         VariadicRules,
};

RuleSet AllFamilies() {
  RuleSet rules;
  for (Family family : kFamilies) rules.Add(family());
  rules.SetBackward(BackwardRows());
  return rules;
}

const RuleSet& Contractions() {
  static const RuleSet* const rules = [] {
    auto* contractions = new RuleSet(AllFamilies());
    contractions->Override(ContractionsConvention());
    contractions->Override(MicrosoftContractions());
    return contractions;
  }();
  return *rules;
}

struct Convention {
  absl::string_view name;
  const RuleSet& (*rules)();
};

constexpr Convention kConventions[] = {
    {"default", BuiltinRules},
    {"contractions", Contractions},
};

}  // namespace

// Made once and never destroyed: threads may still read it while the program exits.
const RuleSet& BuiltinRules() {
  static const RuleSet* const rules = new RuleSet(AllFamilies());
  return *rules;
}

const RuleSet* RulesForConvention(absl::string_view convention) {
  for (const Convention& row : kConventions) {
    if (row.name == convention) return &row.rules();
  }
  return nullptr;
}

}  // namespace onnx_macs
