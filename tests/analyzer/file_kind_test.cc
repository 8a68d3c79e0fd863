// What files that are no models are said to be, word for word.
#include "analyzer/file_kind.h"

#include <string>

#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

using std::string_literals::operator""s;

constexpr char kPickle[] =
    "a Python pickle (a PyTorch checkpoint?), not ONNX: export the model with torch.onnx.export";
constexpr char kHtml[] =
    "an HTML page, not a model: the download went wrong (a login or an error page?)";

TEST_CASE("file kind: files of other kinds, by how they begin") {
  struct Row {
    std::string bytes;
    std::string sentence;
  };
  const Row rows[] = {
      {"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
       "a Git LFS pointer, not the model itself: run `git lfs pull` where it was cloned"},
      {"<!DOCTYPE html>\n<html><head>", kHtml},
      {"<html lang=\"en\">", kHtml},
      {"  \n<!Doctype HTML>", kHtml},
      {"\x20\x00\x00\x00ORTM\x00\x00"s,
       "an ONNX Runtime model (.ort), not ONNX: analyse the .onnx file it was made from"},
      {"\x08\x00\x00\x00ORTM\x00\x00"s,
       "an ONNX Runtime model (.ort), not ONNX: analyse the .onnx file it was made from"},
      {"\x1c\x00\x00\x00TFL3\x00\x00"s,
       "a TensorFlow Lite model, not ONNX: convert it with tf2onnx"},
      {"PK\x03\x04\x00\x00"s,
       "a zip archive (a PyTorch checkpoint?), not ONNX: unpack it, or export the model with "
       "torch.onnx.export"},
      {"\x80\x02\x8a\x0a"s, kPickle},
      {"\x80\x04\x95"s, kPickle},
      {"\x1f\x8b\x08\x00"s, "compressed with gzip: unpack it first (`gzip -d`)"},
      {"\x28\xb5\x2f\xfd\x00"s, "compressed with zstd: unpack it first (`zstd -d`)"},
      {"\xfd"
       "7zXZ\x00"s,
       "compressed with xz: unpack it first (`xz -d`)"},
      {"BZh91AY", "compressed with bzip2: unpack it first (`bzip2 -d`)"},
      {"\x89HDF\r\n\x1a\n", "an HDF5 file (Keras weights?), not ONNX: convert it with tf2onnx"},
      {"GGUF\x03\x00"s, "a GGUF file, which holds weights and no graph: export the model to ONNX"},
      {"\x10\x00\x00\x00\x00\x00\x00\x00{\"a\":{}}"s,
       "a safetensors file, which holds weights and no graph: export the model to ONNX"},
      {"\x93NUMPY\x01\x00"s, "a NumPy array, not a model"},
      {"<?xml version=\"1.0\"?>",
       "an XML file (an OpenVINO model?), not ONNX: analyse the ONNX file it was made from"},
      {"Hello, world.\n", "a text, not a model"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    CHECK(LoadError(row.bytes) == row.sentence);
  }
}

TEST_CASE("file kind: other protobuf files, by their fields") {
  onnx::TensorProto tensor;
  tensor.add_dims(2);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.set_raw_data("12345678");
  CHECK(LoadError(tensor.SerializeAsString()) == "a single tensor (test data?), not a model");
  // SavedModel { version: 1, meta_graph { meta_info {}, graph_def {} } }
  CHECK(LoadError("\x08\x01\x12\x04\x0a\x00\x12\x00"s) ==
        "a TensorFlow SavedModel, not ONNX: convert it with tf2onnx");
  // GraphDef { node { name: "n", op: "Relu" } }
  CHECK(LoadError("\x0a\x09\x0a\x01n\x12\x04Relu"s) ==
        "a frozen TensorFlow graph, not ONNX: convert it with tf2onnx");
  // Model { specificationVersion: 4, description {}, neuralNetwork (500) {} }
  CHECK(LoadError("\x08\x04\x12\x00\xa2\x1f\x00"s) ==
        "a Core ML model, not ONNX: analyse the model it was made from");
}

TEST_CASE("file kind: data beside a model, by its name") {
  const std::string noise("\xff\xfe\x00\x9c\xff\xfe\x00\x9c", 8);
  constexpr char kData[] =
      "data beside a model (external weights?), not a model: give the .onnx file";
  CHECK(GuessKind(noise, "model.onnx_data") == kData);
  CHECK(GuessKind(noise, "model.onnx.data") == kData);
  CHECK(GuessKind(noise, "weights.bin") == kData);
  CHECK(GuessKind(noise, "model.onnx").empty());
}

TEST_CASE("file kind: text formats, by name and by content") {
  CHECK(TextFormatOf("", "m.textproto") == TextFormat::kTextProto);
  CHECK(TextFormatOf("", "m.PBTXT") == TextFormat::kTextProto);
  CHECK(TextFormatOf("", "m.json") == TextFormat::kJson);
  CHECK(TextFormatOf("", "m.onnxjson") == TextFormat::kJson);
  CHECK(TextFormatOf("", "m.onnxtxt") == TextFormat::kOnnxText);
  CHECK(TextFormatOf("ir_version: 8", "-") == TextFormat::kTextProto);
  CHECK(TextFormatOf(" {\n", "-") == TextFormat::kJson);
  CHECK(TextFormatOf("<ir_version: 8>", "") == TextFormat::kOnnxText);
  CHECK(TextFormatOf("\x3c\x01\x02", "") == TextFormat::kNone);
  CHECK(TextFormatOf("hello", "m.onnx") == TextFormat::kNone);
}

}  // namespace
}  // namespace onnx_macs::testing
