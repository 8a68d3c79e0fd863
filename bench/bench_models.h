// What the benchmarks measure: real exports where they are found, and graphs made up to size.
#ifndef BENCH_BENCH_MODELS_H_
#define BENCH_BENCH_MODELS_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "onnx/onnx_pb.h"

namespace onnx_macs::bench {

constexpr double kMega = 1e6;

// A model and how long, as a multiple of parsing it with protobuf, its analysis may take.
struct Subject {
  std::string name;
  std::string path;
  double bar;
  bool has_open_size = false;  // so that --res binds something
  int64_t weight_bytes = 0;    // inside the file, and no part of its graph
};

// The first folder that has the file: the project's own exports, then the larger set.
inline std::string FindModel(const std::string& relative) {
  std::vector<std::string> folders{std::string(ONNX_MACS_SOURCE_DIR) + "/testdata/models"};
  if (const char* shared = std::getenv("ONNX_MACS_SHARED_DIR")) {
    folders.push_back(std::string(shared) + "/models");
  }
  for (const std::string& folder : folders) {
    const std::string path = folder + "/" + relative;
    if (std::filesystem::exists(path)) return path;
  }
  return "";
}

// The real models; those that are not there are named on stderr.
inline std::vector<Subject> RealModels() {
  const Subject all[] = {
      {"SD 1.5 UNet, dynamo", "dynamo/sd15_unet_512_op18.onnx", 1.0},
      {"PixArt, dynamo", "dynamo/pixart_alpha512_transformer_512_op18.onnx", 1.0},
      {"T5-XXL encoder, dynamo", "dynamo/t5xxl_text_encoder_512_op18.onnx", 1.0},
      {"SD 1.5 UNet, TorchScript", "torchscript/sd15_unet.onnx", 1.5, true},
  };
  std::vector<Subject> found;
  for (Subject subject : all) {
    const std::string path = FindModel(subject.path);
    if (path.empty()) {
      std::fprintf(stderr, "left out: %s (set ONNX_MACS_SHARED_DIR)\n", subject.path.c_str());
      continue;
    }
    subject.path = path;
    found.push_back(std::move(subject));
  }
  return found;
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

constexpr int kBlockNodes = 7;
constexpr int64_t kWidth = 64;

inline void AddNode(onnx::GraphProto* graph, const std::string& name, const char* op,
                    std::vector<std::string> inputs, const std::string& output) {
  onnx::NodeProto* node = graph->add_node();
  node->set_name(name);
  node->set_op_type(op);
  for (std::string& input : inputs) node->add_input(std::move(input));
  node->add_output(output);
}

inline std::string AddWeight(onnx::GraphProto* graph, const std::string& name,
                             std::vector<int64_t> dims) {
  onnx::TensorProto* tensor = graph->add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  for (const int64_t dim : dims) tensor->add_dims(dim);
  tensor->set_data_location(onnx::TensorProto::EXTERNAL);
  onnx::StringStringEntryProto* entry = tensor->add_external_data();
  entry->set_key("location");
  entry->set_value("weights.bin");
  return name;
}

// A residual block of seven nodes in two modules: real exports have one module for three to eight
// nodes.
inline void AddBlock(onnx::GraphProto* graph, int index) {
  const std::string number = std::to_string(index), weights = "layers." + number + ".";
  const std::string scope = "/layers." + number + "/", up = scope + "up/";
  const std::string input = index == 0 ? "x" : "/layers." + std::to_string(index - 1) + "/out";
  const auto value = [&](const char* name) { return scope + name; };
  AddNode(graph, scope + "Mul", "Mul", {input, AddWeight(graph, weights + "scale", {kWidth})},
          value("scaled"));
  AddNode(graph, up + "MatMul", "MatMul",
          {value("scaled"), AddWeight(graph, weights + "up.weight", {kWidth, 4 * kWidth})},
          value("up"));
  AddNode(graph, up + "Add", "Add",
          {value("up"), AddWeight(graph, weights + "up.bias", {4 * kWidth})}, value("biased"));
  AddNode(graph, scope + "Sigmoid", "Sigmoid", {value("biased")}, value("gate"));
  AddNode(graph, scope + "Mul_1", "Mul", {value("biased"), value("gate")}, value("act"));
  AddNode(graph, scope + "MatMul", "MatMul",
          {value("act"), AddWeight(graph, weights + "down", {4 * kWidth, kWidth})}, value("down"));
  AddNode(graph, scope + "Add", "Add", {input, value("down")}, value("out"));
}

inline void AddInputAndOutput(onnx::GraphProto* graph, const std::string& last, int64_t width) {
  graph->set_name("synthetic");
  for (auto* info : {graph->add_input(), graph->add_output()}) {
    auto* type = info->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    for (const int64_t dim : {int64_t{1}, int64_t{16}, width}) {
      type->mutable_shape()->add_dim()->set_dim_value(dim);
    }
  }
  graph->mutable_input(0)->set_name("x");
  graph->mutable_output(0)->set_name(last);
}

// All of a model that stands before the bytes of its graph.
inline std::string ModelHeader(uint64_t graph_bytes) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  std::string bytes = model.SerializeAsString();
  bytes.push_back('\x3a');  // field 7, the graph
  for (; graph_bytes >= 0x80; graph_bytes >>= 7) {
    bytes.push_back(static_cast<char>(graph_bytes | 0x80));
  }
  bytes.push_back(static_cast<char>(graph_bytes));
  return bytes;
}

// Repeated fields of messages written one after another are one list, so that a large graph need
// never be in memory as a message.
inline std::string SyntheticModel(int nodes) {
  const int blocks = nodes / kBlockNodes;
  std::string bytes;
  for (int i = 0; i < blocks; ++i) {
    onnx::GraphProto block;
    AddBlock(&block, i);
    if (i == blocks - 1) AddInputAndOutput(&block, "/layers." + std::to_string(i) + "/out", kWidth);
    block.AppendToString(&bytes);
  }
  return ModelHeader(bytes.size()) + bytes;
}

// A file that is gone when the benchmark is.
class TempFile {
 public:
  explicit TempFile(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              (name + "." + std::to_string(std::random_device()()) + ".onnx")) {}
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string path() const { return path_.string(); }
  void Write(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary).write(bytes.data(), static_cast<int64_t>(bytes.size()));
  }

