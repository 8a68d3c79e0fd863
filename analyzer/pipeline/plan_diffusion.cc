// Plans of diffusion pipelines: what one image takes.
#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "analyzer/pipeline/family.h"
#include "analyzer/pipeline/plan.h"
#include "analyzer/pipeline/scheduler.h"
#include "analyzer/pipeline/vae_factor.h"

namespace onnx_macs {
namespace {

constexpr size_t kMostTextParts = std::size(Family{}.text);

// A refiner redoes the last steps, three in ten unless it is told otherwise.
constexpr int64_t kRefinedTenths = 3;

struct RoleTitle {
  Role role;
  const char* title;
};

constexpr RoleTitle kTitles[] = {{Role::kTextEncoder, "Text encoder"},
                                 {Role::kTextEncoder2, "Text encoder 2"},
                                 {Role::kTextEncoder3, "Text encoder 3"},
                                 {Role::kVaeEncoder, "VAE encode"},
                                 {Role::kUnet, "UNet"},
                                 {Role::kTransformer, "Transformer"},
                                 {Role::kRefiner, "Refiner"},
                                 {Role::kVaeDecoder, "VAE decode"}};

bool HasTitle(Role role) {
  return absl::c_any_of(kTitles, [role](const RoleTitle& row) { return row.role == role; });
}

class Planner {
 public:
  Planner(absl::Span<PipelineModel> models, const PipelineOptions& options, const BindOptions& bind,
          const RuleSet& rules)
      : models_(models), options_(options), bind_(bind), rules_(rules) {}

  PipelinePlan Run() {
    if (!FindDenoiser()) {
      plan_.kind = PipelineKind::kNone;
      return std::move(plan_);
    }
    plan_.kind = PipelineKind::kDiffusion;
    plan_.name = std::string(family_->name);
    plan_.hints.resize(models_.size());
    PlanSteps();
    PlanGuidance();
    AssignTextRoles();
    HintSizes();
    AddStages();
    return std::move(plan_);
  }

 private:
  void Note(std::string text) { plan_.notes.push_back(std::move(text)); }

  // One denoiser of a family that is known, beside which a refiner may stand, and at least one
  // other model or an option that is about pipelines.
  bool FindDenoiser() {
    for (size_t i = 0; i < models_.size(); ++i) {
      if (!IsDenoiser(models_[i].role)) continue;
      const bool is_refiner = models_[i].role == Role::kRefiner;
      if (is_refiner && (denoiser_ == nullptr || denoiser_->role != Role::kRefiner)) {
        if (denoiser_ == nullptr) denoiser_ = &models_[i];
        continue;
      }
      if (denoiser_ != nullptr && denoiser_->role != Role::kRefiner) {
        plan_.refusal = absl::StrCat("both ", denoiser_->path, " and ", models_[i].path,
                                     " are denoisers: give the files of one pipeline");
        return false;
      }
      denoiser_ = &models_[i];
    }
    const bool is_asked_for = options_.steps || options_.evals || !options_.scheduler.empty() ||
                              options_.guidance != GuidanceChoice::kAuto || !options_.times.empty();
    if (models_.size() < 2 && !is_asked_for) return false;
    family_ = FindFamily(denoiser_->beside.pipeline_class, denoiser_->signature);
    if (family_ != nullptr) return true;
    plan_.refusal = absl::StrCat("the family of ", denoiser_->path,
                                 " is not known: --times says how often a file is called");
    return false;
  }

  void PlanSteps() {
    plan_.evals = options_.evals;
    plan_.steps = options_.steps;
    if (plan_.evals) return;
    if (!plan_.steps) {
      plan_.steps = family_->steps;
      Note(absl::StrCat(*plan_.steps, " steps, usual for ", family_->name, " (--steps N)"));
    }
    PlanEvaluations();
  }

