// The command line through CLI11, which splits it; every word of a message comes from our table.
#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <cstring>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "analyzer/spelling.h"
#include "cli/option_table.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

using Values = std::vector<std::string>;

constexpr absl::string_view kExample = "onnx-macs model.onnx --res 512";

absl::Status WrongUsage(absl::string_view what, absl::string_view example) {
  return absl::InvalidArgumentError(WithExample(what, example));
}

struct CommandWord {
  absl::string_view word;
  Command command;
  absl::string_view example;
};

constexpr CommandWord kCommands[] = {
    {"diff", Command::kDiff, "onnx-macs diff old.onnx new.onnx"},
    {"sweep", Command::kSweep, "onnx-macs sweep unet.onnx --over res=256:1024:128"},
    {"check", Command::kCheck, "onnx-macs check unet.onnx --budget budget.json"},
    {"ops", Command::kOps, "onnx-macs ops --filter Conv"},
};

absl::string_view ExampleOf(Command command) {
  for (const CommandWord& row : kCommands) {
    if (row.command == command) return row.example;
  }
  return kExample;
}

// Options of one command, which the others would drop without a word.
struct OwnedOption {
  absl::string_view name;
  Command owner;
  absl::string_view command;  // an example of it, to which the option is added
};

constexpr OwnedOption kOwnedOptions[] = {
    {"--over", Command::kSweep, "onnx-macs sweep model.onnx"},
    {"--fail-over", Command::kDiff, "onnx-macs diff old.onnx new.onnx"},
    {"--budget", Command::kCheck, "onnx-macs check model.onnx"},
    {"--write-budget", Command::kCheck, "onnx-macs check model.onnx"},
    {"--margin", Command::kCheck, "onnx-macs check model.onnx --write-budget budget.json"},
};

const OwnedOption* FindOwner(absl::string_view option) {
  for (const OwnedOption& row : kOwnedOptions) {
    if (row.name == option) return &row;
  }
  return nullptr;
}

std::string ExampleOf(const OptionRow& row) {
  const OwnedOption* owned = FindOwner(LongName(row));
  return absl::StrCat(owned == nullptr ? "onnx-macs model.onnx" : owned->command, " ",
                      LongName(row), row.value.empty() ? "" : " ", row.example);
}

const OptionRow* FindOption(absl::string_view name) {
  for (const OptionRow& row : OptionTable()) {
    for (absl::string_view known : absl::StrSplit(row.names, ',')) {
      if (known == name) return &row;
    }
  }
  return nullptr;
}

absl::Status UnknownOption(absl::string_view word) {
  const absl::string_view name = word.substr(0, word.find('='));
  std::vector<absl::string_view> names;
  for (const OptionRow& row : OptionTable()) names.push_back(LongName(row));
  const absl::string_view nearest = Nearest(name, names);
  const std::string what = absl::StrCat("there is no option ", Printable(name));
  if (nearest.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, "; onnx-macs --help lists those there are"));
  }
  return WrongUsage(absl::StrCat(what, DidYouMean(nearest)), ExampleOf(*FindOption(nearest)));
}

// How many of the words may be options: behind `--` there are only files.
int EndOfOptions(int argc, const char* const* argv) {
  int end = 0;
  while (end < argc && absl::string_view(argv[end]) != "--") ++end;
  return end;
}

// CLI11 would take the value of a flag and drop it.
absl::Status CheckFlags(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const absl::string_view word = argv[i];
    const size_t sign = word.find('=');
    const OptionRow* row = FindOption(word.substr(0, sign));
    if (sign != absl::string_view::npos && row != nullptr && row->value.empty()) {
      return WrongUsage(
          absl::StrCat(LongName(*row), " takes no value, but '", Printable(word), "' is given"),
          ExampleOf(*row));
    }
  }
  return absl::OkStatus();
}

// CLI11 says only in prose which option lacks its value, so the words are looked at again.
absl::Status MissingValue(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const OptionRow* row = FindOption(argv[i]);
    if (row == nullptr || row->value.empty()) continue;
    if (i + 1 < argc && argv[i + 1][0] != '-') continue;
    return WrongUsage(absl::StrCat(LongName(*row), " needs a value, ", row->value),
                      ExampleOf(*row));
  }
  return WrongUsage("an option has a value it does not take, or none where it needs one", kExample);
}

