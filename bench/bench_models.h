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

inline void AddNode(onnx::GraphProto* graph, const std::string& scope, const char* op,
                    std::vector<std::string> inputs, const std::string& output) {
  onnx::NodeProto* node = graph->add_node();
  node->set_name(scope + op);
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

// A residual block of seven nodes.
inline void AddBlock(onnx::GraphProto* graph, int index) {
  const std::string scope = "/layers." + std::to_string(index) + "/";
  const std::string weights = "layers." + std::to_string(index) + ".";
  const std::string input = index == 0 ? "x" : "/layers." + std::to_string(index - 1) + "/out";
  const auto value = [&](const char* name) { return scope + name; };
  AddNode(graph, scope, "Mul", {input, AddWeight(graph, weights + "norm.weight", {kWidth})},
          value("norm"));
  AddNode(graph, scope + "up/", "MatMul",
          {value("norm"), AddWeight(graph, weights + "up.weight", {kWidth, 4 * kWidth})},
          value("up"));
  AddNode(graph, scope + "up/", "Add",
          {value("up"), AddWeight(graph, weights + "up.bias", {4 * kWidth})}, value("biased"));
  AddNode(graph, scope, "Sigmoid", {value("biased")}, value("gate"));
  AddNode(graph, scope + "act/", "Mul", {value("biased"), value("gate")}, value("act"));
  AddNode(graph, scope + "down/", "MatMul",
          {value("act"), AddWeight(graph, weights + "down.weight", {4 * kWidth, kWidth})},
          value("down"));
  AddNode(graph, scope, "Add", {input, value("down")}, value("out"));
}

inline void AddInputAndOutput(onnx::GraphProto* graph, const std::string& last) {
  graph->set_name("synthetic");
  for (auto* info : {graph->add_input(), graph->add_output()}) {
    auto* type = info->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    for (const int64_t dim : {int64_t{1}, int64_t{16}, kWidth}) {
      type->mutable_shape()->add_dim()->set_dim_value(dim);
    }
  }
  graph->mutable_input(0)->set_name("x");
  graph->mutable_output(0)->set_name(last);
}

inline std::string WrapGraph(const std::string& graph_bytes) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  std::string bytes = model.SerializeAsString();
  bytes.push_back('\x3a');  // field 7, the graph
  uint64_t length = graph_bytes.size();
  for (; length >= 0x80; length >>= 7) bytes.push_back(static_cast<char>(length | 0x80));
  bytes.push_back(static_cast<char>(length));
  return bytes + graph_bytes;
}

// Repeated fields of messages written one after another are one list, so that a large graph need
// never be in memory as a message.
inline std::string SyntheticModel(int nodes) {
  const int blocks = nodes / kBlockNodes;
  std::string bytes;
  for (int i = 0; i < blocks; ++i) {
    onnx::GraphProto block;
    AddBlock(&block, i);
    if (i == blocks - 1) AddInputAndOutput(&block, "/layers." + std::to_string(i) + "/out");
    block.AppendToString(&bytes);
  }
  return WrapGraph(bytes);
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

// 17 linear layers of 100 MB each, their weights inside the file. Returns the bytes of the weights;
// 0 where the disk is too full.
inline int64_t WriteHeavyModel(const TempFile& file) {
  constexpr int kLayers = 17;
  constexpr int64_t kSide = 5000, kLayerBytes = kSide * kSide * 4;
  const auto space = std::filesystem::space(std::filesystem::temp_directory_path());
  if (space.available < static_cast<uintmax_t>(2 * kLayers * kLayerBytes)) return 0;
  std::string graph_bytes;
  for (int i = 0; i < kLayers; ++i) {
    onnx::GraphProto layer;
    onnx::TensorProto* weight = layer.add_initializer();
    weight->set_name("w" + std::to_string(i));
    weight->set_data_type(onnx::TensorProto::FLOAT);
    weight->add_dims(kSide);
    weight->add_dims(kSide);
    weight->mutable_raw_data()->assign(kLayerBytes, static_cast<char>(i + 1));
    AddNode(&layer, "", "MatMul", {i == 0 ? "x" : "y" + std::to_string(i - 1), weight->name()},
            "y" + std::to_string(i));
    if (i == kLayers - 1) {
      AddInputAndOutput(&layer, "y" + std::to_string(i));
      for (auto* info : {layer.mutable_input(0), layer.mutable_output(0)}) {
        auto* shape = info->mutable_type()->mutable_tensor_type()->mutable_shape();
        shape->mutable_dim(2)->set_dim_value(kSide);
      }
    }
    layer.AppendToString(&graph_bytes);
  }
  std::ofstream(file.path(), std::ios::binary) << WrapGraph(graph_bytes);
  return kLayers * kLayerBytes;
}

// One line of the table of results: what was measured, against what it is held.
inline void PrintRow(const std::string& name, double parse_ms, double ours_ms, double bar) {
  const double ratio = ours_ms / parse_ms;
  std::printf("%-28s %11.2f %11.2f %7.3f   at most %-6.4g %s\n", name.c_str(), parse_ms, ours_ms,
              ratio, bar, ratio <= bar ? "ok" : "MISSED");
}

inline void PrintHeader(const char* title, const char* ours) {
  std::printf("\n%s\n%-28s %11s %11s %7s   %s\n", title, "model", "parse ms", ours, "ratio", "bar");
}

}  // namespace onnx_macs::bench

#endif  // BENCH_BENCH_MODELS_H_
