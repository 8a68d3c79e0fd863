// The table of options and what each of them sets.
#include "cli/option_table.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "analyzer/limits/quantity.h"
#include "analyzer/pipeline/scheduler.h"
#include "analyzer/small_file.h"
#include "cli/group_options.h"
#include "cli/option_values.h"

namespace onnx_macs {
namespace {

using absl::OkStatus;
using absl::Status;
using absl::string_view;

// Stores a parsed value or hands on why it is none.
template <typename T, typename Target>
Status Store(absl::StatusOr<T> value, Target* target) {
  if (!value.ok()) return value.status();
  *target = *std::move(value);
  return OkStatus();
}

template <auto Member, int64_t kMost = INT64_MAX>
Status SetBound(string_view text, Options* options) {
  return Store(ParseWhole(text, 1, kMost), &(options->analyze.bind.*Member));
}

Status SetRes(string_view text, Options* options) {
  return Store(ParseResolution(text), &options->analyze.bind.res);
}

Status AddDim(string_view text, Options* options) {
  auto pair = ParseAssignment(text);
  if (!pair.ok()) return pair.status();
  if (pair->second[0] == '-') return ParseWhole(pair->second, 0).status();
  options->analyze.bind.dims.push_back(*std::move(pair));
  return OkStatus();
}

Status AddInput(string_view text, Options* options) {
  const auto pair = ParseAssignment(text);
  if (!pair.ok()) return pair.status();
  auto shape = ParseShape(pair->second);
  if (!shape.ok()) return shape.status();
  options->analyze.bind.inputs.push_back({pair->first, *std::move(shape)});
  return OkStatus();
}

Status AddValue(string_view text, Options* options) {
  const auto pair = ParseAssignment(text);
  if (!pair.ok()) return pair.status();
  options->analyze.bind.values.push_back({pair->first, pair->second});
  return OkStatus();
}

Status SetBudget(string_view text, Options* options) {
  return Store(ParseBytes(text), &options->analyze.plan.budget);
}

template <auto Member, int64_t kLeast = 1, int64_t kMost = INT64_MAX>
Status SetPipeline(string_view text, Options* options) {
  return Store(ParseWhole(text, kLeast, kMost), &(options->pipeline.*Member));
}

Status AddTimes(string_view text, Options* options) {
  // The last "=" ends the name, because a path may hold one.
  const size_t sign = text.rfind('=');
  if (sign == string_view::npos || sign == 0) return ParseAssignment(text).status();
  const auto times = ParseWhole(text.substr(sign + 1), 0);
  if (!times.ok()) return times.status();
  options->pipeline.times.emplace_back(text.substr(0, sign), *times);
  return OkStatus();
}

Status SetScheduler(string_view text, Options* options) {
  options->pipeline.scheduler = std::string(text);
  if (FindScheduler(text) != nullptr) return OkStatus();
  const std::vector<string_view> names = SchedulerNames();
  return ParseChoice(text, names).status();
}

Status AddAxis(string_view text, Options* options) {
  auto axis = ParseAxis(text);
  if (!axis.ok()) return axis.status();
  options->over.push_back(*std::move(axis));
  return CountPoints(options->over).status();
}

Status SetDevice(string_view text, Options* options) {
  if (const Device* known = FindDevice(text); known != nullptr) {
    options->analyze.device = known;
    return OkStatus();
  }
  constexpr int64_t kMostBytes = 1 << 20;
  const auto file = ReadSmallFile(std::string(text), kMostBytes);
  if (!file.ok()) {
    std::vector<string_view> names;
    for (const Device& device : KnownDevices()) names.push_back(device.name);
    return ParseChoice(text, names).status();
  }
  auto device = ParseDevice(*file);
  if (!device.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(text, ": ", device.status().message()));
  }
  options->own_device = std::make_shared<const Device>(*std::move(device));
  options->analyze.device = options->own_device.get();
  return OkStatus();
}

Status AddGate(string_view text, Options* options) {
  auto gate = ParseGate(text);
  if (!gate.ok()) return gate.status();
  options->gates.push_back(*std::move(gate));
  return OkStatus();
}

Status SetMargin(string_view text, Options* options) {
  return Store(ParsePercent(text), &options->margin);
}

Status SetTraining(string_view text, Options* options) {
  options->analyze.training = FindOptimizer(text);
  return options->analyze.training != nullptr ? OkStatus()
                                              : ParseChoice(text, OptimizerNames()).status();
}

Status NoDeclared(string_view, Options* options) {
  options->analyze.bind.trust_declared = false;
  return OkStatus();
}

// Sets an enumeration whose names stand in the order of its values.
template <typename Enum>
Status Choose(string_view text, absl::Span<const string_view> names, Enum* target) {
  const auto index = ParseChoice(text, names);
  if (!index.ok()) return index.status();
  *target = static_cast<Enum>(*index);
  return OkStatus();
}

constexpr string_view kGroupings[] = {"component", "op",    "node",   "file",
                                      "block",     "stage", "profile"};
constexpr int kProfile = std::size(kGroupings) - 1;  // no grouping: it is shown above one
constexpr string_view kIfChoices[] = {"max", "then", "else", "both"};
constexpr string_view kGuidanceChoices[] = {"auto", "on", "off"};
constexpr string_view kSortKeys[] = {"macs", "ops", "params", "bytes", "name"};
constexpr string_view kFormats[] = {"table", "json", "csv", "markdown"};
constexpr string_view kColors[] = {"auto", "always", "never"};

Status SetGuidance(string_view text, Options* options) {
  return Choose(text, kGuidanceChoices, &options->pipeline.guidance);
}

Status SetBy(string_view text, Options* options) {
  ViewOptions& view = options->view;
  view.by.clear();
  for (string_view name : absl::StrSplit(text, ',')) {
    const auto choice = ParseChoice(name, kGroupings);
    if (!choice.ok()) return choice.status();
    const Grouping grouping = static_cast<Grouping>(*choice);
    const bool is_profile = *choice == kProfile;
    if (is_profile ? view.profile : absl::c_linear_search(view.by, grouping)) {
      return absl::InvalidArgumentError(absl::StrCat("'", text, "' names ", name, " twice"));
    }
    view.profile = view.profile || is_profile;
    if (!is_profile) view.by.push_back(grouping);
  }
  if (view.by.empty()) view.by = {Grouping::kComponent};
  if (view.profile && (absl::c_linear_search(view.by, Grouping::kFile) ||
                       absl::c_linear_search(view.by, Grouping::kStage))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text, "': a profile is of one model, with its components, operators ..."));
  }
  // A stage is many calls, a node one: there is nothing below it to drill down to.
  if (view.by.size() > 1 && absl::c_linear_search(view.by, Grouping::kStage)) {
    return absl::InvalidArgumentError(absl::StrCat("'", text, "': stage stands alone"));
  }
  return OkStatus();
}

