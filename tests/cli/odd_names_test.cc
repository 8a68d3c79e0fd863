// Names of files and names inside models are what strangers choose: whatever is in them, nothing
// but text reaches a terminal, one line stays one line, and programs get the name back.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using testing::TempFolder;

constexpr const char* kFormats[] = {"table", "json", "csv", "markdown"};

std::string Quoted(const std::string& word) {
  return absl::StrCat("'", absl::StrReplaceAll(word, {{"'", "'\\''"}}), "'");
}

// Bytes that steer a terminal, or that no terminal could show. Written apart from what the command
// itself goes by.
std::string Unfit(const std::string& text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string two = text.substr(i, 2), three = text.substr(i, 3);
    const bool is_control = (byte < 0x20 && byte != '\n') || byte == 0x7f;
    const bool is_c1 = two >= "\xC2\x80" && two <= "\xC2\x9F" && two.size() == 2;
    const bool turns = (three >= "\xE2\x80\xA8" && three <= "\xE2\x80\xAE") ||
                       (three >= "\xE2\x81\xA6" && three <= "\xE2\x81\xA9");
    const bool is_no_utf8 = byte == 0xff || byte == 0xc0;
    if (is_control || is_c1 || turns || is_no_utf8) {
      return absl::StrCat("byte ", byte, " at ", i, " of: ", text.substr(i < 40 ? 0 : i - 40, 80));
    }
  }
  return "";
}

struct NameRow {
  std::string name;
  std::string shown;  // on a terminal
};

const NameRow kNames[] = {
    {"with space.onnx", "with space.onnx"},
    {" .onnx", " .onnx"},
    {"it's \"quoted\".onnx", "it's \"quoted\".onnx"},
    {"comma,semi;colon.onnx", "comma,semi;colon.onnx"},
    {"$HOME `id` %s *.onnx", "$HOME `id` %s *.onnx"},
    {"new\nline.onnx", "new\xEF\xBF\xBDline.onnx"},
    {"tab\tand\rreturn.onnx",
     "tab\xEF\xBF\xBD"
     "and\xEF\xBF\xBDreturn.onnx"},
    {"\x1B[31mred\x1B]0;title\x07.onnx",
     "\xEF\xBF\xBD[31mred\xEF\xBF\xBD]0;title\xEF\xBF\xBD.onnx"},
    {"c1\xC2\x9B"
     "2J.onnx",
     "c1\xEF\xBF\xBD"
     "2J.onnx"},
    {"turn\xE2\x80\xAExnno.onnx", "turn\xEF\xBF\xBDxnno.onnx"},
    {"latin1 \xFF\xE9.onnx", "latin1 \xEF\xBF\xBD\xEF\xBF\xBD.onnx"},
    {"\xE6\xA8\xA1\xE5\x9E\x8B \xF0\x9F\xA6\x99.onnx",
     "\xE6\xA8\xA1\xE5\x9E\x8B \xF0\x9F\xA6\x99.onnx"},
    {"|pipe|<b>.onnx", "|pipe|<b>.onnx"},
    {"-x.onnx", "-x.onnx"},
    {"--quiet=1.onnx", "--quiet=1.onnx"},
    {"diff", "diff"},
    {std::string(250, 'n') + ".onnx", std::string(250, 'n') + ".onnx"},
};

bool IsUtf8(const std::string& text) {
  return nlohmann::json::parse(nlohmann::json(text).dump(
             -1, ' ', false, nlohmann::json::error_handler_t::replace)) == nlohmann::json(text);
}

TEST_CASE("names: of files, in every format") {
  const std::string model = testing::ReluModel().SerializeAsString();
  for (const NameRow& row : kNames) {
    INFO(row.shown);
    const TempFolder folder;
    folder.Write(row.name, model);
    for (const char* format : kFormats) {
      INFO(format);
      const CommandOutcome outcome = RunCommand(
          absl::StrCat("onnx-macs --by file --format ", format, " -- ", Quoted(row.name)),
          folder.path());
      CHECK(outcome.exit_code == 0);
      CHECK(outcome.err == "");
      CHECK(Unfit(outcome.out) == "");
      CHECK(
          RunCommand(absl::StrCat("onnx-macs --by file --format ", format, " ./", Quoted(row.name)),
                     folder.path())
              .exit_code == 0);
    }
    const CommandOutcome json =
        RunCommand("onnx-macs --format json -- " + Quoted(row.name), folder.path());
    const std::string file = nlohmann::json::parse(json.out)["models"][0]["file"];
    CHECK(file == (IsUtf8(row.name) ? row.name : row.shown));
    const CommandOutcome table =
        RunCommand("onnx-macs --stats --shapes -- " + Quoted(row.name), folder.path());
    CHECK(table.out.find(row.shown + "  opset 17") == 0);
    CHECK(Unfit(table.err) == "");
  }
}

