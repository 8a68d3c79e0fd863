// Inference: the state of one analysis and its forward walk, which finds the types, shapes and
// shape-computing values of every node in order.
#ifndef ANALYZER_INFERENCE_H_
#define ANALYZER_INFERENCE_H_

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/arena.h"
#include "analyzer/control_flow.h"
#include "analyzer/declared_type.h"
#include "analyzer/expr_pool.h"
#include "analyzer/frame.h"
#include "analyzer/model.h"
#include "analyzer/rule.h"

namespace onnx_macs {

// One node in one frame, in the order of the walk.
struct NodeRecord {
  const Node* node;
  Frame* frame;

  // The body of a function that is called follows.
  const Callee& callee() const { return frame->callees[node->op]; }
};

class Inference {
 public:
  Inference(const Model& model, const RuleSet& rules, ControlFlowOptions control_flow = {});

  // Values of a graph before anything is known of them, its initializers filled in.
  Frame& EnterGraph(const Graph& graph, absl::Span<const OpsetImport> opsets);
  // Walks a subgraph of `node` with the given inputs, as part of it; its costs count `times` times.
  // Null, with a reason, when subgraphs are nested too deep or there is too much of it all.
  absl::StatusOr<Frame*> WalkSubgraph(Frame& outer, const Node& node, const Graph& graph,
                                      absl::Span<const TensorInfo> inputs, const Count& times);
  // Forgets all nodes walked since then: for walks that only try something.
  struct Mark {
    size_t records, alternatives, notes;
  };
  Mark MarkWalk() const { return {records_.size(), alternatives_.size(), notes_.size()}; }
  void Rewind(const Mark& mark);
  // Two stretches of records of which only one counts; inner ones come before outer ones.
  struct Alternative {
    size_t first_begin, second_begin, second_end;
  };
  void AddAlternative(const Alternative& alternative) { alternatives_.push_back(alternative); }
  const std::vector<Alternative>& alternatives() const { return alternatives_; }
  // A loop whose length neither its file nor its inputs say, by the name that reports give it.
  void AddOpenLoop(const std::string& name) {
    if (open_loop_names_.insert(name).second) open_loops_.push_back(name);
  }
  const std::vector<std::string>& open_loops() const { return open_loops_; }
  // Nodes walked outside of the main graph, and whether there is room to walk that many more for
  // precision alone.
  size_t num_expanded() const { return num_expanded_; }
  bool HasRoomFor(size_t nodes) const;
  // Whether a value of that many elements is followed at the node that is being inferred: all that
  // was read and made before counts. A few are always followed, because shapes are made of them.
  bool MayFollow(size_t elements);
  // Whether a formula of a rules file is still worked out: all that were before count.
  bool MayWorkOut(absl::string_view formula);
  // What goes without saying to a person: a condition, and no fact.
  void RequireNotNegative(Dim d);
  // Where all of these hold, so does every formula: the facts, and what is required.
  std::vector<Condition> Conditions();
  // Adds a note, unless there are too many: what is told of every node is told of some.
  void AddNote(std::string note);
  // Whether nodes of the main graph read the value only to know a shape from it.
  bool OnlySetsShapes(const Frame& frame, ValueId value);
  // The symbols made so far are the inputs'; those that follow only name what is inferred.
  void EndBinding();
  // Whether the symbol is one of the inputs' sizes rather than of what is inferred from them.
  bool IsInputSymbol(const Atom& symbol) const { return symbol.id <= last_input_symbol_; }
  // Whether value_info fills what inference leaves unknown.
  void set_trust_declared(bool trust) { trust_declared_ = trust; }
  // Infers every node of the frame.
  void Walk(Frame& frame);

  // A declared dim: an integer, an expression of symbols, or unknown.
  Dim FromDeclared(const DeclaredDim& dim);
  // A whole declared type; dims that are given as symbols are resolved as the model binds them.
  TensorInfo FromDeclared(const DeclaredType& type);
  // Gives a dim_param a size: from here on, the name stands for it.
  void BindSymbol(absl::string_view name, Dim value);
  Dim SymbolValue(absl::string_view name);

  absl::Span<const Dim> CopyDims(absl::Span<const Dim> dims) { return arena_.Copy(dims); }
  // A shape as the facts have it: copied once, however often it is asked for.
  Shape KeepResolved(const Shape& shape, absl::Span<const Dim> resolved) {
    Shape& kept = resolved_[shape.dims().data()];
    if (kept.dims() != resolved) kept = Shape(CopyDims(resolved));
    return kept;
  }
  // No elements and no knowledge of them are told apart by the pointer.
  absl::Span<const Element> CopyElements(absl::Span<const Element> elements);
  // Reads the elements of an initializer, if they are few and to be had. False when the file holds
  // data that is not of the tensor's type and shape.
  bool ReadStoredElements(Frame& frame, ValueId value);
  // Notes where the declared type of an initializer contradicts what it is.
  void CheckDeclared(Frame& frame, ValueId value);

