// Options and the models they are meant for.
#include "cli/usage.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/spelling.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

using Names = std::vector<std::string>;

Names Union(absl::Span<const BindingUse> uses, Names BindingUse::*list) {
  Names all;
  absl::flat_hash_set<absl::string_view> seen;
  for (const BindingUse& use : uses) {
    for (const std::string& name : use.*list) {
      if (seen.insert(name).second) all.push_back(name);
    }
  }
  return all;
}

bool AnyUse(absl::Span<const BindingUse> uses, absl::FunctionRef<bool(const BindingUse&)> used) {
  return std::any_of(uses.begin(), uses.end(), used);
}

bool UsesAt(const BindingUse& use, std::vector<bool> BindingUse::*list, size_t index) {
  return index < (use.*list).size() && (use.*list)[index];
}

// For models without a name to give: an input can always be given its shape.
absl::Status NothingToName(absl::string_view what, const Names& inputs) {
  if (inputs.empty()) return absl::InvalidArgumentError(absl::StrCat(what, "; leave it out"));
  return absl::InvalidArgumentError(
      WithExample(absl::StrCat(what, " (inputs: ", Listed(inputs), ")"),
                  absl::StrCat("--input ", inputs[0], "=1x3x224x224")));
}

// A name that no model knows: the nearest one, all there are, and how it would be written.
absl::Status NoSuchName(absl::string_view option, absl::string_view kind, const std::string& name,
                        const Names& known, absl::string_view example_value) {
  const std::string nearest = Nearest(name, known);
  return absl::InvalidArgumentError(WithExample(
      absl::StrCat(option, ": there is no ", kind, " '", name, "'", DidYouMean(nearest), " (", kind,
                   "s: ", Listed(known), ")"),
      absl::StrCat(option, " ", nearest.empty() ? known[0] : nearest, "=", example_value)));
}

struct PlainOption {
  const char* name;
  bool BindingUse::*used;
  const char* binds;  // what it looks for
};

constexpr PlainOption kPlainOptions[] = {
    {"--res", &BindingUse::res, "no input of rank 4 whose last two sizes are open"},
    {"--batch", &BindingUse::batch, "no input with an open batch size"},
    {"--seq", &BindingUse::seq, "no input with an open sequence length"},
    {"--vae-factor", &BindingUse::vae_factor, "no input in latent pixels"},
};

absl::Status UselessOption(const PlainOption& option, absl::Span<const BindingUse> uses) {
  const Names dims = Union(uses, &BindingUse::known_dims);
  const Names inputs = Union(uses, &BindingUse::known_inputs);
  const std::string what = absl::StrCat(option.name, " binds nothing: there is ", option.binds);
  if (!dims.empty()) {
    return absl::InvalidArgumentError(WithExample(absl::StrCat(what, " (dims: ", Listed(dims), ")"),
                                                  absl::StrCat("--dim ", dims[0], "=64")));
  }
  return NothingToName(what, inputs);
}