TEST_CASE("names: of files that fail are told in one line, whatever is in them") {
  for (const NameRow& row : kNames) {
    INFO(row.shown);
    const TempFolder folder;
    const CommandOutcome missing = RunCommand("onnx-macs -- " + Quoted(row.name), folder.path());
    CHECK(missing.exit_code == 1);
    CHECK(missing.err == absl::StrCat("onnx-macs: ", row.shown, ": no such file\n"));
    folder.Write(row.name, "");
    const CommandOutcome json =
        RunCommand("onnx-macs --format json -- " + Quoted(row.name), folder.path());
    CHECK(json.err == absl::StrCat("onnx-macs: ", row.shown, ": the file is empty\n"));
    CHECK(Unfit(json.out) == "");
    CHECK(nlohmann::json::parse(json.out)["errors"][0]["error"] == "the file is empty");
  }
  // Longer than the system allows.
  const std::string name(300, 'n');
  CHECK(RunCommand("onnx-macs " + name, "/").err ==
        absl::StrCat("onnx-macs: ", name, ": the name is too long\n"));
  CHECK(RunCommand("onnx-macs ''", "/").err == "onnx-macs: : no such file\n");
}

// Steers the terminal in every way there is, and would end lines, cells and quotes.
const std::string kHostile =
    "\x1B[2J\x1B]0;t\x07\r\n\x08\x7F\xC2\x9B"
    "31m\xE2\x80\xAE\xE2\x81\xA6\xFF|`<img src=x>`\"',;\t";

// Every name there is in it begins with that; what follows keeps them apart.
std::string HostileModel(const std::string& last_op, const std::string& start = kHostile) {
  const auto name = [&start](const std::string& what) { return start + what; };
  onnx::ModelProto model = testing::EmptyModel();
  model.set_producer_name(name("producer"));
  model.set_producer_version(name("version"));
  auto* const domain = model.add_opset_import();
  domain->set_domain(name("domain"));
  domain->set_version(1);
  onnx::GraphProto* const graph = model.mutable_graph();
  graph->set_name(name("graph"));
  testing::AddInput(graph, name("x"), {-1, 3});
  graph->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->mutable_shape()
      ->mutable_dim(0)
      ->set_dim_param(name("dim"));
  testing::AddInput(graph, name("k"), {});
  graph->mutable_input(1)->mutable_type()->mutable_tensor_type()->clear_shape();
  testing::AddWeight(graph, name("layer.weight"), {3, 5})->set_raw_data(std::string(60, '\0'));
  testing::AddNode(graph, "MatMul", {name("x"), name("layer.weight")}, {name("a")},
                   "/" + name("part") + "/" + name("layer") + "/MatMul");
  onnx::NodeProto* const own =
      testing::AddNode(graph, name("Op"), {name("a")}, {name("b")}, "/" + name("part") + "/own/Op");
  own->set_domain(name("domain"));
  testing::AddNode(graph, "MatMul", {name("k"), name("k")}, {name("c")}, name("open"));
  testing::AddNode(graph, last_op, {name("a")}, {name("d")}, name("last"));
  // A tensor that lies where none may be read, and a declared shape that is wrong.
  onnx::TensorProto* const shape = testing::AddWeight(graph, name("shape"), {2});
  shape->set_data_type(onnx::TensorProto::INT64);
  shape->set_data_location(onnx::TensorProto::EXTERNAL);
  auto* const entry = shape->add_external_data();
  entry->set_key("location");
  entry->set_value("../" + name("location"));
  testing::AddNode(graph, "Reshape", {name("a"), name("shape")}, {name("e")}, name("reshape"));
  testing::SetType(graph->add_value_info(), name("d"), {7, 7, 7});
  testing::AddOutput(graph, name("d"), {9});
  return model.SerializeAsString();
}