absl::Status Apply(const OptionRow& row, const Values& values, Options* options) {
  if (values.size() > 1 && !row.repeatable && !row.value.empty()) {
    return WrongUsage(absl::StrCat(LongName(row), " is given twice, as '", Printable(values[0]),
                                   "' and '", Printable(values[1]), "'"),
                      ExampleOf(row));
  }
  for (const std::string& value : values) {
    if (const absl::Status status = row.set(value, options); !status.ok()) {
      return WrongUsage(absl::StrCat(LongName(row), ": ", status.message()), ExampleOf(row));
    }
  }
  return absl::OkStatus();
}

// The command is the first word that is no option.
void TakeCommand(Options* options) {
  Values& files = options->files;
  if (files.empty()) return;
  for (const CommandWord& row : kCommands) {
    if (files[0] != row.word) continue;
    options->command = row.command;
    files.erase(files.begin());
    return;
  }
}

absl::Status CheckOwners(absl::Span<const OptionRow* const> given, Command command) {
  for (const OptionRow* row : given) {
    const OwnedOption* owned = FindOwner(LongName(*row));
    if (owned == nullptr || owned->owner == command) continue;
    const absl::string_view example = ExampleOf(owned->owner);
    const absl::string_view word = example.substr(strlen("onnx-macs "));
    return WrongUsage(
        absl::StrCat(owned->name, " is an option of ", word.substr(0, word.find(' '))),
        ExampleOf(*row));
  }
  return absl::OkStatus();
}

absl::Status CheckFiles(const Options& options) {
  const Values& files = options.files;
  const absl::string_view example = ExampleOf(options.command);
  if (options.command == Command::kOps) {
    if (files.empty()) return absl::OkStatus();
    return WrongUsage(absl::StrCat("ops takes no file, but '", Printable(files[0]), "' is given"),
                      example);
  }
  if (options.command == Command::kDiff && files.size() != 2) {
    return WrongUsage(
        absl::StrCat("diff compares two files or folders, but ", files.size(), " are given"),
        example);
  }
  if (files.empty()) return WrongUsage("no model file is given", example);
  if (std::count(files.begin(), files.end(), "-") > 1) {
    return WrongUsage("- (standard input) is given twice, but can be read once", example);
  }
  return absl::OkStatus();
}

// What a diff has no use for is refused, too, rather than dropped.
constexpr absl::string_view kNotOfDiff[] = {"--by",     "--explain",  "--shapes",
                                            "--device", "--training", "--memory-budget"};

absl::Status CheckFitsDiff(absl::Span<const OptionRow* const> given) {
  for (const OptionRow* row : given) {
    if (!absl::c_linear_search(kNotOfDiff, LongName(*row))) continue;
    return WrongUsage(absl::StrCat(LongName(*row), " is no option of diff"),
                      ExampleOf(Command::kDiff));
  }
  return absl::OkStatus();
}

absl::Status CheckCommand(absl::Span<const OptionRow* const> given, const Options& options) {
  const Command command = options.command;
  if (command == Command::kSweep && options.over.empty()) {
    return WrongUsage("sweep needs --over NAME=RANGE", ExampleOf(command));
  }
  if (command == Command::kCheck && options.budget.empty() && options.write_budget.empty()) {
    return WrongUsage("check needs --budget FILE, or --write-budget FILE to make one",
                      ExampleOf(command));
  }
  absl::Status status = CheckOwners(given, command);
  if (command == Command::kDiff) status.Update(CheckFitsDiff(given));
  if (options.margin && options.write_budget.empty()) {
    status.Update(WrongUsage("--margin is what --write-budget adds, which is not given",
                             ExampleOf(*FindOption("--margin"))));
  }
  if (!options.write_budget.empty() && options.write_budget == options.output) {
    status.Update(WrongUsage("--write-budget and --output name the same file",
                             ExampleOf(*FindOption("--write-budget"))));
  }
  status.Update(CheckFiles(options));
  return status;
}