Status AddGroup(string_view text, Options* options) {
  auto groups = ParseGroups(text);
  if (!groups.ok()) return groups.status();
  std::vector<ComponentGroup>& all = options->analyze.groups;
  for (ComponentGroup& group : *groups) all.push_back(std::move(group));
  options->groups.push_back({std::string(text), all.size()});
  return OkStatus();
}

Status SetIf(string_view text, Options* options) {
  return Choose(text, kIfChoices, &options->analyze.control_flow.if_choice);
}

// The last "=" ends the name, because node names may hold one.
Status AddLoopTrips(string_view text, Options* options) {
  ControlFlowOptions& control_flow = options->analyze.control_flow;
  const size_t sign = text.rfind('=');
  const bool has_name = sign != string_view::npos;
  const auto trips = ParseWhole(has_name ? text.substr(sign + 1) : text, 0);
  if (!trips.ok()) return trips.status();
  if (has_name) {
    if (sign == 0) return ParseAssignment(text).status();
    control_flow.node_loop_trips.emplace_back(text.substr(0, sign), *trips);
    return OkStatus();
  }
  if (control_flow.loop_trips) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is a second number for every loop"));
  }
  control_flow.loop_trips = *trips;
  return OkStatus();
}

Status SetSort(string_view text, Options* options) {
  return Choose(text, kSortKeys, &options->view.sort);
}
Status SetFormat(string_view text, Options* options) {
  return Choose(text, kFormats, &options->format);
}
Status SetColor(string_view text, Options* options) {
  return Choose(text, kColors, &options->color);
}

