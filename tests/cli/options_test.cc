// The command line as a whole. Its messages are held by tests/golden.
#include "cli/options.h"

#include <string>
#include <utility>
#include <vector>

#include "cli/option_table.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

// What some options stand behind.
const std::pair<std::string, std::vector<const char*>> kCommandOf[] = {
    {"--over", {"sweep"}},
    {"--fail-over", {"diff"}},
    {"--budget", {"check"}},
    {"--write-budget", {"check"}},
    {"--margin", {"check", "--write-budget=b.json"}},
};

absl::StatusOr<Options> Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "onnx-macs");
  return ParseOptions(static_cast<int>(words.size()), words.data());
}

TEST_CASE("options may stand before, between and behind files") {
  const auto options = Parse({"--res", "512", "a.onnx", "--batch=2", "b.onnx", "-d", "op,node"});
  REQUIRE(options.ok());
  CHECK(options->files == std::vector<std::string>{"a.onnx", "b.onnx"});
  CHECK(options->analyze.bind.res == std::pair<int64_t, int64_t>(512, 512));
  CHECK(options->analyze.bind.batch == 2);
  CHECK(options->view.by == std::vector<Grouping>{Grouping::kOp, Grouping::kNode});
  CHECK(options->analyze.node_rows);
}

TEST_CASE("repeatable options add up") {
  const auto options =
      Parse({"a.onnx", "--dim", "h=1", "--dim", "w=2*h", "--input", "x=1x2", "--value", "y=[1,2]"});
  REQUIRE(options.ok());
  const BindOptions& bind = options->analyze.bind;
  CHECK(bind.dims == std::vector<std::pair<std::string, std::string>>{{"h", "1"}, {"w", "2*h"}});
  REQUIRE(bind.inputs.size() == 1);
  CHECK(bind.inputs[0].dims == std::vector<std::string>{"1", "2"});
  REQUIRE(bind.values.size() == 1);
  CHECK(bind.values[0].text == "[1,2]");
}

TEST_CASE("what users say of control flow") {
  const auto options = Parse({"a.onnx", "--if", "both", "--loop-trips", "3", "--loop-trips",
                              "outer/a=b=5", "--loop-trips=inner=0"});
  REQUIRE(options.ok());
  const ControlFlowOptions& control_flow = options->analyze.control_flow;
  CHECK(control_flow.if_choice == IfChoice::kBoth);
  CHECK(control_flow.loop_trips == 3);
  CHECK(control_flow.node_loop_trips ==
        std::vector<std::pair<std::string, int64_t>>{{"outer/a=b", 5}, {"inner", 0}});
  CHECK(Parse({"a.onnx"})->analyze.control_flow.if_choice == IfChoice::kMax);
  CHECK(Parse({"a.onnx", "--if", "then"})->analyze.control_flow.if_choice == IfChoice::kThen);
  CHECK(Parse({"a.onnx", "--if", "else"})->analyze.control_flow.if_choice == IfChoice::kElse);
  CHECK_FALSE(Parse({"a.onnx", "--if", "both", "--if", "then"}).ok());
}

TEST_CASE("what is not asked for is not computed") {
  const auto options = Parse({"a.onnx"});
  REQUIRE(options.ok());
  CHECK_FALSE(options->analyze.node_rows);
  CHECK_FALSE(options->analyze.value_rows);
  CHECK_FALSE(options->analyze.bind.symbolic_batch);
  CHECK(options->analyze.bind.trust_declared);
  CHECK(Parse({"a.onnx", "--formula"})->analyze.bind.symbolic_batch);
  CHECK(Parse({"a.onnx", "--shapes"})->analyze.value_rows);
  CHECK(Parse({"a.onnx", "--explain", "n"})->analyze.node_rows);
  CHECK_FALSE(Parse({"a.onnx", "--no-declared"})->analyze.bind.trust_declared);
}

