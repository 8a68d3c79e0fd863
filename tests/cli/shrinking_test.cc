// A file that is cut while the command reads it: whenever that is, a result or one line comes out.
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "onnx/onnx_pb.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

// Relu after Relu: some megabytes, so that cuts fall before, while and after it is read.
std::string LongChain() {
  constexpr int kNodes = 60'000;
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  onnx::GraphProto* const graph = model.mutable_graph();
  graph->add_input()->set_name("v0");
  for (int i = 0; i < kNodes; ++i) {
    onnx::NodeProto* const node = graph->add_node();
    node->set_op_type("Relu");
    node->set_name(absl::StrCat("/a/module/of/some/depth.", i, "/Relu"));
    node->add_input(absl::StrCat("v", i));
    node->add_output(absl::StrCat("v", i + 1));
  }
  graph->add_output()->set_name(absl::StrCat("v", kNodes));
  return model.SerializeAsString();
}

TEST_CASE("a file that shrinks while it is read ends in a result or in one line") {
  const std::string bytes = LongChain();
  const std::string original = std::string(ONNX_MACS_BINARY_DIR) + "/shrinking_test.onnx";
  WriteWholeFile(original, bytes);
  int failed = 0;
  for (int delay_ms = 0; delay_ms < 60; delay_ms += 2) {
    const CommandOutcome outcome =
        RunCommand(absl::StrCat("cp '", original, "' $TMP/f.onnx; onnx-macs $TMP/f.onnx --quiet & ",
                                "sleep 0.0", delay_ms < 10 ? "0" : "", delay_ms,
                                "; truncate -s 70000 $TMP/f.onnx; wait $!"),
                   "/");
    INFO("cut after " << delay_ms << " ms: exit code " << outcome.exit_code << "\n" << outcome.err);
    if (outcome.exit_code == 0) {
      CHECK(outcome.err == "");
      continue;
    }
    ++failed;
    CHECK(outcome.exit_code == 1);
    CHECK((absl::StrContains(outcome.err, "became shorter while it was read") ||
           absl::StrContains(outcome.err, "truncated: the file ends after 70000 bytes")));
  }
  CHECK(failed > 0);  // At least the first cut comes before the end.
}

}  // namespace
}  // namespace onnx_macs