  void PlanEvaluations() {
    const std::string& beside = denoiser_->beside.scheduler_class;
    const std::string& named = options_.scheduler.empty() ? beside : options_.scheduler;
    const Scheduler* scheduler = FindScheduler(named);
    plan_.evals = scheduler == nullptr ? *plan_.steps : scheduler->Evaluations(*plan_.steps);
    if (scheduler != nullptr) {
      plan_.scheduler = std::string(scheduler->class_name);
      // Three steps take four evaluations each before the others begin.
      constexpr int64_t kRungeKutta = 8;
      const bool is_beside = options_.scheduler.empty();
      if (is_beside && denoiser_->beside.has_runge_kutta_steps) *plan_.evals += kRungeKutta;
    } else if (!named.empty()) {
      Note(absl::StrCat("how often ", named,
                        " calls the denoiser is not known: once a step is "
                        "assumed (--evals N)"));
    } else {
      Note(
          "no scheduler is known: one call of the denoiser a step is assumed; PNDM, Stable "
          "Diffusion's first, makes one more (--scheduler pndm)");
    }
  }

  // Two prompts at every step: in one call, where the batch is open, else in two.
  void PlanGuidance() {
    const bool is_on =
        options_.guidance == GuidanceChoice::kOn ||
        (options_.guidance == GuidanceChoice::kAuto && family_->guidance != Guidance::kNone);
    guidance_ = !is_on                                 ? Guidance::kNone
                : family_->guidance == Guidance::kNone ? Guidance::kTwoCalls
                                                       : family_->guidance;
    constexpr const char* kWords[] = {"no guidance", "guidance doubles the batch",
                                      "guidance calls the denoiser twice"};
    plan_.guidance = kWords[static_cast<int>(guidance_)];
    if (options_.guidance != GuidanceChoice::kAuto) return;
    Note(absl::StrCat(plan_.guidance, ", usual for ", family_->name,
                      is_on ? " (--guidance off for none)" : " (--guidance on)"));
  }

  // How many images one call of the model takes for each that is asked for, and how many calls
  // it needs for both prompts.
  std::pair<int64_t, int64_t> GuidedCalls(const PipelineModel& model) {
    if (guidance_ == Guidance::kNone) return {1, 1};
    if (guidance_ == Guidance::kTwoCalls) return {1, 2};
    if (IsBatchOpen(model)) return {2, 1};
    const int64_t fixed = LatentInput(model.signature)->Size(0);
    if (fixed > 1 && fixed % 2 == 0) return {1, 1};  // both prompts are in the file's own batch
    Note(absl::StrCat(RoleName(model.role), "'s batch is fixed, so guidance calls it twice"));
    return {1, 2};
  }

  bool IsBatchOpen(const PipelineModel& model) const {
    const Port& latents = *LatentInput(model.signature);
    const auto is_given = [&](const InputShapeBinding& given) {
      return given.input == latents.name;
    };
    return latents.IsOpen(0) && !bind_.symbolic_batch && absl::c_none_of(bind_.inputs, is_given);
  }

  // By the widths of what they give, else in the order they come.
  void AssignTextRoles() {
    bool taken[kMostTextParts] = {};
    for (PipelineModel& model : models_) {
      if (model.role != Role::kEncoder && !IsTextEncoder(model.role)) continue;
      const TextPart* part = PartOf(model);
      size_t index = part == nullptr ? kMostTextParts : part - family_->text;
      if (part == nullptr && IsTextEncoder(model.role)) index = IndexOf(model.role);
      if (index == kMostTextParts || taken[index]) {
        index = std::find(std::begin(taken), std::end(taken), false) - std::begin(taken);
      }
      if (index == kMostTextParts) continue;
      taken[index] = true;
      model.role = static_cast<Role>(static_cast<size_t>(Role::kTextEncoder) + index);
    }
  }

  static size_t IndexOf(Role text_role) {
    return static_cast<size_t>(text_role) - static_cast<size_t>(Role::kTextEncoder);
  }

  const TextPart* PartOf(const PipelineModel& model) const {
    for (const Port& output : model.signature.outputs) {
      const TextPart* part = FindTextPart(*family_, output.Size(output.rank() - 1));
      if (part != nullptr) return part;
    }
    return nullptr;
  }

  void HintSizes() {
    const auto [factor, source] = bind_.res ? VaeFactor() : std::pair<int64_t, std::string>();
    for (size_t i = 0; i < models_.size(); ++i) {
      PipelineHints& hints = plan_.hints[i];
      hints.vae_factor = factor;
      hints.vae_factor_source = source;
      hints.pixel_multiple = family_->pixel_multiple;
      if (IsDenoiser(models_[i].role)) {
        hints.text_tokens = family_->tokens;
        hints.text_source = absl::StrCat("usual for ", family_->name);
      } else if (IsTextEncoder(models_[i].role)) {
        HintTextLength(models_[i], &hints);
      }
    }
  }

