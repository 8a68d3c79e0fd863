// A serialised ONNX message as a tree that can be changed and written again, without the protobuf
// library, whose classes would refuse what fuzzing is about.
#ifndef FUZZ_PROTO_TREE_H_
#define FUZZ_PROTO_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace onnx_macs::fuzz {

// What a field holds. Only messages are taken apart.
enum class Kind : uint8_t {
  kScalar,  // a number, text or packed numbers
  kModel,
  kGraph,
  kNode,
  kAttribute,
  kTensor,
  kSparseTensor,
  kValueInfo,
  kType,
  kTensorType,  // also that of a sparse tensor
  kContainerType,
  kMapType,
  kShape,
  kDim,
  kFunction,
  kOpset,
};

struct Field {
  uint32_t tag = 0;  // number and wire type
  Kind kind = Kind::kScalar;
  uint64_t number = 0;             // of a scalar that is not of bytes
  std::string bytes = {};          // of a scalar that is
  std::vector<Field> fields = {};  // of a message

  uint32_t field_number() const { return tag >> 3; }
};

// The root's tag is 0. What cannot be read is left out.
Field ReadTree(absl::string_view message, Kind kind);
std::string WriteTree(const Field& message);

// Fields to be added to a message.
Field Integer(uint32_t number, int64_t value);
Field Float(uint32_t number, float value);
Field Text(uint32_t number, absl::string_view text);
Field Message(uint32_t number, Kind kind, std::vector<Field> fields = {});

// The first field of that number; null where there is none.
const Field* Find(const Field& message, uint32_t number);
absl::string_view TextOf(const Field& message, uint32_t number);
// The only field of its number afterwards.
void Set(Field* message, Field field);
void Remove(Field* message, uint32_t number);
std::vector<Field*> FieldsOf(Field* message, uint32_t number);
// All messages of a kind, at any depth. Invalid once fields are added.
std::vector<Field*> AllOf(Field* tree, Kind kind);
size_t CountFields(const Field& tree);  // at any depth

}  // namespace onnx_macs::fuzz

#endif  // FUZZ_PROTO_TREE_H_
