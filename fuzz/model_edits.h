// Edits of a model, chosen by a fuzzer's bytes: what would take it millions of byte flips is one
// edit here. Operators are those that have rules; numbers and names are those that do harm.
#ifndef FUZZ_MODEL_EDITS_H_
#define FUZZ_MODEL_EDITS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fuzz/byte_source.h"
#include "fuzz/proto_tree.h"

namespace onnx_macs::fuzz {

// Enough for every shape of graph; more would only be slow.
inline constexpr size_t kMostFields = 20'000;

using Edit = void (*)(ByteSource& choices, Field* model);

// The families, one file each.
absl::Span<const Edit> NodeEdits();       // operators, attributes, what is read and written
absl::Span<const Edit> ValueEdits();      // dims, types, weights and other constants
absl::Span<const Edit> StructureEdits();  // subgraphs, functions, copies, fields

// Edits until the choices run out. An empty model is first given a graph.
void EditModel(ByteSource& choices, Field* model);

// What several families choose alike.
int64_t HostileInteger(ByteSource& choices);
std::vector<int64_t> HostileIntegers(ByteSource& choices);
float HostileFloat(ByteSource& choices);
std::string SizeName(ByteSource& choices);
Field* PickMessage(ByteSource& choices, Field* model, Kind kind);  // null where there is none
// The name of some value of the model; rarely one that there is not, or "".
std::string ValueName(ByteSource& choices, Field* model);
std::string NewName(Field* model);
Field NewType(ByteSource& choices, uint32_t number);
Field NewTensor(ByteSource& choices, uint32_t number, absl::string_view name);

}  // namespace onnx_macs::fuzz

#endif  // FUZZ_MODEL_EDITS_H_