  // 0 where no autoencoder tells.
  std::pair<int64_t, std::string> VaeFactor() const {
    for (const Role role : {Role::kVaeDecoder, Role::kVaeEncoder}) {
      for (const PipelineModel& model : models_) {
        if (model.role != role) continue;
        int64_t factor = DeclaredVaeFactor(model.signature);
        if (factor == 0) factor = InferredVaeFactor(*model.model, rules_);
        if (factor > 0) return {factor, absl::StrCat(model.path, " has it")};
        factor = model.beside.vae_factor;
        if (factor > 0) return {factor, absl::StrCat("the config.json of ", model.path, " has it")};
      }
    }
    return {0, ""};
  }

  void HintTextLength(const PipelineModel& model, PipelineHints* hints) {
    const int64_t tokens = family_->text[IndexOf(model.role)].tokens;
    if (tokens == 0 || bind_.seq) return;
    for (const Port& input : model.signature.inputs) {
      if (input.rank() != 2 || !IsInteger(input.type.type) || !input.IsOpen(1)) continue;
      hints->sizes.push_back({std::string(input.name), 1, absl::StrCat(tokens)});
    }
    if (hints->sizes.empty()) return;
    Note(absl::StrCat(RoleName(model.role), " reads ", tokens, " tokens, usual for ", family_->name,
                      " (--seq N)"));
  }

  // In the order of roles, whatever the order of files.
  void AddStages() {
    for (const RoleTitle& row : kTitles) {
      for (size_t i = 0; i < models_.size(); ++i) {
        if (models_[i].role == row.role) AddStage(i, row.title);
      }
    }
    for (size_t i = 0; i < models_.size(); ++i) {
      if (!HasTitle(models_[i].role)) AddUnknown(i);
    }
  }

  void AddStage(size_t i, const char* title) {
    const Role role = models_[i].role;
    Stage stage{.model = i, .what = title};
    if (IsDenoiser(role)) PlanDenoiser(i, &stage);
    if (IsTextEncoder(role)) stage.times = TextCalls(role);
    if (role == Role::kVaeEncoder) {
      stage.times = 0;
      Note("an image made from text alone needs no VAE encoder (--times vae_encoder=1)");
    }
    plan_.stages.push_back(std::move(stage));
  }

  void PlanDenoiser(size_t i, Stage* stage) {
    const auto [batch, calls] = GuidedCalls(models_[i]);
    int64_t evals = *plan_.evals;
    if (&models_[i] != denoiser_) {
      const int64_t steps = plan_.steps.value_or(evals);
      evals = steps * kRefinedTenths / 10;
      Note(absl::StrCat("the refiner redoes the last ", evals, " of ", steps,
                        " steps, as it does unless told otherwise (--times refiner=N)"));
    }
    stage->times = evals * calls;
    stage->batch_factor = batch;
    stage->when = calls == 1 ? "per step" : "per call, two a step";
    if (batch == 1) return;
    stage->hints = plan_.hints[i];
    stage->hints->batch_factor = batch;
  }

  int64_t TextCalls(Role role) {
    const int64_t usual = family_->text[IndexOf(role)].calls;
    if (guidance_ == Guidance::kNone) return 1;
    // Without guidance of its own, a family has no negative prompt to leave out.
    return family_->guidance == Guidance::kNone ? 2 : std::max<int64_t>(usual, 1);
  }

  void AddUnknown(size_t i) {
    Note(absl::StrCat(models_[i].path, ": what it is for is not known, so it counts once (--times ",
                      models_[i].path, "=N)"));
    plan_.stages.push_back({.model = i, .what = std::string(Basename(models_[i].path))});
  }

  absl::Span<PipelineModel> models_;
  const PipelineOptions& options_;
  const BindOptions& bind_;
  const RuleSet& rules_;
  const PipelineModel* denoiser_ = nullptr;
  const Family* family_ = nullptr;
  Guidance guidance_ = Guidance::kNone;
  PipelinePlan plan_;
};

}  // namespace

PipelinePlan PlanDiffusion(absl::Span<PipelineModel> models, const PipelineOptions& options,
                           const BindOptions& bind, const RuleSet& rules) {
  return Planner(models, options, bind, rules).Run();
}

}  // namespace onnx_macs
