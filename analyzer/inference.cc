// The forward walk.
#include "analyzer/inference.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/dim_bounds.h"
#include "analyzer/dim_parse.h"
#include "analyzer/op_context.h"
#include "analyzer/rank_limit.h"
#include "analyzer/tensor_data.h"

namespace onnx_macs {
namespace {

constexpr int kMaxNotedContradictions = 5;
constexpr size_t kMaxNotes = 100;
// Elements that are read and made, all nodes together, and what is followed whatever was before.
constexpr size_t kMaxFollowed = size_t{1} << 22;
constexpr size_t kFewElements = 16;
// Of expressions, in all rows of a report: as a large file has more rows, it may have more text.
constexpr size_t kMaxText = size_t{4} << 20;
constexpr size_t kTextPerFileByte = 4;
constexpr size_t kMaxSymbolBytes = 256;
// Formulas of rules files that are worked out, all nodes together.
constexpr size_t kMaxFormulaBytes = size_t{2} << 20;
constexpr size_t kFormulaBytesPerFileByte = 2;
constexpr size_t kMaxRequired = 1000;  // more would have a sweep check for long

// A size that was declared: negative ones are how some exporters write "dynamic".
Dim DeclaredSize(int64_t value, ExprPool& pool) { return value < 0 ? Dim() : pool.Integer(value); }

// Whether the file itself holds the elements as numbers.
bool HoldsNumbers(const Tensor& tensor) {
  return !tensor.is_external && tensor.type != DataType::kString &&
         Describe(tensor.type).kind != NumberKind::kComplex;
}

// External tensors are looked at only where they may hold shapes; weights never are.
bool MayBeRead(const Tensor& tensor) {
  return !tensor.is_external || IsInteger(tensor.type) || tensor.type == DataType::kBool;
}

bool Contradicts(Dim inferred, Dim declared) { return ProvablyDifferent(inferred, declared); }

bool Contradicts(const Shape& inferred, const Shape& declared) {
  if (!inferred.has_rank() || !declared.has_rank()) return false;
  if (inferred.rank() != declared.rank()) return true;
  for (int i = 0; i < inferred.rank(); ++i) {
    if (Contradicts(inferred[i], declared[i])) return true;
  }
  return false;
}

bool ContradictsType(const TensorInfo& inferred, const DeclaredType& declared) {
  return inferred.kind == ValueKind::kTensor && declared.kind == ValueKind::kTensor &&
         inferred.type != DataType::kUndefined && declared.type != DataType::kUndefined &&
         inferred.type != declared.type;
}

}  // namespace

std::string Describe(const TensorInfo& info) {
  if (info.kind == ValueKind::kSequence && info.element_type != nullptr) {
    return absl::StrCat("sequence(", Describe(*info.element_type), ")");
  }
  const absl::string_view type = info.type == DataType::kUndefined ? "?" : Describe(info.type).name;
  if (!info.shape.has_rank()) return absl::StrCat(type, "[...]");
  return absl::StrCat(type, "[",
                      absl::StrJoin(info.shape.dims(), ", ",
                                    [](std::string* out, Dim d) { out->append(ToString(d)); }),
                      "]");
}

Inference::Inference(const Model& model, const RuleSet& rules, ControlFlowOptions control_flow)
    : model_(model),
      rules_(rules),
      control_flow_(std::move(control_flow)),
      max_steps_(StepLimit(model)) {
  pool_.set_limits(kMaxText + kTextPerFileByte * model.bytes.view().size());
  records_.reserve(model.graph.nodes.size());
  for (const auto& f : model.functions) {
    functions_[{f->domain, f->name, f->overload}] = f.get();
  }
}

Frame& Inference::EnterGraph(const Graph& graph, absl::Span<const OpsetImport> opsets) {
  Frame& frame = frames_.emplace_back();
  frame.graph = &graph;
  frame.values = arena_.NewArray<TensorInfo>(graph.values.size());
  frame.opsets = opsets;
  frame.callees = CalleesFor(opsets);
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (graph.values[i].initializer < 0) continue;
    const Tensor& tensor = graph.initializers[graph.values[i].initializer];
    TensorInfo& info = frame.values[i];
    info.type = tensor.type;
    if (tensor.dims.size() > OpContext::kMaxRank) {
      AddNote(TooManyDims(absl::StrCat("initializer '", tensor.name, "'"), tensor.dims.size()));
      continue;
    }
    absl::Span<Dim> dims = arena_.NewArray<Dim>(tensor.dims.size());
    for (size_t axis = 0; axis < dims.size(); ++axis) {
      dims[axis] = DeclaredSize(tensor.dims[axis], pool_);
    }
    info.shape = Shape(dims);
    info.kind = tensor.is_sparse ? ValueKind::kSparseTensor : ValueKind::kTensor;
    info.has_unread_data = !tensor.is_sparse && MayBeRead(tensor);
  }
  return frame;
}