// Peaks are looked for only where somebody asks for one.
bool NeedsMemory(const Options& options) {
  const auto is_of_memory = [](const Gate& gate) { return gate.metric == Metric::kMemory; };
  return options.command == Command::kSweep || options.format == Format::kJson ||
         options.view.memory || options.view.profile || options.analyze.device != nullptr ||
         options.analyze.plan.budget.has_value() || !options.write_budget.empty() ||
         absl::c_any_of(options.gates, is_of_memory);
}

// Points of a sweep and rows of files are told from totals alone.
bool NeedsTotalsOnly(const Options& options) {
  const ViewOptions& view = options.view;
  const AnalyzeOptions& analyze = options.analyze;
  if (options.command == Command::kSweep) return true;
  const bool is_list_of_files = options.command == Command::kAnalyze && view.by.size() == 1 &&
                                view.by[0] == Grouping::kFile && options.format != Format::kJson;
  return is_list_of_files && !analyze.memory && !analyze.node_rows && !analyze.value_rows &&
         analyze.training == nullptr;
}

// What one option alone does not show.
absl::Status Finish(absl::Span<const OptionRow* const> given, Options* options) {
  if (options->command == Command::kHelp || options->command == Command::kVersion) {
    return absl::OkStatus();
  }
  if (absl::Status status = CheckCommand(given, *options); !status.ok()) return status;
  if (options->command == Command::kOps) return absl::OkStatus();
  const ViewOptions& view = options->view;
  const auto views = [&](Grouping grouping) { return absl::c_linear_search(view.by, grouping); };
  if (options->analyze.training != nullptr && options->pipeline.steps) {
    options->training_steps = *std::exchange(options->pipeline.steps, std::nullopt);
  }
  options->analyze.bind.symbolic_batch = view.formula;
  options->analyze.node_list = options->command == Command::kDiff;
  options->analyze.value_rows = view.shapes;
  options->analyze.plan.batches = view.profile;
  options->analyze.memory = NeedsMemory(*options);
  options->analyze.blocks = options->format == Format::kJson || views(Grouping::kBlock);
  const bool shows_nodes =
      view.nodes || !view.explain.empty() || view.by.size() > 1 || views(Grouping::kNode);
  // A diff makes rows of its list, for the nodes that it shows; a sweep shows none.
  const bool may_make_rows = !options->analyze.node_list && options->command != Command::kSweep;
  options->analyze.node_rows = (shows_nodes && may_make_rows) || options->analyze.device != nullptr;
  options->analyze.totals_only = NeedsTotalsOnly(*options);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Options> ParseOptions(int all, const char* const* argv) {
  const int argc = EndOfOptions(all, argv);
  if (absl::Status status = CheckFlags(argc, argv); !status.ok()) return status;
  const absl::Span<const OptionRow> table = OptionTable();
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<Values> values(table.size());
  std::vector<CLI::Option*> flags(table.size(), nullptr);
  for (size_t i = 0; i < table.size(); ++i) {
    const std::string names(table[i].names);
    if (table[i].value.empty()) {
      flags[i] = app.add_flag(names);
    } else {
      app.add_option(names, values[i])->allow_extra_args(false)->take_all();
    }
  }
  Options options;
  app.add_option("FILE", options.files);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError&) {
    return MissingValue(argc, argv);
  }
  for (const std::string& word : app.remaining()) {
    if (absl::StartsWith(word, "-") && word != "-") return UnknownOption(word);
    options.files.push_back(word);
  }
  TakeCommand(&options);
  for (int i = argc + 1; i < all; ++i) options.files.push_back(argv[i]);
  std::vector<const OptionRow*> given;
  for (size_t i = 0; i < table.size(); ++i) {
    if (flags[i] != nullptr) values[i].resize(flags[i]->count());
    if (!values[i].empty()) given.push_back(&table[i]);
    if (absl::Status status = Apply(table[i], values[i], &options); !status.ok()) return status;
  }
  if (absl::Status status = Finish(given, &options); !status.ok()) return status;
  return options;
}

}  // namespace onnx_macs
