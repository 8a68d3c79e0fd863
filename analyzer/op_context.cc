// What rules see of a node.
#include "analyzer/op_context.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "analyzer/frame.h"
#include "analyzer/inference.h"
#include "analyzer/rank_limit.h"

namespace onnx_macs {
namespace {

const TensorInfo& Absent() {
  static const TensorInfo absent;
  return absent;
}

const Attribute* Find(absl::Span<const Attribute> attributes, absl::string_view name) {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

// The shape with every dim as the facts have it; the same view when nothing changes.
Shape Resolved(Inference& inference, const Shape& shape) {
  ExprPool& pool = inference.pool();
  const absl::Span<const Dim> dims = shape.dims();
  const auto changes = [&](Dim d) { return pool.Resolve(d) != d; };
  if (!pool.has_facts() || absl::c_none_of(dims, changes)) return shape;
  DimVector resolved;
  for (const Dim d : dims) resolved.push_back(pool.Resolve(d));
  return inference.KeepResolved(shape, resolved);
}

// A size is a whole number: 1/2, as wrongly typed operands may hold, is none.
Dim AsSize(Dim d) {
  const bool is_fraction = HasDenominator(d) && d.expr()->terms.front().monomial == nullptr;
  return is_fraction ? Dim() : d;
}

}  // namespace

const OpRule* OpContext::rule() const { return frame_.callees[node_.op].rule; }

const Attribute* OpContext::FindAttribute(absl::string_view name) const {
  const Attribute* attribute = Find(node_.attributes, name);
  if (attribute == nullptr || !attribute->is_reference) return attribute;
  return Find(frame_.call_attributes, attribute->s());
}

int64_t OpContext::IntAttribute(absl::string_view name, int64_t otherwise) const {
  const Attribute* attribute = FindAttribute(name);
  return attribute != nullptr && attribute->type == AttributeType::kInt ? attribute->i()
                                                                        : otherwise;
}

float OpContext::FloatAttribute(absl::string_view name, float otherwise) const {
  const Attribute* attribute = FindAttribute(name);
  return attribute != nullptr && attribute->type == AttributeType::kFloat ? attribute->f()
                                                                          : otherwise;
}

absl::string_view OpContext::StringAttribute(absl::string_view name,
                                             absl::string_view otherwise) const {
  const Attribute* attribute = FindAttribute(name);
  return attribute != nullptr && attribute->type == AttributeType::kString ? attribute->s()
                                                                           : otherwise;
}

absl::Span<const int64_t> OpContext::IntsAttribute(absl::string_view name) const {
  const Attribute* attribute = FindAttribute(name);
  return attribute != nullptr ? attribute->ints() : absl::Span<const int64_t>();
}

const TensorInfo& OpContext::Input(int i) const {
  return HasInput(i) ? frame_.values[node_.inputs[i]] : Absent();
}

Shape OpContext::InputShape(int i) const { return Resolved(inference_, Input(i).shape); }

absl::Span<const Element> OpContext::InputElements(int i) const {
  if (!HasInput(i)) return {};
  const TensorInfo& info = Input(i);
  if (info.has_unread_data && !inference_.ReadStoredElements(frame_, node_.inputs[i])) {
    Warn(absl::StrCat("the stored data of input ", i, " does not fit its type and shape"));
  }
  return inference_.MayFollow(info.elements.size()) ? info.elements : SmallSpan<Element>();
}

TensorInfo OpContext::FullInput(int i) const {
  InputElements(i);
  TensorInfo info = Input(i);
  info.shape = InputShape(i);
  info.has_unread_data = false;
  return info;
}

bool OpContext::InputDims(int i, DimVector* dims) const {
  const absl::Span<const Element> elements = InputElements(i);
  if (elements.data() == nullptr) return false;
  dims->clear();
  for (const Element& element : elements) dims->push_back(AsSize(pool().Resolve(element.exact)));
  return true;
}

bool OpContext::InputInts(int i, std::vector<int64_t>* ints) const {
  const absl::Span<const Element> elements = InputElements(i);
  if (elements.data() == nullptr) return false;
  ints->clear();
  for (const Element& element : elements) {
    if (!element.exact.is_integer()) return false;
    ints->push_back(element.exact.value());
  }
  return true;
}

void OpContext::SetOutput(int i, const TensorInfo& info) {
  if (HasOutput(i)) frame_.values[node_.outputs[i]] = info;
}

void OpContext::SetOutput(int i, DataType type, Shape shape) {
  if (!HasOutput(i)) return;
  TensorInfo& info = frame_.values[node_.outputs[i]];
  info.type = type;
  info.shape = shape;
}

void OpContext::SetOutput(int i, DataType type, absl::Span<const Dim> dims) {
  if (!HasOutput(i)) return;
  if (dims.size() > kMaxRank) {
    Warn(TooManyDims(absl::StrCat("output ", i), dims.size()));
    return SetOutput(i, type, Shape());
  }
  // Many operators leave a shape as it is: then there is one copy of it.
  for (int input = 0; input < std::min(num_inputs(), 2); ++input) {
    const Shape& shape = Input(input).shape;
    if (shape.has_rank() && shape.dims() == dims) return SetOutput(i, type, shape);
  }
  SetOutput(i, type, Shape(CopyDims(dims)));
}

void OpContext::SetElements(int i, absl::Span<const Element> elements) {
  if (!HasOutput(i) || !inference_.MayFollow(elements.size())) return;
  frame_.values[node_.outputs[i]].elements = inference_.CopyElements(elements);
}

const TensorInfo& OpContext::Output(int i) const {
  return HasOutput(i) ? frame_.values[node_.outputs[i]] : Absent();
}

Shape OpContext::OutputShape(int i) const { return Resolved(inference_, Output(i).shape); }

Count OpContext::NumInputElements(int i) const {
  const Shape shape = InputShape(i);
  return shape.has_rank() ? Product(shape.dims()) : Count::Unknown();
}

Count OpContext::NumOutputElements(int i) const {
  const Shape shape = OutputShape(i);
  return shape.has_rank() ? Product(shape.dims()) : Count::Unknown();
}

Cost OpContext::WithParts(Cost cost, std::initializer_list<CostPart> parts) const {
  cost.parts = inference_.arena().Copy(absl::MakeConstSpan(parts.begin(), parts.size()));
  return cost;
}

const Graph* OpContext::GraphAttribute(absl::string_view name) const {
  const Attribute* attribute = FindAttribute(name);
  if (attribute == nullptr || attribute->type != AttributeType::kGraph) return nullptr;
  return attribute->graphs().empty() ? nullptr : attribute->graphs()[0];
}

absl::StatusOr<std::vector<TensorInfo>> OpContext::WalkSubgraph(const Graph& graph,
                                                                absl::Span<const TensorInfo> inputs,
                                                                const Count& times) {
  absl::StatusOr<Frame*> frame = inference_.WalkSubgraph(frame_, node_, graph, inputs, times);
  if (!frame.ok()) return frame.status();
  std::vector<TensorInfo> outputs;
  for (const ValueId id : graph.outputs) {
    if (id != kNoValue && (*frame)->values[id].has_unread_data) {
      inference_.ReadStoredElements(**frame, id);
    }
    outputs.push_back(id == kNoValue ? TensorInfo() : (*frame)->values[id]);
  }
  return outputs;
}

absl::StatusOr<std::vector<TensorInfo>> OpContext::TrySubgraph(
    const Graph& graph, absl::Span<const TensorInfo> inputs) {
  const Inference::Mark mark = inference_.MarkWalk();
  absl::StatusOr<std::vector<TensorInfo>> outputs = WalkSubgraph(graph, inputs, 1);
  inference_.Rewind(mark);
  return outputs;
}

const ControlFlowOptions& OpContext::control_flow() const { return inference_.control_flow(); }

bool OpContext::MustEqual(Dim a, Dim b) const {
  if (a.is_integer() && b.is_integer()) return a == b;
  return inference_.pool().AssumeEqual(a, b);
}

ExprPool& OpContext::pool() const { return inference_.pool(); }

absl::Span<const Dim> OpContext::CopyDims(absl::Span<const Dim> dims) const {
  return inference_.CopyDims(dims);
}

void OpContext::Note(std::string text) const { inference_.AddNote(std::move(text)); }

void OpContext::NoteOnce(absl::string_view text) const {
  if (!absl::c_linear_search(inference_.notes(), text)) Note(std::string(text));
}

// A nameless node is known by its first output.
void OpContext::Warn(absl::string_view text) const {
  constexpr size_t kMaxNotes = 50;
  if (inference_.notes().size() >= kMaxNotes) return;
  const absl::string_view op = inference_.model().operators[node_.op].type;
  const bool by_output = node_.name.empty() && HasOutput(0);
  const absl::string_view name =
      by_output ? frame_.graph->values[node_.outputs[0]].name : node_.name;
  Note(absl::StrCat(op, by_output ? " that makes '" : " '", name, "': ", text));
}

}  // namespace onnx_macs