bool Inference::ReadStoredElements(Frame& frame, ValueId value) {
  TensorInfo& info = frame.values[value];
  info.has_unread_data = false;  // asked once
  const Dim size = info.shape.NumElements();
  if (!size.is_integer() || size.value() > OpContext::kMaxElements) return true;
  const Tensor& tensor = frame.graph->initializers[frame.graph->values[value].initializer];
  element_scratch_.clear();
  if (!ReadElements(tensor, model_.folder, pool_, OpContext::kMaxElements, &element_scratch_)) {
    return !HoldsNumbers(tensor);
  }
  info.elements = CopyElements(element_scratch_);
  return true;
}

absl::Span<const Element> Inference::CopyElements(absl::Span<const Element> elements) {
  static constexpr Element kNone[1] = {};
  return elements.empty() ? absl::MakeConstSpan(kNone, 0) : arena_.Copy(elements);
}

bool Inference::MayFollow(size_t elements) {
  if (elements <= kFewElements) return true;
  followed_ += elements;
  return may_follow_;
}

bool Inference::MayWorkOut(absl::string_view formula) {
  formula_bytes_ += formula.size();
  return formula_bytes_ <= kMaxFormulaBytes + kFormulaBytesPerFileByte * model_.bytes.view().size();
}

void Inference::RequireNotNegative(Dim d) {
  if (!d.is_expr() || required_.size() > kMaxRequired) return;
  if (seen_sizes_.insert(d).second && !IsAtLeast(d, 0)) required_.push_back(d);
}

bool Inference::CheckSizes(const Shape& shape) {
  for (const Dim d : shape.dims()) {
    if (d.is_integer() && d.value() < 0) return false;
    RequireNotNegative(d);
  }
  return true;
}

std::vector<Condition> Inference::Conditions() {
  using Kind = Condition::Kind;
  if (required_.size() > kMaxRequired) return {{Kind::kNever}};
  std::vector<Condition> conditions = pool_.Conditions();
  for (const Dim d : required_) conditions.push_back({Kind::kNotNegative, ToString(d)});
  return conditions;
}

void Inference::AddNote(std::string note) {
  if (notes_.size() < kMaxNotes) {
    notes_.push_back(std::move(note));
  } else {
    ++notes_left_out_;
  }
}

std::vector<std::string> Inference::DescribeLimits() const {
  std::vector<std::string> texts;
  if (notes_left_out_ > 0) {
    texts.push_back(absl::StrCat("there are ", notes_left_out_, " more notes"));
  }
  if (pool_.is_full()) {
    texts.push_back("sizes are formulas too large to be worked out: some are not known");
  }
  if (followed_ > kMaxFollowed) {
    texts.push_back(absl::StrCat("values of more than ", kMaxFollowed,
                                 " elements are computed with: not all of them are followed"));
  }
  return texts;
}

void Inference::BindSymbol(absl::string_view name, Dim value) {
  symbols_[arena_.CopyString(name)] = value;
}

Dim Inference::SymbolValue(absl::string_view name) {
  const auto it = symbols_.find(name);
  if (it != symbols_.end()) return it->second;
  if (name.size() > kMaxSymbolBytes) return Dim();
  const Dim symbol = pool_.Symbol(name);
  BindSymbol(name, symbol);
  return symbol;
}

Dim Inference::FromDeclared(const DeclaredDim& dim) {
  if (dim.kind == DeclaredDim::Kind::kValue) return DeclaredSize(dim.value, pool_);
  if (dim.kind != DeclaredDim::Kind::kParam || dim.param.empty()) return Dim();
  if (const auto it = symbols_.find(dim.param); it != symbols_.end()) return it->second;
  const auto resolve = [this](absl::string_view name) { return SymbolValue(name); };
  const absl::StatusOr<Dim> parsed = ParseDim(dim.param, pool_, resolve);
  // What is no expression is a name, however odd: "unk__12", "Convsample_dim_0", "?".
  const bool is_name = !parsed.ok() && dim.param.size() <= kMaxSymbolBytes;
  Dim value = parsed.ok() ? *parsed : is_name ? pool_.Symbol(dim.param) : Dim();
  if (IsNoSize(value)) value = Dim();
  if (value.is_expr() && !IsAtLeast(value, 0)) pool_.AssumeNotNegative(value);
  symbols_[dim.param] = value;
  return value;
}