TEST_CASE("standard input is a file, and words behind -- are too") {
  CHECK(Parse({"-"})->files == std::vector<std::string>{"-"});
  CHECK(Parse({"--", "--odd.onnx"})->files == std::vector<std::string>{"--odd.onnx"});
  CHECK(Parse({"a.onnx", "--quiet", "--", "--quiet=1", "-"})->files ==
        std::vector<std::string>{"a.onnx", "--quiet=1", "-"});
  CHECK(Parse({"--", "diff"})->command == Command::kAnalyze);
  CHECK(Parse({"diff", "--", "-a.onnx", "-b.onnx"})->command == Command::kDiff);
  CHECK_FALSE(Parse({"a.onnx", "--res", "--", "512"}).ok());
  CHECK_FALSE(Parse({"-", "-"}).ok());
}

TEST_CASE("ops is a command, a file of that name needs its folder") {
  CHECK(Parse({"ops", "--format", "json"})->command == Command::kOps);
  CHECK(Parse({"./ops"})->command == Command::kAnalyze);
  CHECK_FALSE(Parse({"ops", "a.onnx"}).ok());
}

TEST_CASE("help and version need no file") {
  CHECK(Parse({"--help"})->command == Command::kHelp);
  CHECK(Parse({"-h"})->command == Command::kHelp);
  CHECK(Parse({"--version"})->command == Command::kVersion);
  CHECK_FALSE(Parse({}).ok());
}

TEST_CASE("diff, sweep and check are commands with options of their own") {
  CHECK(Parse({"diff", "a", "b", "--fail-over", "2%", "--fail-over=params:1M"})->gates.size() == 2);
  CHECK(Parse({"diff", "a", "b"})->command == Command::kDiff);
  CHECK_FALSE(Parse({"diff", "a"}).ok());
  CHECK_FALSE(Parse({"a", "--fail-over", "2%"}).ok());
  CHECK_FALSE(Parse({"check", "a"}).ok());
  CHECK(Parse({"check", "a", "--write-budget", "b.json"})->write_budget == "b.json");
  CHECK(Parse({"check", "a", "--write-budget", "b", "--margin", "7.5%"})->margin == 75000);
  CHECK_FALSE(Parse({"check", "a", "--budget", "b.json", "--margin", "7.5%"}).ok());
  CHECK_FALSE(Parse({"a", "--write-budget", "b.json"}).ok());
}

TEST_CASE("peaks are looked for where a gate or a written budget is about them") {
  CHECK_FALSE(Parse({"diff", "a", "b", "--fail-over", "2%"})->analyze.memory);
  CHECK(Parse({"diff", "a", "b", "--fail-over", "memory:2%"})->analyze.memory);
  CHECK_FALSE(Parse({"check", "a", "--budget", "b.json"})->analyze.memory);
  CHECK(Parse({"check", "a", "--write-budget", "b.json"})->analyze.memory);
}

TEST_CASE("every example in the table is accepted by its own option") {
  for (const OptionRow& row : OptionTable()) {
    if (row.value.empty()) continue;
    CAPTURE(std::string(row.names));
    const std::string name(LongName(row)), example(row.example);
    std::vector<const char*> words = {"a.onnx", "b.onnx", name.c_str(), example.c_str()};
    for (const auto& [option, command] : kCommandOf) {
      if (name == option) words.insert(words.begin(), command.begin(), command.end());
    }
    CHECK(Parse(words).ok());
  }
}

TEST_CASE("help names every option and fits a terminal") {
  const std::string help = HelpText();
  for (const OptionRow& row : OptionTable()) {
    CAPTURE(std::string(row.names));
    CHECK(help.find(std::string(LongName(row))) != std::string::npos);
  }
  size_t begin = 0;
  for (size_t end = help.find('\n'); end != std::string::npos; end = help.find('\n', begin)) {
    CHECK(end - begin <= 100);
    begin = end + 1;
  }
}

}  // namespace
}  // namespace onnx_macs