absl::Status CheckNames(const BindOptions& options, absl::Span<const BindingUse> uses) {
  const Names dims = Union(uses, &BindingUse::known_dims);
  const Names inputs = Union(uses, &BindingUse::known_inputs);
  const auto unused = [&](std::vector<bool> BindingUse::*list, size_t i) {
    return !AnyUse(uses, [&](const BindingUse& use) { return UsesAt(use, list, i); });
  };
  for (size_t i = 0; i < options.dims.size(); ++i) {
    if (!unused(&BindingUse::dims, i)) continue;
    const auto& [name, size] = options.dims[i];
    // A sweep gives the name itself as the size.
    const absl::string_view example = size == name ? "64" : absl::string_view(size);
    if (!dims.empty()) return NoSuchName("--dim", "dim", name, dims, example);
    return NothingToName(absl::StrCat("--dim: there is no dim '", name, "', for none has a name"),
                         inputs);
  }
  const auto no_such_input = [&](absl::string_view option, const std::string& name,
                                 absl::string_view example_value) {
    if (!inputs.empty()) return NoSuchName(option, "input", name, inputs, example_value);
    return NothingToName(absl::StrCat(option, ": there is no input '", name, "', nor any other"),
                         inputs);
  };
  for (size_t i = 0; i < options.inputs.size(); ++i) {
    if (!unused(&BindingUse::inputs, i)) continue;
    const InputShapeBinding& given = options.inputs[i];
    return no_such_input("--input", given.input, absl::StrJoin(given.dims, "x"));
  }
  for (size_t i = 0; i < options.values.size(); ++i) {
    if (!unused(&BindingUse::values, i)) continue;
    return no_such_input("--value", options.values[i].input, options.values[i].text);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckBindings(const BindOptions& options, absl::Span<const BindingUse> uses) {
  if (uses.empty()) return absl::OkStatus();
  const bool given[] = {options.res.has_value(), options.batch.has_value(), options.seq.has_value(),
                        options.vae_factor.has_value()};
  for (size_t i = 0; i < std::size(kPlainOptions); ++i) {
    const PlainOption& option = kPlainOptions[i];
    if (given[i] && !AnyUse(uses, [&](const BindingUse& use) { return use.*option.used; })) {
      return UselessOption(option, uses);
    }
  }
  return CheckNames(options, uses);
}

absl::Status CheckLoopTrips(const ControlFlowOptions& options, absl::Span<const BindingUse> uses) {
  const bool is_given = options.loop_trips.has_value() || !options.node_loop_trips.empty();
  if (uses.empty() || !is_given) return absl::OkStatus();
  const Names loops = Union(uses, &BindingUse::open_loops);
  if (loops.empty()) {
    return absl::InvalidArgumentError(
        "--loop-trips binds nothing: there is no loop of open length; leave it out");
  }
  for (const auto& [name, trips] : options.node_loop_trips) {
    if (absl::c_linear_search(loops, name)) continue;
    return NoSuchName("--loop-trips", "open loop", name, loops, absl::StrCat(trips));
  }
  return absl::OkStatus();
}

namespace {

struct GivenOption {
  const char* name;
  bool is_given;
};

// The first that is given; null where none is.
const char* FirstGiven(absl::Span<const GivenOption> options) {
  for (const GivenOption& option : options) {
    if (option.is_given) return option.name;
  }
  return nullptr;
}

absl::Status NoSuchPart(const char* option, const char* part, const std::string& refusal,
                        absl::string_view example) {
  const std::string why = refusal.empty() ? absl::StrCat("no file is ", part) : refusal;
  return absl::InvalidArgumentError(
      WithExample(absl::StrCat(option, " binds nothing: ", why), example));
}

}  // namespace

absl::Status CheckPipeline(const PipelineOptions& options, const RunAnalyses& run) {
  const auto is_there = [&run](absl::string_view kind) {
    return absl::c_any_of(run.pipelines,
                          [kind](const PipelineReport& pipeline) { return pipeline.kind == kind; });
  };
  const char* diffusion = FirstGiven({{{"--steps", options.steps.has_value()},
                                       {"--guidance", options.guidance != GuidanceChoice::kAuto},
                                       {"--scheduler", !options.scheduler.empty()},
                                       {"--evals", options.evals.has_value()}}});
  if (diffusion != nullptr && !is_there("diffusion")) {
    return NoSuchPart(diffusion, "the denoiser of a diffusion pipeline that is known",
                      run.pipeline_refusal, "onnx-macs unet.onnx vae_decoder.onnx --steps 30");
  }
  const char* language = FirstGiven(
      {{{"--prefill", options.prefill.has_value()}, {"--decode", options.decode.has_value()}}});
  if (language != nullptr && !is_there("language_model")) {
    return NoSuchPart(language, "the decoder of a language model", "",
                      "onnx-macs decoder_model_merged.onnx --prefill 512 --decode 128");
  }
  for (size_t i = 0; i < options.times.size(); ++i) {
    if (i < run.used_times.size() && run.used_times[i]) continue;
    const auto& [name, times] = options.times[i];
    if (run.known_names.empty()) return absl::OkStatus();
    return NoSuchName("--times", "file", name, run.known_names, absl::StrCat(times));
  }
  return absl::OkStatus();
}

absl::Status CheckStages(const ViewOptions& view, const RunAnalyses& run, const Results& results) {
  const bool are_any = !run.pipelines.empty() || !results.pipelines.empty();
  if (view.by[0] != Grouping::kStage || are_any || results.models.empty()) return absl::OkStatus();
  const std::string why =
      run.pipeline_refusal.empty() ? "" : absl::StrCat(": ", run.pipeline_refusal);
  return absl::InvalidArgumentError(
      WithExample(absl::StrCat("--by stage: these files make no pipeline", why),
                  "onnx-macs unet.onnx vae_decoder.onnx --res 512 --by stage"));
}

absl::Status CheckGroups(absl::Span<const GroupOption> groups, absl::Span<const BindingUse> uses) {
  if (uses.empty()) return absl::OkStatus();
  size_t begin = 0;
  for (const GroupOption& option : groups) {
    const bool is_used = AnyUse(uses, [&](const BindingUse& use) {
      bool any = false;
      for (size_t i = begin; i < option.end; ++i) any |= UsesAt(use, &BindingUse::groups, i);
      return any;
    });
    begin = option.end;
    if (is_used) continue;
    return absl::InvalidArgumentError(
        WithExample(absl::StrCat("--group: no node's name or path matches '",
                                 Printable(option.text), "'; --nodes lists the nodes"),
                    "--group 'attention=attn[12]'"));
  }
  return absl::OkStatus();
}

bool HasNode(const Results& results, const std::string& name) {
  return absl::c_any_of(results.models, [&](const ModelReport& model) {
    return absl::c_any_of(model.nodes, [&](const NodeRow& node) { return node.name == name; });
  });
}

absl::Status UnknownNode(const Results& results, const std::string& name) {
  Names nodes;
  for (const ModelReport& model : results.models) {
    for (const NodeRow& node : model.nodes) nodes.emplace_back(node.name.view());
  }
  const std::string nearest = Nearest(name, nodes);
  const std::string what = absl::StrCat("--explain: there is no node '", name, "'");
  if (nearest.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(what, "; --nodes lists those there are"));
  }
  return absl::InvalidArgumentError(WithExample(absl::StrCat(what, DidYouMean(nearest)),
                                                absl::StrCat("--explain '", nearest, "'")));
}

}  // namespace onnx_macs