TensorInfo Inference::FromDeclared(const DeclaredType& type) {
  TensorInfo info;
  info.kind = type.kind;
  info.type = type.type;
  if (type.has_shape && type.dims.size() <= OpContext::kMaxRank) {
    absl::Span<Dim> dims = arena_.NewArray<Dim>(type.dims.size());
    for (size_t i = 0; i < dims.size(); ++i) dims[i] = FromDeclared(type.dims[i]);
    info.shape = Shape(dims);
  }
  if (type.element != nullptr) info.element_type = arena_.New(FromDeclared(*type.element));
  return info;
}

const Function* Inference::FindFunction(const Operator& called) const {
  const auto it = functions_.find({called.domain, called.type, called.overload});
  return it == functions_.end() ? nullptr : it->second;
}

// Functions of one exporter import the same versions. A file where every function has its own pays
// for its tables out of what functions may expand to.
absl::Span<const Callee> Inference::CalleesFor(absl::Span<const OpsetImport> opsets) {
  OpsetKey key;
  for (const OpsetImport& opset : opsets) key.emplace_back(opset.domain, opset.version);
  std::vector<Callee>& found = callees_[key];
  if (!found.empty()) return found;
  if (callees_.size() > 1) steps_ += model_.operators.size();
  found.reserve(model_.operators.size());
  for (const Operator& called : model_.operators) {
    Callee& callee = found.emplace_back();
    callee.opset = OpsetOf(opsets, called.domain);
    callee.rule = rules_.Find(called.domain, called.type, callee.opset);
    if (callee.rule == nullptr) callee.function = FindFunction(called);
  }
  return found;
}

void Inference::Walk(Frame& frame) {
  if (frame.depth > 0) num_expanded_ += frame.graph->nodes.size();
  for (const Node& node : frame.graph->nodes) InferNode(frame, node);
}

void Inference::InferNode(Frame& frame, const Node& node) {
  const Callee& callee = frame.callees[node.op];
  const size_t record = records_.size();
  records_.push_back({&node, &frame});
  absl::Status status;
  if (callee.rule != nullptr) status = InferByRule(frame, node, callee);
  if (callee.function != nullptr) status = ExpandFunction(frame, node, *callee.function);
  if (!status.ok()) refusals_.emplace(record, status.message());
  if (!trust_declared_) return;
  for (const ValueId output : node.outputs) {
    if (output != kNoValue && !frame.graph->values[output].declared_type.empty()) {
      MergeDeclared(frame, output);
    }
  }
}

absl::Status Inference::InferByRule(Frame& frame, const Node& node, const Callee& callee) {
  pool_.set_current_node(static_cast<int64_t>(records_.size()) - 1);
  may_follow_ = followed_ <= kMaxFollowed;
  OpContext context(*this, frame, node, callee.opset);
  absl::Status status = callee.rule->infer(context);
  for (const ValueId output : node.outputs) {
    if (output == kNoValue) continue;
    TensorInfo& info = frame.values[output];
    if (CheckSizes(info.shape)) continue;
    info.shape = Shape();
    info.elements = {};
    status.Update(absl::InvalidArgumentError("the sizes of its inputs make a negative one"));
  }
  return status;
}

// Declared types are hints: they fill what is unknown. Where they contradict what was inferred, the
// inferred stands and the report says so.
void Inference::MergeDeclared(Frame& frame, ValueId value) {
  if (!ReadDeclaredType(frame.graph->values[value].declared_type, &declared_scratch_)) return;
  TensorInfo& info = frame.values[value];
  if (info.type == DataType::kUndefined) info.type = declared_scratch_.type;
  if (ContradictsType(info, declared_scratch_)) {
    NoteContradiction(frame, value, FromDeclared(declared_scratch_));
  }
  if (!declared_scratch_.has_shape && declared_scratch_.element == nullptr) return;
  // The common case, all integers and all as inferred, allocates nothing.
  bool same = info.shape.has_rank() &&
              static_cast<size_t>(info.shape.rank()) == declared_scratch_.dims.size();
  for (size_t i = 0; same && i < declared_scratch_.dims.size(); ++i) {
    const DeclaredDim& dim = declared_scratch_.dims[i];
    const Dim found = info.shape[static_cast<int>(i)];
    same =
        dim.kind == DeclaredDim::Kind::kValue && found.is_integer() && found.value() == dim.value;
  }
  if (!same) MergeDims(frame, value, FromDeclared(declared_scratch_));
}