 private:
  std::filesystem::path path_;
};

constexpr int kHeavyLayers = 17;
constexpr int64_t kHeavySide = 5000, kHeavyLayerBytes = kHeavySide * kHeavySide * 4;

inline std::string HeavyLayer(int index) {
  onnx::GraphProto layer;
  onnx::TensorProto* weight = layer.add_initializer();
  weight->set_name("w" + std::to_string(index));
  weight->set_data_type(onnx::TensorProto::FLOAT);
  weight->add_dims(kHeavySide);
  weight->add_dims(kHeavySide);
  weight->mutable_raw_data()->assign(kHeavyLayerBytes, static_cast<char>(index + 1));
  const std::string output = "y" + std::to_string(index);
  AddNode(&layer, "", "MatMul",
          {index == 0 ? "x" : "y" + std::to_string(index - 1), weight->name()}, output);
  if (index == kHeavyLayers - 1) AddInputAndOutput(&layer, output, kHeavySide);
  return layer.SerializeAsString();
}

// 17 linear layers of 100 MB each, their weights inside the file. Returns the bytes of the weights;
// 0 where the disk is too full.
inline int64_t WriteHeavyModel(const TempFile& file) {
  const auto space = std::filesystem::space(std::filesystem::temp_directory_path());
  const int64_t weights = kHeavyLayers * kHeavyLayerBytes;
  if (space.available < static_cast<uintmax_t>(2 * weights)) return 0;
  uint64_t size = 0;  // One layer at a time: together they are more than a message may be.
  for (int i = 0; i < kHeavyLayers; ++i) size += HeavyLayer(i).size();
  std::ofstream stream(file.path(), std::ios::binary);
  stream << ModelHeader(size);
  for (int i = 0; i < kHeavyLayers; ++i) stream << HeavyLayer(i);
  return weights;
}

// One line of the table of results: what was measured, against what it is held.
inline void PrintRow(const std::string& name, double parse_ms, double ours_ms, double bar) {
  const double ratio = ours_ms / parse_ms;
  std::printf("%-28s %11.2f %11.2f %7.3f   at most %-6.4g %s\n", name.c_str(), parse_ms, ours_ms,
              ratio, bar, ratio <= bar ? "ok" : "MISSED");
}

inline void PrintHeader(const char* title, const char* theirs = "parse ms") {
  std::printf("\n%s\n%-28s %11s %11s %7s   %s\n", title, "model", theirs, "ours ms", "ratio",
              "bar");
}

}  // namespace onnx_macs::bench

#endif  // BENCH_BENCH_MODELS_H_
