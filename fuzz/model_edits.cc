// The loop over edits, and the pools that all of them choose from.
#include "fuzz/model_edits.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fuzz/words.h"

namespace onnx_macs::fuzz {
namespace {

constexpr int64_t kIntegers[] = {0,
                                 1,
                                 2,
                                 3,
                                 4,
                                 7,
                                 8,
                                 16,
                                 64,
                                 512,
                                 1000,
                                 4096,
                                 65536,
                                 2147483647,
                                 1LL << 31,
                                 1LL << 32,
                                 1LL << 40,
                                 1LL << 60,
                                 1LL << 61,
                                 -1,
                                 -2,
                                 -3,
                                 -8,
                                 -1000,
                                 INT32_MIN,
                                 INT64_MIN,
                                 INT64_MAX,
                                 INT64_MIN + 1,
                                 INT64_MAX - 1};

constexpr float kFloats[] = {0.0f,
                             -0.0f,
                             1.0f,
                             -1.0f,
                             0.5f,
                             2.0f,
                             1.5f,
                             1e9f,
                             -1e30f,
                             3e38f,
                             1e-45f,
                             std::numeric_limits<float>::infinity(),
                             -std::numeric_limits<float>::infinity(),
                             std::numeric_limits<float>::quiet_NaN()};

constexpr size_t kMostElements = 32;

void Start(Field* model) {
  if (model->fields.empty()) {
    Set(model, Integer(1, 8));
    Set(model, Message(8, Kind::kOpset, {Integer(2, 21)}));
  }
  if (AllOf(model, Kind::kGraph).empty()) {
    model->fields.push_back(Message(7, Kind::kGraph, {Text(2, "g")}));
  }
}

}  // namespace

void EditModel(ByteSource& choices, Field* model) {
  const absl::Span<const Edit> families[] = {NodeEdits(), ValueEdits(), StructureEdits()};
  if (choices.empty()) return;
  Start(model);
  while (!choices.empty() && CountFields(*model) < kMostFields) {
    choices.Pick(choices.Pick(families))(choices, model);
  }
}

int64_t HostileInteger(ByteSource& choices) {
  const size_t choice = choices.Byte();
  return choice < std::size(kIntegers) ? kIntegers[choice] : static_cast<int64_t>(choice % 16);
}

std::vector<int64_t> HostileIntegers(ByteSource& choices) {
  std::vector<int64_t> integers;
  for (size_t i = choices.Below(kMostElements); i > 0; --i) {
    integers.push_back(HostileInteger(choices));
    if (choices.empty()) break;
  }
  return integers;
}

float HostileFloat(ByteSource& choices) { return choices.Pick(kFloats); }

std::string SizeName(ByteSource& choices) { return std::string(choices.Pick(kSizeNames)); }

Field* PickMessage(ByteSource& choices, Field* model, Kind kind) {
  const std::vector<Field*> all = AllOf(model, kind);
  return all.empty() ? nullptr : all[choices.Below(all.size())];
}

std::string ValueName(ByteSource& choices, Field* model) {
  constexpr uint32_t kOutput = 2;
  std::vector<std::string> names = {"", "missing"};
  for (Field* node : AllOf(model, Kind::kNode)) {
    for (const Field* output : FieldsOf(node, kOutput)) names.push_back(output->bytes);
  }
  for (const Field* info : AllOf(model, Kind::kValueInfo)) names.emplace_back(TextOf(*info, 1));
  for (const Field* tensor : AllOf(model, Kind::kTensor)) names.emplace_back(TextOf(*tensor, 8));
  return names[names.size() - 1 - choices.Below(names.size())];
}

// Nodes are never taken away faster than they come, and if so it is a name used twice.
std::string NewName(Field* model) {
  return absl::StrCat("e", AllOf(model, Kind::kNode).size() +
                               AllOf(model, Kind::kValueInfo).size() +
                               AllOf(model, Kind::kTensor).size());
}

}  // namespace onnx_macs::fuzz
