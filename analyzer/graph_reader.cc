// Graphs, nodes and functions: see graph_reader.h for how names find their values.
#include "analyzer/graph_reader.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "analyzer/attribute_reader.h"
#include "analyzer/tensor_reader.h"
#include "analyzer/topological_sort.h"
#include "analyzer/wire.h"

namespace onnx_macs {
namespace {

constexpr uint32_t kGraphNode = BytesField(1);
constexpr uint32_t kGraphInitializer = BytesField(5);
constexpr uint32_t kGraphValueInfo = BytesField(13);
constexpr uint32_t kFunctionNode = BytesField(7);
constexpr uint32_t kFunctionValueInfo = BytesField(12);
constexpr uint32_t kValueInfoType = BytesField(2);

struct NamedType {
  absl::string_view name;
  absl::string_view type;
};

bool ReadNamedType(Decoder& decoder, absl::string_view message, NamedType* value) {
  int types = 0;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == BytesField(1)) value->name = reader.bytes();
    if (reader.tag() == kValueInfoType) {
      value->type = reader.bytes();
      ++types;
    }
  }
  if (types > 1) value->type = decoder.Merged(message, kValueInfoType);
  return decoder.Finish(reader, "the type of a value");
}

std::string DescribeNode(const Model& model, const Graph& graph, int32_t index) {
  const Node& node = graph.nodes[index];
  const std::string name = node.name.empty() ? absl::StrCat("#", index) : Quoted(node.name);
  const std::string type = Quoted(model.operators[node.op].type);
  return absl::StrCat("node ", name, " (", type.substr(1, type.size() - 2), ")");
}

// The node that reads a value itself or in one of its subgraphs; -1 when it is only an output.
int32_t ReaderOf(const Graph& graph, ValueId id, bool* in_subgraph) {
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (std::count(node.inputs.begin(), node.inputs.end(), id) > 0) return static_cast<int32_t>(i);
    for (const Attribute& attribute : node.attributes) {
      for (const Graph* subgraph : attribute.graphs()) {
        for (const Value& value : subgraph->values) {
          *in_subgraph = value.outer() == id;
          if (*in_subgraph) return static_cast<int32_t>(i);
        }
      }
    }
  }
  return -1;
}

}  // namespace

bool ReadOpsetImport(Decoder& decoder, absl::string_view message,
                     std::vector<OpsetImport>* opsets) {
  // Every operator is looked up in all of them.
  constexpr size_t kMaxImports = 256;
  if (opsets->size() == kMaxImports) {
    return decoder.Fail(absl::StrCat("it imports more than ", kMaxImports, " operator sets"));
  }
  OpsetImport import;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == BytesField(1)) import.domain = NormalDomain(reader.bytes());
    if (reader.tag() == VarintField(2)) import.version = reader.integer();
  }
  opsets->push_back(import);
  return decoder.Finish(reader, "an opset import");
}

// Inputs and outputs of graphs are matched by position: a nameless one is a value of its own.
ValueId GraphReader::FormalId(absl::string_view name) {
  if (!name.empty()) return IdOf(name);
  graph_.values.emplace_back();
  return static_cast<ValueId>(graph_.values.size() - 1);
}

// Only an estimate, and only of what stands before the first large field: weights stay untouched.
void GraphReader::Reserve(absl::string_view message, uint32_t node_tag) {
  constexpr size_t kLargeField = 64 * 1024;
  size_t nodes = 0, initializers = 0, others = 0;
  const char* ahead = message.data();
  for (WireReader reader(message); reader.Next();) {
    ahead = FetchAhead(reader, ahead);
    if (reader.tag() == node_tag) {
      ++nodes;
    } else if ((reader.tag() & 7) == static_cast<uint32_t>(WireType::kBytes)) {
      if (reader.bytes().size() > kLargeField) break;
      if (reader.tag() != kGraphValueInfo) ++others;
      if (reader.tag() == kGraphInitializer && node_tag == kGraphNode) ++initializers;
    }
  }
  graph_.nodes.reserve(nodes);
  graph_.initializers.reserve(initializers);
  names_.Reserve(nodes + others + nodes / 16);
}

bool GraphReader::ReadGraph(absl::string_view message) {
  if (depth_ > kMaxDepth) return decoder_.Fail("its graphs lie more than 64 deep in one another");
  Reserve(message, kGraphNode);
  graph_.bytes = message.size();
  WireReader reader(message);
  while (reader.Next()) {
    if (!ReadField(reader)) return false;
  }
  if (!decoder_.Finish(reader, "a graph")) return false;
  if (value_infos_ != nullptr) {
    const absl::string_view rest(value_infos_, reader.end() - value_infos_);
    if (!ReadValueInfos(rest, kGraphValueInfo)) return false;
  }
  return Complete();
}