TEST_CASE("names: those as long as a file make no line that long") {
  const TempFolder folder;
  const std::string start(100'000, 'n');
  folder.Write("m.onnx", HostileModel("Relu", start));
  folder.Write("n.onnx", HostileModel("Tanh", start));
  for (const char* arguments :
       {"m.onnx", "m.onnx --by op --strict", "m.onnx --by node --memory", "m.onnx --nodes --shapes",
        "m.onnx --by block --formula", "m.onnx --format markdown", "diff m.onnx n.onnx"}) {
    INFO(arguments);
    const CommandOutcome outcome = RunCommand(absl::StrCat("onnx-macs ", arguments), folder.path());
    CHECK(outcome.out.find("nnn..nnn") != std::string::npos);
    size_t longest = 0;
    for (const absl::string_view line : absl::StrSplit(outcome.out, '\n')) {
      longest = std::max(longest, line.size());
    }
    CHECK(longest < 5000);
  }
}

TEST_CASE("names: inside models, in every view and format") {
  const TempFolder folder;
  folder.Write("m.onnx", HostileModel("Relu"));
  folder.Write("n.onnx", HostileModel("Tanh"));
  const std::vector<std::string> commands = {
      "m.onnx",
      "m.onnx --by component --no-fold --depth 9",
      "m.onnx --by op",
      "m.onnx --by node",
      "m.onnx --by block",
      "m.onnx --by file",
      "m.onnx --by component,op",
      "m.onnx --by profile",
      "m.onnx --nodes --shapes --formula --stats",
      "m.onnx --memory",
      "m.onnx --memory-budget 1GB",
      "m.onnx --device h100",
      "m.onnx --training adam",
      "m.onnx --batch 2",
      "m.onnx --explain '#0'",
      "m.onnx --explain '#1'",
      "m.onnx --explain '#2'",
      "m.onnx --explain nothing",
      "m.onnx --dim nothing=2",
      "m.onnx --input nothing=2",
      "m.onnx --value nothing=2",
      "m.onnx --loop-trips nothing=2",
      "m.onnx --seq 5",
      "m.onnx --res 64",
      "m.onnx --group '{}=.'",
      "m.onnx --filter '{}'",
      "m.onnx --times '{}=3'",
      "m.onnx '--{}'",
      "m.onnx --convention '{}'",
      "m.onnx --rules '{}'",
      "diff m.onnx n.onnx",
      "diff m.onnx n.onnx --nodes",
      "diff m.onnx n.onnx --fail-over '{}=1%'",
      "sweep m.onnx --over nothing=1,2",
      "sweep m.onnx --over batch=1,2",
      "check m.onnx --budget '{}'",
      "check m.onnx --write-budget budget.json",
  };
  for (const std::string& command : commands) {
    INFO(command);
    const std::string line =
        absl::StrReplaceAll(command, {{"{}", absl::StrReplaceAll(kHostile, {{"'", ""}})}});
    for (const char* format : kFormats) {
      INFO(format);
      const CommandOutcome outcome =
          RunCommand(absl::StrCat("onnx-macs ", line, " --format ", format), folder.path());
      CHECK(Unfit(outcome.out) == "");
      CHECK(Unfit(outcome.err) == "");
      CHECK((outcome.exit_code >= 0 && outcome.exit_code <= 4));
      CHECK(outcome.out + outcome.err != "");
    }
  }
}

TEST_CASE("names: JSON gives them back as they are, but for bytes that are no UTF-8") {
  const TempFolder folder;
  folder.Write("m.onnx", HostileModel("Relu"));
  const CommandOutcome outcome =
      RunCommand("onnx-macs m.onnx --nodes --format json", folder.path());
  const nlohmann::json model = nlohmann::json::parse(outcome.out)["models"][0];
  const std::string read = absl::StrReplaceAll(kHostile, {{"\xFF", "\xEF\xBF\xBD"}});
  CHECK(model["opsets"].contains(read + "domain"));
  CHECK(model["bindings"].contains(read + "dim"));
  CHECK(model["nodes"][1]["op"] == read + "Op");
  // And what was saved is read again.
  const CommandOutcome again = RunCommand(
      "onnx-macs m.onnx --nodes --format json >saved.json; onnx-macs saved.json --nodes --format "
      "json",
      folder.path());
  CHECK(again.exit_code == 0);
  CHECK(again.out == outcome.out);
}

}  // namespace
}  // namespace onnx_macs
