// Textual models: what ONNX's library writes is read back as the same model.
#include "analyzer/text_model.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>

#include <string>

#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("text model: protobuf text and JSON say the same as the bytes") {
  const onnx::ModelProto proto = ReluModel();
  std::string text, json;
  REQUIRE(google::protobuf::TextFormat::PrintToString(proto, &text));
  REQUIRE(google::protobuf::util::MessageToJsonString(proto, &json).ok());
  for (const std::string& form : {text, json}) {
    const auto model = MustLoad(form);
    CHECK(NodeNames(model->graph) == "relu");
    CHECK(OpsetOf(model->opsets, "") == 17);
    CHECK(model->notes.empty());
  }
}

TEST_CASE("text model: ONNX's own text") {
  const auto model = MustLoad(R"(<
  ir_version: 8,
  opset_import: ["" : 17]
>
agraph (float[2, 3] x, float[3, 4] w) => (float[2, 4] y) {
  y = MatMul(x, w)
}
)");
  REQUIRE(model->graph.nodes.size() == 1);
  CHECK(OpType(*model, model->graph.nodes[0]) == "MatMul");
  CHECK(model->graph.inputs.size() == 2);
  CHECK(model->notes.empty());
}

TEST_CASE("text model: newer fields are left out, with a note") {
  const auto text = ReadTextModel(
      "ir_version: 11 graph { node { op_type: \"Relu\" overload: \"v2\" "
      "metadata_props { key: \"k\" value: \"v\" } } }",
      TextFormat::kTextProto);
  REQUIRE(text.ok());
  CHECK(text->note ==
        "left out of the text, being newer than the library: metadata_props, overload");
  CHECK(MustLoad(text->bytes)->graph.nodes.size() == 1);

  const auto json = ReadTextModel(
      R"({"irVersion": 11, "graph": {"node": [{"opType": "Relu", "overload": "v2"}]}})",
      TextFormat::kJson);
  REQUIRE(json.ok());
  CHECK(json->note == "left out of the text: fields that are newer than the library");
  CHECK(MustLoad(json->bytes)->graph.nodes.size() == 1);
}

TEST_CASE("text model: what is not a model gets one line") {
  const auto error = [](const std::string& text, TextFormat format) {
    const auto model = ReadTextModel(text, format);
    return model.ok() ? "no error" : std::string(model.status().message());
  };
  CHECK(error("ir_version: x", TextFormat::kTextProto) ==
        "not a model written as protobuf text: line 1, column 13: Expected integer, got: x");
  for (const std::string& message :
       {error("{\"irVersion\": ", TextFormat::kJson),
        error("<ir_version 8>", TextFormat::kOnnxText),
        error("<ir_version: 99999999999999999999>", TextFormat::kOnnxText),
        error("", TextFormat::kOnnxText)}) {
    CAPTURE(message);
    CHECK(message.rfind("not a model written as ", 0) == 0);
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("text model: nesting is bounded") {
  std::string deep = "graph { ";
  for (int i = 0; i < 100'000; ++i) deep += "node { attribute { g { ";
  for (TextFormat format : {TextFormat::kTextProto, TextFormat::kJson, TextFormat::kOnnxText}) {
    CHECK_FALSE(ReadTextModel(deep, format).ok());
  }
  CHECK_FALSE(ReadTextModel(std::string(1'000'000, '['), TextFormat::kJson).ok());
  CHECK_FALSE(ReadTextModel("g (" + std::string(1'000'000, '('), TextFormat::kOnnxText).ok());
}

}  // namespace
}  // namespace onnx_macs::testing
