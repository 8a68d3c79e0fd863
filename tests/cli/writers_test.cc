// Writers over reports made by hand. What they look like on real models is held by tests/golden.
#include "cli/writers.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "cli/text.h"
#include "tests/cli/sample_report.h"
#include "tests/cli/schema_check.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using nlohmann::json;

struct Setup {
  ViewOptions view;
  NameFilter filter;
  TextStyle style;
  Results results{"default", {SampleReport()}, {}, {}};

  WriteContext context() { return {view, filter, style}; }
  std::string Json() { return TextOf(WriteJson, results, context()); }
  json Parsed() {
    const std::string text = Json();
    CHECK(SchemaErrors(text) == "");
    return json::parse(text);
  }
};

TEST_CASE("JSON: a plain report") {
  Setup setup;
  const json report = setup.Parsed();
  CHECK(report["schema"] == "onnx-macs/1");
  CHECK(report["convention"] == "default");
  const json& model = report["models"][0];
  CHECK(model["file"] == "sample.onnx");
  CHECK(model["opsets"] == json::parse(R"({"": 17})"));
  CHECK(model["bindings"] == json::parse(R"({"batch": 1, "seq": 77})"));
  CHECK(model["macs"] == 1000);
  CHECK(model["flops"] == 2000);
  CHECK(model["weight_bytes"] == 200);
  CHECK(model["lower_bound"] == false);
  CHECK(model["components"].size() == 9);
  CHECK(model["components"][3]["path"] == "layers.0.attn");
  CHECK(model["components"][3]["macs"] == 300);
  CHECK(model["by_op"][0]["op"] == "MatMul");
  CHECK_FALSE(model.contains("formula"));
  CHECK_FALSE(model.contains("nodes"));
  CHECK_FALSE(model.contains("values"));
  CHECK_FALSE(report.contains("errors"));
  CHECK(report["total"]["params"] == 50);
}

TEST_CASE("JSON: a formula is null and stands beside, an unknown is null alone") {
  Setup setup;
  ModelReport& model = setup.results.models[0];
  model.figures.macs = Amount::Formula("4*seq", 256);
  model.components[1].figures.macs = Amount::Formula("3*seq", 192);
  model.figures.params = Amount::Unknown();
  model.unbound = {"seq"};
  const json report = setup.Parsed();
  const json& written = report["models"][0];
  CHECK(written["macs"].is_null());
  CHECK(written["params"].is_null());
  CHECK(written["formula"] == json::parse(R"({"macs": "4*seq"})"));
  CHECK(written["components"][1]["formula"]["macs"] == "3*seq");
  CHECK(report["total"]["macs"].is_null());
  CHECK(report["total"]["formula"]["macs"] == "4*seq");
}

TEST_CASE("JSON: --formula gives every amount as a formula, digits where it is a number") {
  Setup setup;
  setup.view.formula = true;
  CHECK(setup.Parsed()["models"][0]["formula"]["macs"] == "1000");
}

TEST_CASE("JSON: what does not fit 64 bits is a string of digits") {
  Setup setup;
  Amount& macs = setup.results.models[0].figures.macs;
  macs = Amount::Integer(INT64_MAX);
  CHECK(setup.Parsed()["models"][0]["macs"] == INT64_MAX);
  macs = Amount::Integer(absl::int128(INT64_MAX) + 1);
  CHECK(setup.Parsed()["models"][0]["macs"] == "9223372036854775808");
}

TEST_CASE("JSON: names need not be UTF-8") {
  Setup setup;
  setup.results.models[0].components[1].path =
      "a\xFF"
      "b\"\n\x01";
  CHECK(setup.Parsed()["models"][0]["components"][1]["path"] ==
        "a\xEF\xBF\xBD"
        "b\"\n\x01");
}

TEST_CASE("JSON: gaps make lower bounds, failed files make errors") {
  Setup setup;
  setup.results.models[0].gaps = {{"n", "Whirl", "com.example", "no rule", "layers"}};
  setup.results.errors = {{"gone.onnx", "no such file"}};
  const json report = setup.Parsed();
  CHECK(report["models"][0]["lower_bound"] == true);
  CHECK(report["models"][0]["gaps"][0]["reason"] == "no rule");
  CHECK(report["total"]["lower_bound"] == true);
  CHECK(report["errors"][0]["file"] == "gone.onnx");
}

TEST_CASE("JSON: values and nodes where they are asked for") {
  Setup setup;
  using Kind = ValueRow::DimText::Kind;
  ValueRow tensor{.name = "x",
                  .kind = "tensor",
                  .dtype = "float32",
                  .has_rank = true,
                  .shape = {},
                  .length = {},
                  .elements = {}};
  tensor.shape = {{Kind::kInteger, 1, ""}, {Kind::kExpression, 0, "4*h"}, {}};
  ValueRow list = tensor;
  list.name = "list";
  list.kind = "sequence";
  list.has_rank = false;
  list.shape.clear();
  list.length = {Kind::kInteger, 3, ""};
  ModelReport& model = setup.results.models[0];
  model.values = {tensor, list, tensor};  // the last is a second value of the same name
  NodeRow node;
  node.name = "n";
  node.op = "Attention";
  node.parts = {{"qk", Amount::Integer(7)}};
  node.status = NodeRow::Status::kGap;
  model.nodes = {node};
  setup.view.shapes = setup.view.nodes = true;
  setup.view.explain = "n";
  const json report = setup.Parsed();
  const json& written = report["models"][0];
  CHECK(written["values"] == json::parse(R"({"x": {"dtype": "float32", "shape": [1, "4*h", null]},
                        "list": {"sequence": {"dtype": "float32", "shape": null}, "length": 3}})"));
  CHECK(written["nodes"][0]["parts"]["qk"] == 7);
  CHECK(written["nodes"][0]["status"] == "gap");
  CHECK(written["explain"][0]["node"] == "n");
}