bool GraphReader::ReadField(const WireReader& reader) {
  switch (reader.tag()) {
    case kGraphNode:
      return ReadNode(reader.bytes());
    case BytesField(2):
      graph_.name = reader.bytes();
      return true;
    case kGraphInitializer:
      return ReadInitializer(reader.bytes(), /*is_sparse=*/false);
    case BytesField(11):
      return ReadInput(reader.bytes());
    case BytesField(12):
      return ReadOutput(reader.bytes());
    case kGraphValueInfo:
      if (value_infos_ == nullptr) value_infos_ = reader.field();
      return true;
    case BytesField(15):
      return ReadInitializer(reader.bytes(), /*is_sparse=*/true);
    default:
      return true;
  }
}

bool GraphReader::ReadNodeFields(absl::string_view message, Node* node, Operator* op) {
  Decoder::Buffers& buffers = decoder_.buffers;
  WireReader reader(message);
  while (reader.Next()) {
    switch (reader.tag()) {
      case BytesField(1):
        buffers.inputs.push_back(IdOf(reader.bytes()));
        break;
      case BytesField(2):
        buffers.outputs.push_back(IdOf(reader.bytes()));
        break;
      case BytesField(3):
        node->name = reader.bytes();
        break;
      case BytesField(4):
        op->type = reader.bytes();
        break;
      case BytesField(5):
        if (!ReadAttribute(decoder_, reader.bytes(), &buffers.attributes.emplace_back(),
                           &pending_)) {
          return false;
        }
        break;
      case BytesField(7):
        op->domain = NormalDomain(reader.bytes());
        break;
      case BytesField(8):
        op->overload = reader.bytes();
        break;
      case BytesField(9):
        if (node->metadata.empty()) {
          node->metadata = absl::string_view(reader.field(), reader.end() - reader.field());
        }
        break;
      default:
        break;
    }
  }
  return decoder_.Finish(reader, "a node");
}

bool GraphReader::ReadNode(absl::string_view message) {
  Decoder::Buffers& buffers = decoder_.buffers;
  buffers.inputs.clear();
  buffers.outputs.clear();
  buffers.attributes.clear();
  Node node;
  Operator op;
  if (!ReadNodeFields(message, &node, &op)) return false;
  node.op = decoder_.OperatorId(op.domain, op.type, op.overload);
  node.inputs = decoder_.arena().Copy(absl::MakeConstSpan(buffers.inputs));
  node.outputs = decoder_.arena().Copy(absl::MakeConstSpan(buffers.outputs));
  node.attributes = decoder_.arena().Copy(absl::MakeConstSpan(buffers.attributes));
  const int32_t index = static_cast<int32_t>(graph_.nodes.size());
  graph_.nodes.push_back(node);
  for (ValueId id : node.outputs) {
    if (id == kNoValue) continue;
    Value& value = graph_.values[id];
    if (value.producer() >= 0 || value.initializer >= 0 || IsInput(id)) {
      return FailTwice(id, DescribeNode(decoder_.model(), graph_, index));
    }
    value.SetProducer(index);
  }
  return decoder_.Spend(1 + node.inputs.size() + node.outputs.size() + node.attributes.size());
}

bool GraphReader::ReadInitializer(absl::string_view message, bool is_sparse) {
  Tensor tensor;
  const bool is_read = is_sparse ? ReadSparseTensor(decoder_, message, &tensor)
                                 : ReadTensor(decoder_, message, &tensor);
  if (!is_read) return false;
  const ValueId id = IdOf(tensor.name);
  if (id != kNoValue) {
    Value& value = graph_.values[id];
    if (value.producer() >= 0) return FailTwice(id, "an initializer");
    if (value.initializer >= 0) return FailTwice(id, "another initializer");
    value.initializer = static_cast<int32_t>(graph_.initializers.size());
    // The same name, but where its first reader has it: weights need not be touched to print it.
    tensor.name = value.name;
  }
  graph_.initializers.push_back(tensor);
  decoder_.Passed(message);
  return true;
}

bool GraphReader::DefineInput(absl::string_view name, absl::string_view type) {
  const ValueId id = FormalId(name);
  graph_.inputs.push_back(id);
  Value& value = graph_.values[id];
  if (value.producer() >= 0 || IsInput(id)) return FailTwice(id, "an input of the graph");
  if (is_input_.size() < graph_.values.size()) is_input_.resize(graph_.values.size());
  is_input_[id] = true;
  value.declared_type = type;
  return decoder_.Spend(1);
}

bool GraphReader::ReadInput(absl::string_view message) {
  NamedType input;
  return ReadNamedType(decoder_, message, &input) && DefineInput(input.name, input.type);
}

bool GraphReader::ReadOutput(absl::string_view message) {
  NamedType output;
  if (!ReadNamedType(decoder_, message, &output)) return false;
  const ValueId id = FormalId(output.name);
  graph_.outputs.push_back(id);
  Value& value = graph_.values[id];
  if (value.declared_type.empty()) value.declared_type = output.type;
  return decoder_.Spend(1);
}

// Comes last, because only names that are used matter, and because inputs and outputs know better.
bool GraphReader::ReadValueInfos(absl::string_view messages, uint32_t tag) {
  for (WireReader reader(messages); reader.Next();) {
    if (reader.tag() != tag) continue;
    NamedType info;
    if (!ReadNamedType(decoder_, reader.bytes(), &info)) return false;
    const ValueId id = names_.Find(info.name);
    if (id == kNoValue) continue;
    Value& value = graph_.values[id];
    if (value.declared_type.empty()) value.declared_type = info.type;
  }
  return true;
}

