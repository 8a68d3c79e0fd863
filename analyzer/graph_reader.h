// GraphReader: one GraphProto, or the body of a FunctionProto, and the graphs inside it.
//
// A name becomes a value when it is first met, so neither the order of the fields nor that of the
// nodes matters. Subgraphs are read after everything around them; a name that a subgraph does not
// define is then looked up outwards and becomes a captured value in every graph on the way.
#ifndef ANALYZER_GRAPH_READER_H_
#define ANALYZER_GRAPH_READER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "analyzer/decoder.h"
#include "analyzer/model.h"
#include "analyzer/name_table.h"

namespace onnx_macs {

class GraphReader {
 public:
  // How deep graphs may lie in one another.
  static constexpr int kMaxDepth = 64;

  GraphReader(Decoder& decoder, Graph* graph, GraphReader* parent = nullptr)
      : decoder_(decoder),
        graph_(*graph),
        parent_(parent),
        depth_(parent == nullptr ? 0 : parent->depth_ + 1),
        names_(&graph->values) {}

  bool ReadGraph(absl::string_view message);
  bool ReadFunction(absl::string_view message, Function* function);

 private:
  void Reserve(absl::string_view message, uint32_t node_tag);
  bool ReadField(const WireReader& reader);
  bool ReadNode(absl::string_view message);
  bool ReadNodeFields(absl::string_view message, Node* node, Operator* op);
  bool ReadInitializer(absl::string_view message, bool is_sparse);
  bool ReadInput(absl::string_view message);
  bool ReadOutput(absl::string_view message);
  bool ReadValueInfos(absl::string_view messages, uint32_t tag);
  bool ReadFunctionField(const WireReader& reader, Function* function,
                         std::vector<OpsetImport>* opsets, std::vector<Attribute>* defaults);

  ValueId IdOf(absl::string_view name) { return name.empty() ? kNoValue : names_.FindOrAdd(name); }
  ValueId FormalId(absl::string_view name);
  bool IsInput(ValueId id) const {
    return static_cast<size_t>(id) < is_input_.size() && is_input_[id];
  }
  bool DefineInput(absl::string_view name, absl::string_view type);
  // Everything is read: now the graphs inside, then names, then the order of the nodes.
  bool Complete();
  bool ReadSubgraphs();
  bool ResolveNames();
  bool Sort();

  bool FailTwice(ValueId id, const std::string& other);
  bool FailMissing(ValueId id);
  std::string DescribeProducer(ValueId id) const;

  Decoder& decoder_;
  Graph& graph_;
  GraphReader* const parent_;
  const int depth_;
  NameTable names_;
  std::vector<bool> is_input_;  // by value; may be shorter
  std::vector<PendingGraph> pending_;
  const char* value_infos_ = nullptr;  // the first of them
};

// OperatorSetIdProto; shared with the model's own imports.
bool ReadOpsetImport(Decoder& decoder, absl::string_view message, std::vector<OpsetImport>* opsets);

}  // namespace onnx_macs

#endif  // ANALYZER_GRAPH_READER_H_
