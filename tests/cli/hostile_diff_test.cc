// Attacks by two models at once, in which every node differs or none is known.
#include "tests/cli/hostile_models.h"

namespace onnx_macs::testing {
namespace {

void AddNodes(onnx::ModelProto* model, const std::string& op, int nodes) {
  AddSymbolicInput(model->mutable_graph(), "x", {"a", "b"});
  for (int i = 0; i < nodes; ++i) AddNode(model->mutable_graph(), op, {"x"}, {});
}

void AddUnknownNodes(onnx::ModelProto* model, const std::string& op) {
  for (int i = 0; i < 130'000; ++i) AddNode(model->mutable_graph(), op, {}, {});
}

// Every value has 64 sizes.
void AddRanks(onnx::ModelProto* model, const std::string& op) {
  AddInput(model->mutable_graph(), "x", std::vector<int64_t>(64, 1));
  for (int i = 0; i < 60'000; ++i) AddNode(model->mutable_graph(), op, {"x"}, {At("", i)});
}

struct HostilePair {
  const char* name;
  void (*build_old)(onnx::ModelProto* model);
  void (*build_new)(onnx::ModelProto* model);
  const char* says;
};

const HostilePair kPairs[] = {
    {"130,000 nodes that nobody knows, and as many others",
     [](onnx::ModelProto* m) { AddUnknownNodes(m, "Q"); },
     [](onnx::ModelProto* m) { AddUnknownNodes(m, "R"); }, "R"},
    {"90,000 nodes, and as many others", [](onnx::ModelProto* m) { AddNodes(m, "Abs", 90'000); },
     [](onnx::ModelProto* m) { AddNodes(m, "Neg", 90'000); }, "Neg"},
    {"90,000 nodes, of which some are gone",
     [](onnx::ModelProto* m) { AddNodes(m, "Abs", 90'000); },
     [](onnx::ModelProto* m) { AddNodes(m, "Abs", 60'000); }, "Abs"},
    {"60,000 values of 64 dims, and as many others",
     [](onnx::ModelProto* m) { AddRanks(m, "Abs"); },
     [](onnx::ModelProto* m) { AddRanks(m, "Neg"); }, "Neg"},
};

TEST_CASE("hostile models: two are compared within the limits of one") {
  for (const HostilePair& pair : kPairs) {
    INFO(pair.name);
    const TempFolder folder;
    folder.Write("old.onnx", HostileBytes(pair.build_old));
    folder.Write("new.onnx", HostileBytes(pair.build_new));
    for (const char* view : {"--format json", "--format csv", "--nodes --memory"}) {
      CheckWithinLimits(absl::StrCat("onnx-macs diff old.onnx new.onnx --jobs 1 ", view),
                        folder.path(), pair.says);
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