bool GraphReader::ReadFunction(absl::string_view message, Function* function) {
  std::vector<OpsetImport> opsets;
  std::vector<Attribute> defaults;
  Reserve(message, kFunctionNode);
  graph_.bytes = message.size();
  WireReader reader(message);
  while (reader.Next()) {
    if (!ReadFunctionField(reader, function, &opsets, &defaults)) return false;
  }
  if (!decoder_.Finish(reader, "a function")) return false;
  if (value_infos_ != nullptr) {
    const absl::string_view rest(value_infos_, reader.end() - value_infos_);
    if (!ReadValueInfos(rest, kFunctionValueInfo)) return false;
  }
  graph_.name = function->name;
  function->opsets = decoder_.arena().Copy(absl::MakeConstSpan(opsets));
  function->defaults = decoder_.arena().Copy(absl::MakeConstSpan(defaults));
  return Complete();
}

bool GraphReader::ReadFunctionField(const WireReader& reader, Function* function,
                                    std::vector<OpsetImport>* opsets,
                                    std::vector<Attribute>* defaults) {
  switch (reader.tag()) {
    case BytesField(1):
      function->name = reader.bytes();
      return true;
    case BytesField(4):
      return DefineInput(reader.bytes(), {});
    case BytesField(5):
      graph_.outputs.push_back(FormalId(reader.bytes()));
      return true;
    case kFunctionNode:
      return ReadNode(reader.bytes());
    case BytesField(9):
      return ReadOpsetImport(decoder_, reader.bytes(), opsets);
    case BytesField(10):
      function->domain = NormalDomain(reader.bytes());
      return true;
    case BytesField(11):
      return ReadAttribute(decoder_, reader.bytes(), &defaults->emplace_back(), &pending_);
    case kFunctionValueInfo:
      if (value_infos_ == nullptr) value_infos_ = reader.field();
      return true;
    case BytesField(13):
      function->overload = reader.bytes();
      return true;
    default:
      return true;
  }
}

bool GraphReader::Complete() { return ReadSubgraphs() && ResolveNames() && Sort(); }

bool GraphReader::ReadSubgraphs() {
  for (const PendingGraph& pending : pending_) {
    Graph* const graph = decoder_.model().subgraphs.emplace_back(std::make_unique<Graph>()).get();
    graph->parent = &graph_;
    *pending.slot = graph;
    if (!GraphReader(decoder_, graph, this).ReadGraph(pending.message)) return false;
  }
  return true;
}

// Also names that subgraphs asked for: they became values here, and pass outwards in turn.
bool GraphReader::ResolveNames() {
  for (size_t i = 0; i < graph_.values.size(); ++i) {
    Value& value = graph_.values[i];
    if (value.producer() >= 0 || value.initializer >= 0) continue;
    const ValueId id = static_cast<ValueId>(i);
    if (IsInput(id)) continue;
    if (parent_ == nullptr) return FailMissing(id);
    value.SetOuter(parent_->IdOf(value.name));
  }
  return decoder_.Spend(graph_.values.size());
}

bool GraphReader::Sort() {
  const int32_t on_cycle = SortTopologically(&graph_);
  if (on_cycle >= 0) {
    return decoder_.Fail(
        absl::StrCat("its graph has a cycle: ", DescribeNode(decoder_.model(), graph_, on_cycle),
                     " needs its own output"));
  }
  constexpr size_t kMaxNotes = 10;
  if (!graph_.was_sorted && decoder_.model().notes.size() < kMaxNotes) {
    decoder_.model().notes.push_back(absl::StrCat("the nodes of graph ", Quoted(graph_.name),
                                                  " were not in topological order: sorted"));
  }
  return true;
}

std::string GraphReader::DescribeProducer(ValueId id) const {
  const Value& value = graph_.values[id];
  if (value.producer() >= 0) return DescribeNode(decoder_.model(), graph_, value.producer());
  return value.initializer >= 0 ? "an initializer" : "an input of the graph";
}

bool GraphReader::FailTwice(ValueId id, const std::string& other) {
  return decoder_.Fail(absl::StrCat("value ", Quoted(graph_.values[id].name),
                                    " is defined twice: by ", DescribeProducer(id), " and by ",
                                    other));
}

bool GraphReader::FailMissing(ValueId id) {
  const std::string name = Quoted(graph_.values[id].name);
  bool in_subgraph = false;
  const int32_t reader = ReaderOf(graph_, id, &in_subgraph);
  if (reader < 0) return decoder_.Fail(absl::StrCat("nothing produces the output ", name));
  return decoder_.Fail(absl::StrCat(in_subgraph ? "a subgraph of " : "",
                                    DescribeNode(decoder_.model(), graph_, reader), " reads ", name,
                                    ", which nothing produces"));
}

}  // namespace onnx_macs