  const ControlFlowOptions& control_flow() const { return control_flow_; }
  const Model& model() const { return model_; }
  const RuleSet& rules() const { return rules_; }
  ExprPool& pool() { return pool_; }
  Arena& arena() { return arena_; }
  const std::vector<NodeRecord>& records() const { return records_; }
  // Why inference refused the node of a record; null when it did not.
  const std::string* RefusalOf(size_t record) const {
    const auto it = refusals_.find(record);
    return it == refusals_.end() ? nullptr : &it->second;
  }
  const std::vector<std::string>& notes() const { return notes_; }
  // What was met of the limits that do not stop at one node.
  std::vector<std::string> DescribeLimits() const;
  Frame& main_frame() { return frames_.front(); }
  const std::deque<Frame>& frames() const { return frames_; }

 private:
  void InferNode(Frame& frame, const Node& node);
  absl::Status InferByRule(Frame& frame, const Node& node, const Callee& callee);
  bool CheckSizes(const Shape& shape);  // false where one is negative
  // The body of a model-local function in place of its call.
  absl::Status ExpandFunction(Frame& frame, const Node& node, const Function& function);
  absl::Span<const Attribute> CallAttributes(const Frame& frame, const Node& node,
                                             const Function& function);
  absl::Status CheckExpansion(const Frame& outer, const Function* function) const;
  // What a walk of the graph takes by itself, entered by a node of `outer`.
  size_t StepsOf(const Graph& graph, size_t name_bytes) const;
  static size_t StepLimit(const Model& model);
  absl::Status TooManySteps() const;
  Frame& EnterWithin(Frame& outer, const Node& node, const Graph& graph,
                     absl::Span<const OpsetImport> opsets);
  size_t ExpandedSize(const Graph& graph, absl::Span<const OpsetImport> opsets, int depth);
  size_t ExpandedSize(const Function& function, int depth);
  void MergeDeclared(Frame& frame, ValueId value);
  void MergeDims(Frame& frame, ValueId value, const TensorInfo& declared);
  bool NamesInferred(Dim declared, Dim inferred);
  void NoteContradiction(const Frame& frame, ValueId value, const TensorInfo& declared);
  // What every operator stands for under a set of opset imports, by operator id.
  absl::Span<const Callee> CalleesFor(absl::Span<const OpsetImport> opsets);
  const Function* FindFunction(const Operator& called) const;

  // Domain, name and overload; domains and their versions.
  using FunctionKey = std::tuple<absl::string_view, absl::string_view, absl::string_view>;
  using OpsetKey = std::vector<std::pair<absl::string_view, int64_t>>;

  const Model& model_;
  const RuleSet& rules_;
  const ControlFlowOptions control_flow_;
  ExprPool pool_;
  Arena arena_;
  std::deque<Frame> frames_;  // stable addresses
  std::vector<NodeRecord> records_;
  std::vector<Alternative> alternatives_;
  std::vector<std::string> notes_;
  std::map<size_t, std::string> refusals_;  // by record
  absl::flat_hash_set<Dim> seen_sizes_;
  std::vector<Dim> required_;  // not to be negative
  std::vector<std::string> open_loops_;
  absl::flat_hash_set<std::string> open_loop_names_;
  absl::flat_hash_map<absl::string_view, Dim> symbols_;
  absl::flat_hash_map<FunctionKey, const Function*> functions_;
  absl::flat_hash_map<OpsetKey, std::vector<Callee>> callees_;
  DeclaredType declared_scratch_;  // reused: decoding a type allocates nothing
  ElementVector element_scratch_;
  absl::flat_hash_map<const Function*, size_t> expanded_sizes_;
  std::vector<bool> reads_data_, reads_shape_;  // by value of the main graph, once asked for
  size_t num_expanded_ = 0;  // nodes walked outside of the main graph, tries included
  const size_t max_steps_;   // that walking them may take
  size_t steps_ = 0;
  size_t followed_ = 0;       // elements read and made
  size_t formula_bytes_ = 0;  // of rules files, at every node that they were worked out at
  bool may_follow_ = true;
  size_t notes_left_out_ = 0;
  bool trust_declared_ = true;
  int contradictions_ = 0;
  int64_t last_input_symbol_ = -1;                   // the id of its atom
  absl::flat_hash_map<const Dim*, Shape> resolved_;  // by where the dims are as inferred
};

// "float32[1, 320, h/8, 64]"; "?" for what is not known.
std::string Describe(const TensorInfo& info);

}  // namespace onnx_macs

#endif  // ANALYZER_INFERENCE_H_
