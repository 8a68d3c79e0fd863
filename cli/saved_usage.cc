// Tables of options, and of what a saved analysis must have for them.
#include "cli/saved_usage.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "analyzer/pipeline/plan.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

// Options that change what is counted. They are for models; given without any they would do
// nothing.
struct ModelOption {
  const char* name;
  bool (*is_given)(const Options& options);
};

constexpr ModelOption kModelOptions[] = {
    {"--res", [](const Options& o) { return o.analyze.bind.res.has_value(); }},
    {"--batch", [](const Options& o) { return o.analyze.bind.batch.has_value(); }},
    {"--seq", [](const Options& o) { return o.analyze.bind.seq.has_value(); }},
    {"--dim", [](const Options& o) { return !o.analyze.bind.dims.empty(); }},
    {"--input", [](const Options& o) { return !o.analyze.bind.inputs.empty(); }},
    {"--value", [](const Options& o) { return !o.analyze.bind.values.empty(); }},
    {"--vae-factor", [](const Options& o) { return o.analyze.bind.vae_factor.has_value(); }},
    {"--no-declared", [](const Options& o) { return !o.analyze.bind.trust_declared; }},
    {"--steps", [](const Options& o) { return o.pipeline.steps.has_value(); }},
    {"--guidance", [](const Options& o) { return o.pipeline.guidance != GuidanceChoice::kAuto; }},
    {"--scheduler", [](const Options& o) { return !o.pipeline.scheduler.empty(); }},
    {"--evals", [](const Options& o) { return o.pipeline.evals.has_value(); }},
    {"--times", [](const Options& o) { return !o.pipeline.times.empty(); }},
    {"--prefill", [](const Options& o) { return o.pipeline.prefill.has_value(); }},
    {"--decode", [](const Options& o) { return o.pipeline.decode.has_value(); }},
    {"--loop-trips",
     [](const Options& o) {
       return o.analyze.control_flow.loop_trips.has_value() ||
              !o.analyze.control_flow.node_loop_trips.empty();
     }},
    {"--if", [](const Options& o) { return o.analyze.control_flow.if_choice != IfChoice::kMax; }},
    {"--group", [](const Options& o) { return !o.groups.empty(); }},
};

// What a view shows, and whether a model that was saved has it.
struct Need {
  bool (*is_asked)(const Options& options);
  bool (*is_there)(const Options& options, const ModelReport& model, const SavedParts& parts);
  const char* what;
  const char* option;  // with which it is saved
};

bool HasMemory(const Options&, const ModelReport& model, const SavedParts&) {
  return model.memory.has_value();
}

// JSON shows what it is asked for by name alone.
bool ListsNodes(const Options& options) {
  const ViewOptions& view = options.view;
  const bool by_node = view.by.size() > 1 || absl::c_linear_search(view.by, Grouping::kNode);
  return view.nodes || (by_node && options.format != Format::kJson);
}

constexpr Need kNeeds[] = {
    {ListsNodes,
     [](const Options&, const ModelReport&, const SavedParts& parts) { return parts.nodes; },
     "its nodes", "--nodes"},
    {[](const Options& o) { return !o.view.explain.empty(); },
     [](const Options&, const ModelReport&, const SavedParts& parts) {
       return parts.nodes || parts.explained;
     },
     "its nodes", "--nodes"},
    {[](const Options& o) { return o.view.shapes; },
     [](const Options&, const ModelReport&, const SavedParts& parts) { return parts.values; },
     "the shapes of its values", "--shapes"},
    {[](const Options& o) { return o.view.memory || o.view.profile; }, HasMemory, "its memory",
     "--memory"},
    {[](const Options& o) { return o.view.profile; },
     [](const Options&, const ModelReport& model, const SavedParts&) {
       return !model.memory_plan.batches.empty();
     },
     "several batches", "--by profile"},
    {[](const Options& o) { return o.analyze.plan.budget.has_value(); },
     [](const Options& o, const ModelReport& model, const SavedParts&) {
       const auto& fit = model.memory_plan.fit;
       return model.memory && fit && fit->budget == *o.analyze.plan.budget;
     },
     "this memory budget", "--memory-budget"},
    {[](const Options& o) { return o.analyze.device != nullptr; },
     [](const Options& o, const ModelReport& model, const SavedParts&) {
       return model.bound && model.bound->device == o.analyze.device->title;
     },
     "times on this device", "--device"},
};