// A count that fits an int; nobody wants more rows or threads than that.
template <typename Target>
Status SetCount(string_view text, Target* target) {
  const auto value = ParseWhole(text, 1);
  if (!value.ok()) return value.status();
  *target = static_cast<int>(std::min<int64_t>(*value, 1 << 30));
  return OkStatus();
}
Status SetDepth(string_view text, Options* options) { return SetCount(text, &options->view.depth); }
Status SetTop(string_view text, Options* options) { return SetCount(text, &options->view.top); }
Status SetJobs(string_view text, Options* options) { return SetCount(text, &options->jobs); }

template <auto Member>
Status SetText(string_view text, Options* options) {
  if (text.empty()) return absl::InvalidArgumentError("'' is empty");
  options->*Member = std::string(text);
  return OkStatus();
}
template <auto Member>
Status SetViewText(string_view text, Options* options) {
  if (text.empty()) return absl::InvalidArgumentError("'' is empty");
  options->view.*Member = std::string(text);
  return OkStatus();
}
template <auto Member, bool kValue = true>
Status SetView(string_view, Options* options) {
  options->view.*Member = kValue;
  return OkStatus();
}

Status SetStats(string_view, Options* options) {
  options->stats = true;
  return OkStatus();
}
Status SetHelp(string_view, Options* options) {
  options->command = Command::kHelp;
  return OkStatus();
}
Status SetVersion(string_view, Options* options) {
  options->command = Command::kVersion;
  return OkStatus();
}

constexpr string_view kShapes = "Shapes", kPipeline = "Pipelines", kSweep = "Sweeps",
                      kControlFlow = "Control flow", kView = "What is shown",
                      kCounting = "Counting", kPlanning = "Planning", kLimits = "Diff and check",
                      kOutput = "Output";