void Inference::CheckDeclared(Frame& frame, ValueId value) {
  if (!ReadDeclaredType(frame.graph->values[value].declared_type, &declared_scratch_)) return;
  const TensorInfo& info = frame.values[value];
  const auto& dims = declared_scratch_.dims;
  bool fits = !ContradictsType(info, declared_scratch_);
  if (declared_scratch_.has_shape) {
    fits = fits && static_cast<size_t>(info.shape.rank()) == dims.size();
    for (size_t i = 0; fits && i < dims.size(); ++i) {
      const bool is_size = dims[i].kind == DeclaredDim::Kind::kValue;
      fits = !is_size || !Contradicts(info.shape[static_cast<int>(i)], Dim(dims[i].value));
    }
  }
  if (!fits) NoteContradiction(frame, value, FromDeclared(declared_scratch_));
}

void Inference::MergeDims(Frame& frame, ValueId value, const TensorInfo& declared) {
  TensorInfo& info = frame.values[value];
  if (info.kind == ValueKind::kTensor && declared.kind != ValueKind::kTensor) info = declared;
  if (!declared.shape.has_rank()) return;
  if (!info.shape.has_rank()) {
    info.shape = declared.shape;
    return;
  }
  if (Contradicts(info.shape, declared.shape)) {
    NoteContradiction(frame, value, declared);
    return;
  }
  DimVector dims(info.shape.dims().begin(), info.shape.dims().end());
  for (int i = 0; i < info.shape.rank(); ++i) {
    // Two expressions for one size: they are equal, and the simpler one serves from here on.
    if (!dims[i].is_known()) {
      if (!HasDenominator(declared.shape[i])) dims[i] = declared.shape[i];
    } else if (!NamesInferred(declared.shape[i], dims[i]) &&
               !pool_.AssumeEqual(dims[i], declared.shape[i])) {
      NoteContradiction(frame, value, declared);
      return;
    }
  }
  info.shape = Shape(CopyDims(dims));
}

bool Inference::OnlySetsShapes(const Frame& frame, ValueId value) {
  if (reads_data_.empty()) {
    reads_data_.resize(frame.values.size());
    reads_shape_.resize(frame.values.size());
    for (const Node& node : frame.graph->nodes) {
      const OpRule* const rule = frame.callees[node.op].rule;
      const InputMask shapes = rule == nullptr ? 0 : rule->not_parameters;
      for (size_t slot = 0; slot < node.inputs.size(); ++slot) {
        if (node.inputs[slot] == kNoValue) continue;
        const bool is_shape = slot < 64 && (shapes >> slot & 1) != 0;
        (is_shape ? reads_shape_ : reads_data_)[node.inputs[slot]] = true;
      }
    }
  }
  return reads_shape_[value] && !reads_data_[value];
}

void Inference::EndBinding() {
  if (!pool_.symbols().empty()) last_input_symbol_ = pool_.symbols().back()->id;
}

// A declared symbol that no input has is a name an exporter made up for what is inferred here
// ("Reshapepooler_output_dim_0"): from here on it stands for that, which assumes nothing.
bool Inference::NamesInferred(Dim declared, Dim inferred) {
  const Atom* symbol = SymbolOf(declared);
  if (symbol == nullptr || symbol->id <= last_input_symbol_) return false;
  BindSymbol(symbol->name, inferred);
  return true;
}

void Inference::NoteContradiction(const Frame& frame, ValueId id, const TensorInfo& declared) {
  if (++contradictions_ > kMaxNotedContradictions) return;
  const Value& value = frame.graph->values[id];
  std::string maker;
  if (value.producer() >= 0) {
    maker = absl::StrCat(" of ", model_.operators[frame.graph->nodes[value.producer()].op].type);
  }
  AddNote(absl::StrCat("'", value.name, "'", maker, " is declared as ", Describe(declared),
                       " but is inferred as ", Describe(frame.values[id]),
                       "; the inferred type is used"));
}

}  // namespace onnx_macs