absl::Status SaveAnew(const FileAnalysis& file, absl::string_view what, absl::string_view option) {
  return absl::InvalidArgumentError(
      Printable(absl::StrCat(NameOf(file), " was saved without ", what, ": save it with ", option,
                             ", or give the model")));
}

absl::Status CheckNeeds(const Options& options, const FileAnalysis& file) {
  const SavedAnalysis& saved = *file.saved;
  for (const Need& need : kNeeds) {
    if (!need.is_asked(options)) continue;
    for (size_t i = 0; i < saved.results.models.size(); ++i) {
      if (need.is_there(options, saved.results.models[i], saved.parts[i])) continue;
      return SaveAnew(file, need.what, need.option);
    }
  }
  const std::optional<TrainingResults>& training = saved.results.training;
  const bool is_trained = training && training->step.optimizer == options.analyze.training &&
                          training->steps == options.training_steps;
  if (options.analyze.training != nullptr && !is_trained) {
    return SaveAnew(file, "this training", "--training");
  }
  return absl::OkStatus();
}

std::string Named(absl::string_view rules) {
  return rules.empty() ? "without --rules" : absl::StrCat("with --rules ", rules);
}

// Figures of two ways to count are not comparable.
absl::Status CheckCounting(const Options& options, const std::string& rules,
                           const FileAnalysis& file) {
  const Results& saved = file.saved->results;
  if (saved.convention != options.convention) {
    return absl::InvalidArgumentError(
        Printable(absl::StrCat(NameOf(file), " was counted with --convention ", saved.convention,
                               ", not ", options.convention,
                               ", and the figures of two conventions are not comparable; "
                               "add --convention ",
                               saved.convention, " or save it anew")));
  }
  if (Basename(saved.rules) == Basename(rules)) return absl::OkStatus();
  return absl::InvalidArgumentError(Printable(
      absl::StrCat(NameOf(file), " was counted ", Named(saved.rules), ", not ", Named(rules),
                   ", and the figures of two sets of rules are not comparable; save it anew")));
}

bool IsSaved(const FileAnalysis& file) { return file.saved != nullptr; }

// Options that would do nothing, because there is no model.
absl::Status CheckModelOptions(const Options& options, absl::Span<const FileAnalysis> files) {
  if (!absl::c_all_of(files, IsSaved)) return absl::OkStatus();
  for (const ModelOption& option : kModelOptions) {
    if (!option.is_given(options)) continue;
    return absl::InvalidArgumentError(
        Printable(absl::StrCat(option.name, " binds nothing: ", NameOf(files[0]),
                               " is a saved analysis, whose figures are settled; give the model")));
  }
  return absl::OkStatus();
}

}  // namespace

std::string RulesOf(const Options& options, absl::Span<const FileAnalysis> files) {
  const bool are_all_saved = !files.empty() && absl::c_all_of(files, IsSaved);
  return options.rules.empty() && are_all_saved ? files[0].saved->results.rules : options.rules;
}

absl::Status CheckSaved(const Options& options, absl::Span<const FileAnalysis> files) {
  const std::string rules = RulesOf(options, files);
  for (const FileAnalysis& file : files) {
    if (!IsSaved(file)) continue;
    if (options.command == Command::kSweep) {
      return absl::InvalidArgumentError(Printable(
          absl::StrCat("sweep: ", NameOf(file),
                       " is a saved analysis, which has one size alone; give the model")));
    }
    if (absl::Status status = CheckCounting(options, rules, file); !status.ok()) return status;
    if (absl::Status status = CheckNeeds(options, file); !status.ok()) return status;
  }
  return CheckModelOptions(options, files);
}

}  // namespace onnx_macs
