// Models of at most a megabyte that attack one mechanism each, run with everything switched on: the
// command must end within a second of the processor's time and 200 MB, and say what it met.
#ifndef TESTS_CLI_HOSTILE_MODELS_H_
#define TESTS_CLI_HOSTILE_MODELS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/processor_time.h"

namespace onnx_macs::testing {

struct HostileModel {
  const char* name;
  void (*build)(onnx::ModelProto* model);
  const char* says;  // part of what is written, to either stream
};

inline std::string Repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

// "a17": short, because every byte of the megabyte counts.
inline std::string At(const char* name, int i) { return absl::StrCat(name, i); }

inline onnx::NodeProto* AddCall(onnx::GraphProto* graph, const std::string& function,
                                const std::string& output) {
  onnx::NodeProto* const node = AddNode(graph, function, {"x"}, {output});
  node->set_domain("f");
  return node;
}

// A function x -> y of the domain "f", without nodes.
inline onnx::FunctionProto* AddFunction(onnx::ModelProto* model, const std::string& name) {
  onnx::FunctionProto* const function = model->add_functions();
  function->set_name(name);
  function->set_domain("f");
  function->add_input("x");
  function->add_output("y");
  function->add_opset_import()->set_version(17);
  auto* const own = function->add_opset_import();
  own->set_domain("f");
  own->set_version(1);
  return function;
}

inline onnx::NodeProto* AddNode(onnx::FunctionProto* function, const std::string& op,
                                const std::string& input, const std::string& output) {
  onnx::NodeProto* const node = function->add_node();
  node->set_op_type(op);
  if (op.size() > 1 && op[0] == 'f') node->set_domain("f");
  node->add_input(input);
  node->add_output(output);
  return node;
}

inline void AddIntegers(onnx::GraphProto* graph, const std::string& name,
                        const std::vector<int64_t>& values, bool is_scalar = false) {
  onnx::TensorProto* const tensor = AddWeight(graph, name, {});
  if (!is_scalar) tensor->add_dims(static_cast<int64_t>(values.size()));
  tensor->set_data_type(onnx::TensorProto::INT64);
  for (const int64_t value : values) tensor->add_int64_data(value);
}

inline void AddSymbolicInput(onnx::GraphProto* graph, const std::string& name,
                             const std::vector<std::string>& dims) {
  onnx::ValueInfoProto* const input = graph->add_input();
  SetType(input, name, std::vector<int64_t>(dims.size(), -1));
  auto* const shape = input->mutable_type()->mutable_tensor_type()->mutable_shape();
  for (size_t i = 0; i < dims.size(); ++i) shape->mutable_dim(i)->set_dim_param(dims[i]);
}

// A field that this version of ONNX does not know yet.
inline void AddUnknown(google::protobuf::Message* message, int field,
                       const google::protobuf::Message& value) {
  message->GetReflection()->MutableUnknownFields(message)->AddLengthDelimited(
      field, value.SerializeAsString());
}

inline void AddInts(onnx::NodeProto* node, const std::string& name,
                    const std::vector<int64_t>& values) {
  onnx::AttributeProto* const attribute = node->add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::INTS);
  for (const int64_t value : values) attribute->add_ints(value);
}

inline void AddInt(onnx::NodeProto* node, const std::string& name, int64_t value) {
  onnx::AttributeProto* const attribute = node->add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::INT);
  attribute->set_i(value);
}

// Address space is more than what is used of it; sanitizers reserve terabytes of it. A second is
// meant: a processor whose other half is busy takes up to three times as long.
inline std::string Limits() {
  constexpr int kSeconds = 3, kKilobytes = 200'000;
  const bool is_plain = kInstrumented == 1;
  return absl::StrCat("ulimit -t ", kSeconds * static_cast<int>(kInstrumented), "; ",
                      is_plain ? absl::StrCat("ulimit -v ", kKilobytes, "; ") : "");
}

inline constexpr char kEverythingOn[] =
    "onnx-macs m.onnx --jobs 1 --nodes --shapes --memory --training adamw -d component,block,op ";

// At most a megabyte.
inline std::string HostileBytes(void (*build)(onnx::ModelProto* model)) {
  constexpr size_t kMegabyte = 1 << 20;
  onnx::ModelProto model = EmptyModel();
  build(&model);
  std::string bytes = model.SerializeAsString();
  INFO(bytes.size() << " bytes");
  CHECK(bytes.size() <= kMegabyte);
  return bytes;
}

// The command ends within the limits and says it, to either stream.
inline void CheckWithinLimits(const std::string& command, const std::string& folder,
                              const char* says) {
  const CommandOutcome outcome = RunCommand(Limits() + command, folder);
  INFO(command << ": " << outcome.err.substr(0, 1000));
  CHECK((outcome.exit_code == 0 || outcome.exit_code == 1));
  CHECK(absl::StrContains(absl::StrCat(outcome.out, outcome.err), says));
}

inline void CheckHostile(absl::Span<const HostileModel> models) {
  for (const HostileModel& hostile : models) {
    INFO(hostile.name);
    const TempFolder folder;
    folder.Write("m.onnx", HostileBytes(hostile.build));
    for (const char* format : {"--format json", "--no-fold --formula"}) {
      CheckWithinLimits(absl::StrCat(kEverythingOn, format), folder.path(), hostile.says);
    }
  }
}

}  // namespace onnx_macs::testing

#endif  // TESTS_CLI_HOSTILE_MODELS_H_