TEST_CASE("JSON: no models at all") {
  Setup setup;
  setup.results.models.clear();
  setup.results.errors = {{"gone.onnx", "no such file"}};
  CHECK(setup.Parsed()["models"].empty());
}

TEST_CASE("the schema refuses what is no report") {
  CHECK(SchemaErrors("{") != "");
  CHECK(SchemaErrors("{}") != "");
  Setup setup;
  json report = setup.Parsed();
  report["models"][0]["macs"] = "many";
  CHECK(SchemaErrors(report.dump()) != "");
  report = setup.Parsed();
  report["models"][0]["components"][0].erase("path");
  CHECK(SchemaErrors(report.dump()) != "");
}

TEST_CASE("CSV: exact numbers, quoted where it must be") {
  Setup setup;
  setup.results.models[0].components.resize(2);
  setup.results.models[0].components[1].path = "say \"a,b\"";
  CHECK(TextOf(WriteCsv, setup.results, setup.context()) ==
        "file,component,macs,ops,flops,params,weight_bytes,nodes\n"
        "sample.onnx,,1000,0,2000,50,200,9\n"
        "sample.onnx,\"say \"\"a,b\"\"\",900,0,1800,40,160,8\n");
}

TEST_CASE("CSV: no spreadsheet runs a name, and numbers stay numbers") {
  const std::pair<const char*, const char*> rows[] = {
      {"=1+1", "'=1+1"},
      {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
      {"@SUM(A1:A9)", "'@SUM(A1:A9)"},
      {"+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"},
      {"-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"},
      {"-WEBSERVICE(A2)", "'-WEBSERVICE(A2)"},
      {"-x[=1]", "'-x[=1]"},
      {"\xEF\xBC\x9D"
       "1",
       "'\xEF\xBC\x9D"
       "1"},
      {"a=1", "a=1"},
      {"'=1", "'=1"},
      {"", ""},
      {"-", "-"},
      {"-12", "-12"},
      {"+12", "+12"},
      {"-4*h*w + max(2, \"my h\")", "\"-4*h*w + max(2, \"\"my h\"\")\""},
  };
  for (const auto& [cell, written] : rows) CHECK(CsvLine({cell}) == absl::StrCat(written, "\n"));
}

TEST_CASE("CSV: by operator, cut and sorted on request") {
  Setup setup;
  setup.view.by = {Grouping::kOp};
  setup.view.sort = SortKey::kName;
  setup.view.top = 1;
  CHECK(TextOf(WriteCsv, setup.results, setup.context()) ==
        "file,op,domain,macs,ops,flops,params,weight_bytes,nodes\n"
        "sample.onnx,Gemm,,100,0,200,0,0,1\n");
}

TEST_CASE("a lower bound is marked in the total, and the gap is named") {
  Setup setup;
  setup.results.models[0].gaps = {{"n", "Whirl", "", "no rule", "head"}};
  const std::string text = TextOf(WriteTables, setup.results, setup.context());
  CHECK(text.find(">= 1.000 k") != std::string::npos);
  CHECK(text.find("not counted: 1 of 9 nodes") != std::string::npos);
  CHECK(text.find("  n (Whirl): no rule\n") != std::string::npos);
}

TEST_CASE("Markdown takes no name for markup") {
  CHECK(MarkdownText("a_b*c|d<e") == "a\\_b\\*c\\|d&lt;e");
}

TEST_CASE("no line of a table is wider than the terminal") {
  Setup setup;
  ModelReport& model = setup.results.models[0];
  for (ComponentRow& row : model.components) {
    if (!row.path.empty())
      row.path = absl::StrCat("a_very_long_module_name_that_goes_on_and_on.", row.path.view());
    row.figures.macs =
        Amount::Formula("123456789*height*width + 987654321*sequence_length + 17", 1e9);
  }
  model.figures.macs = model.components[0].figures.macs;
  setup.view.quiet = true;
  for (const int width : {40, 60, 80, 100, 200}) {
    setup.style.width = width;
    const std::string text = TextOf(WriteTables, setup.results, setup.context());
    CAPTURE(width, text);
    size_t begin = 0;
    for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
      CHECK(DisplayWidth(absl::string_view(text).substr(begin, end - begin)) <= width);
      begin = end + 1;
    }
  }
}

TEST_CASE("colours come with the style and nowhere else") {
  Setup setup;
  CHECK(TextOf(WriteTables, setup.results, setup.context()).find('\x1b') == std::string::npos);
  setup.style.color = true;
  CHECK(TextOf(WriteTables, setup.results, setup.context()).find("\x1b[1m") != std::string::npos);
}

}  // namespace
}  // namespace onnx_macs