constexpr OptionRow kRows[] = {
    {kShapes, "--res", "N|HxW", "resolution in pixels", "768x512", false, SetRes},
    {kShapes, "--batch", "N", "batch size (1 unless given)", "4", false,
     SetBound<&BindOptions::batch, kMostTimes>},
    {kShapes, "--seq", "N", "sequence length", "128", false, SetBound<&BindOptions::seq>},
    {kShapes, "--dim", "NAME=N", "size of a named dim", "height=64", true, AddDim},
    {kShapes, "--input", "NAME=SHAPE", "shape of an input; sizes may be names", "sample=1x4x64x64",
     true, AddInput},
    {kShapes, "--value", "NAME=V", "value of an input: [1,2] or @tensor.pb", "sizes=[1,77]", true,
     AddValue},
    {kShapes, "--vae-factor", "N", "pixels per latent along each side", "8", false,
     SetBound<&BindOptions::vae_factor>},
    {kShapes, "--no-declared", "", "infer every shape; trust none the file declares", "", false,
     NoDeclared},
    {kSweep, "--over", "NAME=RANGE", "res, batch, seq, steps or a dim: 1,2,4 or 256:1024:128",
     "res=256:1024:128", true, AddAxis},
    {kPipeline, "--steps", "N", "steps of a diffusion pipeline; with --training, of that", "30",
     false, SetPipeline<&PipelineOptions::steps, 1, kMostTimes>},
    {kPipeline, "--guidance", "WHEN", "on, off or auto: as usual for the pipeline", "off", false,
     SetGuidance},
    {kPipeline, "--scheduler", "NAME", "pndm, euler, heun ... or a class name", "pndm", false,
     SetScheduler},
    {kPipeline, "--evals", "N", "calls of the denoiser, whatever the steps", "51", false,
     SetPipeline<&PipelineOptions::evals, 1, kMostTimes>},
    {kPipeline, "--times", "FILE=N", "calls of one file; also by folder or role", "vae_decoder=2",
     true, AddTimes},
    {kPipeline, "--prefill", "N", "tokens of the prompt of a language model", "512", false,
     SetPipeline<&PipelineOptions::prefill, 1, kMostTimes>},
    {kPipeline, "--decode", "N", "tokens it then makes, one after another", "128", false,
     SetPipeline<&PipelineOptions::decode, 0, kMostTimes>},
    {kControlFlow, "--loop-trips", "[NODE=]N", "how often loops of open length run", "16", true,
     AddLoopTrips},
    {kControlFlow, "--if", "WHICH", "max, then, else or both, where no value decides", "then",
     false, SetIf},
    {kView, "-d,--by", "LIST", "component, op, block, node, file, stage, profile; lists drill down",
     "component,op", false, SetBy},
    {kView, "--group", "NAME=REGEX|@FILE", "a component of your own: nodes by name or path",
     "attention=attn[12]", true, AddGroup},
    {kView, "--depth", "N", "show components down to this depth", "3", false, SetDepth},
    {kView, "--top", "N", "show at most N rows of each list", "10", false, SetTop},
    {kView, "--sort", "KEY", "macs, ops, params, bytes or name", "params", false, SetSort},
    {kView, "--filter", "REGEX", "only names that match", "attn", false,
     SetViewText<&ViewOptions::filter>},
    {kView, "--fold", "", "show repeated siblings as one row (the default)", "", false,
     SetView<&ViewOptions::fold>},
    {kView, "--no-fold", "", "show each of repeated siblings", "", false,
     SetView<&ViewOptions::fold, false>},
    {kView, "--formula", "", "whole formulas, and what they assume", "", false,
     SetView<&ViewOptions::formula>},
    {kView, "--nodes", "", "every node", "", false, SetView<&ViewOptions::nodes>},
    {kView, "--shapes", "", "the shape of every value", "", false, SetView<&ViewOptions::shapes>},
    {kView, "--memory", "", "what is alive when most is, and what nodes read and write", "", false,
     SetView<&ViewOptions::memory>},
    {kView, "--explain", "NODE", "one node: its rule, shapes and numbers", "/conv_in/Conv", false,
     SetViewText<&ViewOptions::explain>},
    {kCounting, "--convention", "NAME", "default or contractions", "contractions", false,
     SetText<&Options::convention>},
    {kCounting, "--rules", "FILE", "rules of your own, for custom and known operators",
     "rules.json", false, SetText<&Options::rules>},
    {kCounting, "--strict", "", "exit 3 when anything was not counted", "", false,
     SetView<&ViewOptions::strict>},
    {kPlanning, "--memory-budget", "BYTES", "the largest batch, resolution or sequence that fits",
     "24GiB", false, SetBudget},
    {kPlanning, "--device", "NAME|FILE", "the least time it can take there: h100, rtx4090 ...",
     "h100", false, SetDevice},
    {kPlanning, "--training", "NAME", "what a step costs: sgd, adam, adamw, momentum ...", "adamw",
     false, SetTraining},
    {kLimits, "--fail-over", "[WHAT=]2%|5G", "the most that diff lets it grow, else exit 4", "2%",
     true, AddGate},
    {kLimits, "--budget", "FILE", "the limits that check holds models to, else exit 4",
     "budget.json", false, SetText<&Options::budget>},
    {kLimits, "--write-budget", "FILE", "have check write limits from what there is now",
     "budget.json", false, SetText<&Options::write_budget>},
    {kLimits, "--margin", "PERCENT", "what written limits allow beyond that (5%)", "10%", false,
     SetMargin},
    {kOutput, "--format", "NAME", "table, json, csv or markdown", "json", false, SetFormat},
    {kOutput, "-o,--output", "FILE", "write there instead of standard output", "report.json", false,
     SetText<&Options::output>},
    {kOutput, "--color", "WHEN", "auto, always or never", "never", false, SetColor},
    {kOutput, "--stats", "", "time and memory, on standard error", "", false, SetStats},
    {kOutput, "-q,--quiet", "", "the table alone: no header, notes or hints", "", false,
     SetView<&ViewOptions::quiet>},
    {kOutput, "-j,--jobs", "N", "files analysed at the same time", "4", false, SetJobs},
    {kOutput, "-h,--help", "", "show this", "", false, SetHelp},
    {kOutput, "--version", "", "version, and the newest opset known", "", false, SetVersion},
};

}  // namespace

absl::Span<const OptionRow> OptionTable() { return kRows; }

string_view GroupingName(Grouping grouping) { return kGroupings[static_cast<int>(grouping)]; }

string_view LongName(const OptionRow& row) {
  const size_t comma = row.names.find(',');
  return comma == string_view::npos ? row.names : row.names.substr(comma + 1);
}

}  // namespace onnx_macs
