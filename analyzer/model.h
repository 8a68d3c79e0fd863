// Model: an ONNX file decoded in place. Names are views into the file's bytes, weights are never
// touched, ids are dense, and nothing changes once it is loaded.
#ifndef ANALYZER_MODEL_H_
#define ANALYZER_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/arena.h"
#include "analyzer/data_type.h"
#include "analyzer/small_span.h"
#include "analyzer/system.h"

namespace onnx_macs {

struct Graph;

// Index into Graph::values. An optional input or output left out is kNoValue.
using ValueId = int32_t;
inline constexpr ValueId kNoValue = -1;

// A tensor's header. Its data stays where it is until tensor_data.h is asked for it.
struct Tensor {
  absl::string_view name;
  DataType type = DataType::kUndefined;
  bool is_external = false;
  bool is_sparse = false;  // dims are then the dense shape
  SmallSpan<int64_t> dims;
  absl::string_view message;  // the TensorProto, for everything rarer
};

// Numbers are those of AttributeProto.AttributeType.
enum class AttributeType : uint8_t {
  kUndefined = 0,
  kFloat = 1,
  kInt = 2,
  kString = 3,
  kTensor = 4,
  kGraph = 5,
  kFloats = 6,
  kInts = 7,
  kStrings = 8,
  kTensors = 9,
  kGraphs = 10,
  kSparseTensor = 11,
  kSparseTensors = 12,
  kTypeProto = 13,
  kTypeProtos = 14,
};

// Compact, because a model has more of these than of nodes: one value, whichever the type says.
// Every reader below is safe to call: it gives nothing when the attribute holds something else.
struct Attribute {
  absl::string_view name;
  AttributeType type = AttributeType::kUndefined;
  bool is_reference = false;  // inside a function: the value is the calling node's attribute s()

  float f() const { return Holds(AttributeType::kFloat) ? f_ : 0; }
  int64_t i() const { return Holds(AttributeType::kInt) ? i_ : 0; }
  // kString; kTypeProto: the message; a reference: the name it refers to.
  absl::string_view s() const {
    const bool is_text =
        is_reference || type == AttributeType::kString || type == AttributeType::kTypeProto;
    return is_text ? absl::string_view(static_cast<const char*>(data_), size_)
                   : absl::string_view();
  }
  absl::Span<const int64_t> ints() const {
    return List<int64_t>(AttributeType::kInts, AttributeType::kInts);
  }
  absl::Span<const float> floats() const {
    return List<float>(AttributeType::kFloats, AttributeType::kFloats);
  }
  // kStrings; kTypeProtos: the messages.
  absl::Span<const absl::string_view> strings() const {
    return List<absl::string_view>(AttributeType::kStrings, AttributeType::kTypeProtos);
  }
  absl::Span<const Tensor> tensors() const {  // kTensor(s), kSparseTensor(s)
    return type == AttributeType::kSparseTensor || type == AttributeType::kSparseTensors
               ? List<Tensor>(AttributeType::kSparseTensor, AttributeType::kSparseTensors)
               : List<Tensor>(AttributeType::kTensor, AttributeType::kTensors);
  }
  absl::Span<const Graph* const> graphs() const {  // kGraph(s)
    return List<const Graph*>(AttributeType::kGraph, AttributeType::kGraphs);
  }

  // What is given must outlive the attribute, and its kind must be that of `type`.
  void SetFloat(float value) { f_ = value; }
  void SetInt(int64_t value) { i_ = value; }
  void SetString(absl::string_view value) { Set(value.data(), value.size()); }
  template <typename T>
  void SetList(absl::Span<const T> values) {
    Set(values.data(), values.size());
  }

 private:
  bool Holds(AttributeType wanted) const { return type == wanted && !is_reference; }
  template <typename T>
  absl::Span<const T> List(AttributeType one, AttributeType other) const {
    const bool held = (type == one || type == other) && !is_reference && size_ > 0;
    return held ? absl::Span<const T>(static_cast<const T*>(data_), size_) : absl::Span<const T>();
  }
  void Set(const void* data, size_t size) {
    data_ = data;
    size_ = size;
  }

  size_t size_ = 0;
  union {
    float f_;
    int64_t i_;
    const void* data_ = nullptr;
  };
};

// What a node calls: an operator or a model-local function. Nodes share one row per distinct name.
struct Operator {
  absl::string_view domain;  // "" for ai.onnx
  absl::string_view type;
  absl::string_view overload;
};

struct Node {
  absl::string_view name;
  int32_t op = 0;  // index into Model::operators
  SmallSpan<ValueId> inputs;
  SmallSpan<ValueId> outputs;
  SmallSpan<Attribute> attributes;
  absl::string_view metadata;  // see Metadata()
};

struct Value {
  absl::string_view name;
  absl::string_view declared_type;  // TypeProto bytes of value_info, input or output; may be empty
  int32_t initializer = -1;         // Graph::initializers

  // The node in this graph that makes it; -1 when there is none.
  int32_t producer() const { return source_ < kNone ? kNone : source_; }
  void SetProducer(int32_t node) { source_ = node; }
  // For a captured value, which has no producer here: its id in the parent graph.
  ValueId outer() const { return source_ < kNone ? kNone - 1 - source_ : kNoValue; }
  void SetOuter(ValueId id) { source_ = id == kNoValue ? kNone : kNone - 1 - id; }

 private:
  static constexpr int32_t kNone = -1;
  int32_t source_ = kNone;  // a node, or below kNone a value of the parent graph: never both
};

struct Graph {
  absl::string_view name;
  const Graph* parent = nullptr;
  std::vector<Node> nodes;  // in an order in which every node follows what it reads
  std::vector<Value> values;
  std::vector<Tensor> initializers;
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
  size_t bytes = 0;        // of its message, subgraphs included
  bool was_sorted = true;  // false: the file's order was not topological
};

struct OpsetImport {
  absl::string_view domain;
  int64_t version = 0;
};

struct Function {
  absl::string_view domain;
  absl::string_view name;
  absl::string_view overload;
  Graph body;  // inputs and outputs are the formal ones
  absl::Span<const OpsetImport> opsets;
  absl::Span<const Attribute> defaults;
};

struct Model {
  FileBytes bytes;     // what every view points into
  std::string folder;  // where external tensors may lie; empty when loaded from memory
  Arena arena;
  int64_t ir_version = 0;
  absl::string_view producer_name;
  absl::string_view producer_version;
  std::vector<OpsetImport> opsets;
  std::vector<Operator> operators;
  Graph graph;
  std::vector<std::unique_ptr<Graph>> subgraphs;
  std::vector<std::unique_ptr<Function>> functions;
  std::vector<std::string> notes;  // what was tolerated ("graph was not sorted")
};

// The version of a domain; 0 when it is not imported.
int64_t OpsetOf(absl::Span<const OpsetImport> opsets, absl::string_view domain);

// The value of a metadata property of a node, or empty.
absl::string_view Metadata(const Node& node, absl::string_view key);

}  // namespace onnx_macs

#endif  // ANALYZER_MODEL_H_
