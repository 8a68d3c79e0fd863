// Plans of language models: a prompt read at once, then tokens one after another, each beside the
// keys and values of all before it.
#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/pipeline/kv_cache.h"
#include "analyzer/pipeline/plan.h"

namespace onnx_macs {
namespace {

// The name of the number of earlier tokens in formulas.
constexpr absl::string_view kPast = "past";

// The lengths of one call, as texts: integers or expressions of `past`.
struct Phase {
  std::string tokens;  // it reads
  std::string past;    // whose keys and values are there already
  std::string source;  // tokens of an encoder; empty where there is none
  bool uses_cache = false;
};

bool IsOfEncoder(absl::string_view name) {
  return absl::StrContains(name, "encoder") && !absl::StrContains(name, "decoder");
}

// Of masks over all tokens there are.
std::string Sum(const std::string& past, const std::string& tokens) {
  return past == "0" ? tokens : absl::StrCat(past, " + ", tokens);
}

class PhaseSizes {
 public:
  PhaseSizes(const Signature& signature, const Phase& phase) : phase_(phase) {
    for (const Port& port : signature.inputs) AddInput(port);
  }

  PipelineHints Take() { return std::move(hints_); }

 private:
  void AddInput(const Port& port) {
    if (IsPast(port)) return AddCache(port);
    if (port.name == "use_cache_branch") return AddValue(port, phase_.uses_cache ? "[1]" : "[0]");
    // Only the last token's logits are wanted.
    if (port.name == "num_logits_to_keep") return AddValue(port, "1");
    const bool is_text = port.rank() >= 1 && port.rank() <= 3;
    if (!is_text) return;
    if (IsOfEncoder(port.name)) return Add(port, 1, phase_.source);
    const bool is_mask = absl::StrContains(port.name, "attention_mask");
    if (port.name == "cache_position") return Add(port, 0, phase_.tokens);
    if (port.rank() == 1 || (port.rank() == 3 && port.name != "inputs_embeds")) return;
    Add(port, 1, is_mask ? Sum(phase_.past, phase_.tokens) : phase_.tokens);
  }

  void AddCache(const Port& port) {
    const bool is_source = IsEncoderCache(port) && !phase_.source.empty();
    Add(port, CacheAxis(port), is_source ? phase_.source : phase_.past);
  }

  void Add(const Port& port, int axis, const std::string& size) {
    if (size.empty() || !port.IsOpen(axis)) return;
    hints_.sizes.push_back({std::string(port.name), axis, size});
  }

  void AddValue(const Port& port, const char* value) {
    hints_.values.emplace_back(port.name, value);
  }

  const Phase& phase_;
  PipelineHints hints_;
};

class Planner {
 public:
  Planner(absl::Span<PipelineModel> models, const PipelineOptions& options)
      : models_(models),
        prefill_(options.prefill.value_or(1)),
        decode_(options.decode.value_or(0)) {}

  PipelinePlan Run() {
    FindParts();
    plan_.kind = PipelineKind::kLanguageModel;
    plan_.name = encoder_ < 0 ? "language model" : "encoder-decoder";
    plan_.prefill = prefill_;
    plan_.decode = decode_;
    plan_.hints.resize(models_.size());
    encoder_ < 0 ? PlanPrefill() : PlanEncoder();
    PlanDecode();
    AddOthers();
    return std::move(plan_);
  }

 private:
  PipelineHints SizesOf(int model, const Phase& phase) {
    return PhaseSizes(models_[model].signature, phase).Take();
  }

  // A file that takes no cache reads the prompt if there is one; the other goes on from there.
  void FindParts() {
    for (size_t i = 0; i < models_.size(); ++i) {
      const int model = static_cast<int>(i);
      const Role role = models_[i].role;
      if (role == Role::kEncoder && encoder_ < 0) encoder_ = model;
      if (role == Role::kDecoder && first_ < 0) first_ = model;
      if (role == Role::kDecoderWithPast && next_ < 0) next_ = model;
    }
    if (first_ < 0) first_ = next_;
    if (next_ < 0) next_ = first_;
    has_cache_ = absl::c_any_of(models_[next_].signature.inputs, IsPast);
  }

  // The first call of a model sets its sizes in its own table too.
  void AddStage(int model, std::string what, std::string when, const Phase& phase,
                int64_t times = 1) {
    Stage stage{.model = static_cast<size_t>(model),
                .what = std::move(what),
                .when = std::move(when),
                .times = times};
    PipelineHints hints = SizesOf(model, phase);
    if (seen_.empty()) seen_.resize(models_.size());
    if (seen_[model]) {
      stage.hints = std::move(hints);
    } else {
      plan_.hints[model] = std::move(hints);
      seen_[model] = true;
    }
    plan_.stages.push_back(std::move(stage));
  }

  void PlanPrefill() {
    AddStage(first_, "Prefill", absl::StrCat("of ", prefill_, " tokens"),
             {.tokens = absl::StrCat(prefill_), .past = "0", .source = ""});
  }

  void PlanEncoder() {
    const std::string source = absl::StrCat(prefill_);
    AddStage(encoder_, "Encoder", absl::StrCat("of ", prefill_, " tokens"),
             {.tokens = source, .past = "0", .source = ""});
    AddStage(first_, "Decode", "of the first token",
             {.tokens = "1", .past = "0", .source = source});
  }

  void PlanDecode() {
    const std::string source = encoder_ < 0 ? "" : absl::StrCat(prefill_);
    const std::string past(kPast);
    Phase phase{.tokens = "1", .past = past, .source = source, .uses_cache = true};
    if (!has_cache_) {
      phase = {.tokens = absl::StrCat(past, " + 1"), .past = "0", .source = source};
      plan_.notes.push_back(
          "the model keeps no keys and values: every token reads the whole text "
          "again");
    }
    AddStage(next_, "Decode", "per token", phase, decode_);
    Stage& stage = plan_.stages.back();
    if (!stage.hints) {  // of a model that is called for nothing else
      stage.hints = plan_.hints[next_];
      plan_.hints[next_] = {};
    }
    stage.symbol = past;
    // After an encoder, the token that says "begin" is all there is.
    stage.first = encoder_ < 0 ? prefill_ : 1;
  }

  void AddOthers() {
    for (size_t i = 0; i < models_.size(); ++i) {
      const int model = static_cast<int>(i);
      if (model == encoder_ || model == first_ || model == next_) continue;
      if (models_[i].role == Role::kEncoder || IsDecoder(models_[i].role)) {
        AddOtherForm(i);
        continue;
      }
      plan_.notes.push_back(absl::StrCat(models_[i].path,
                                         ": what it is for is not known, so it "
                                         "counts once (--times ",
                                         models_[i].path, "=N)"));
      plan_.stages.push_back({.model = i, .what = std::string(Basename(models_[i].path))});
    }
  }

  // Folders hold a decoder split and merged, or quantised beside what it was made from.
  void AddOtherForm(size_t i) {
    plan_.notes.push_back(absl::StrCat(models_[i].path, " does what ", models_[next_].path,
                                       " does, so it is not called"));
    plan_.stages.push_back(
        {.model = i, .what = std::string(Basename(models_[i].path)), .times = 0});
  }

  absl::Span<PipelineModel> models_;
  const int64_t prefill_, decode_;
  int encoder_ = -1, first_ = -1, next_ = -1;
  bool has_cache_ = false;
  std::vector<bool> seen_;
  PipelinePlan plan_;
};

}  // namespace

PipelinePlan PlanLanguageModel(absl::Span<PipelineModel> models, const PipelineOptions& options) {
  return Planner(models, options).Run();
}

}  // namespace onnx_macs
