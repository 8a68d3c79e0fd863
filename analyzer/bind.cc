// Binding of input shapes, option by option.
#include "analyzer/bind.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/bind_extents.h"
#include "analyzer/bind_value.h"
#include "analyzer/dim_bounds.h"
#include "analyzer/dim_parse.h"
#include "analyzer/pipeline/role.h"
#include "analyzer/rank_limit.h"

namespace onnx_macs {
namespace {

constexpr int kMostNotes = 5;  // of one kind

bool IsBatchName(absl::string_view name) {
  return name == "batch" || name == "batch_size" || name == "N" || name == "b";
}

bool IsSequenceName(absl::string_view name) {
  return absl::StrContains(name, "seq") && !absl::StrContains(name, "past") &&
         !absl::StrContains(name, "total");
}

class Binder {
 public:
  Binder(const BindOptions& options, Inference& inference, Frame& frame)
      : options_(options), inference_(inference), frame_(frame) {
    binding_.use.dims.resize(options.dims.size());
    binding_.use.inputs.resize(options.inputs.size());
    binding_.use.values.resize(options.values.size());
  }

  absl::StatusOr<Binding> Run() {
    if (options_.res) signature_ = ReadSignature(inference_.model());
    ReadInputs();
    ListNames();
    for (const auto step :
         {&Binder::BindGivenInputs, &Binder::BindGivenDims, &Binder::BindPlanned}) {
      if (const absl::Status status = (this->*step)(); !status.ok()) return status;
    }
    if (options_.res) BindResolution();
    if (options_.batch) {
      const Dim batch =
          options_.swept.batch ? inference_.pool().Symbol(kSweptBatch) : Dim(*options_.batch);
      binding_.use.batch = BindBatch(batch * options_.hints.batch_factor);
    }
    if (options_.seq) {
      binding_.use.seq = BindSequence(options_.swept.seq ? inference_.pool().Symbol(kSweptSequence)
                                                         : Dim(*options_.seq));
    }
    if (options_.res) BindTextLength();
    if (!options_.symbolic_batch) BindBatch(options_.hints.batch_factor);
    SetShapes();
    if (const absl::Status status = BindValues(); !status.ok()) return status;
    Hint();
    return std::move(binding_);
  }

 private:
  void ReadInputs() {
    for (const ValueId id : frame_.graph->inputs) {
      const Value& value = frame_.graph->values[id];
      // An initializer's input entry only restates it, unless the user overrides it.
      if (value.initializer >= 0 && !IsGiven(value.name)) {
        if (!value.declared_type.empty()) inference_.CheckDeclared(frame_, id);
        continue;
      }
      InputDecl input{.value = id, .name = value.name, .type = {}, .dims = {}};
      ReadDeclaredType(value.declared_type, &input.type);
      input.dims.resize(input.type.dims.size());
      input_of_name_.try_emplace(input.name, inputs_.size());
      inputs_.push_back(std::move(input));
    }
  }

  bool IsGiven(absl::string_view name) const {
    return std::any_of(options_.inputs.begin(), options_.inputs.end(),
                       [name](const InputShapeBinding& given) { return given.input == name; });
  }

  void ListNames() {
    for (const InputDecl& input : inputs_) {
      binding_.use.known_inputs.emplace_back(input.name);
      for (const DeclaredDim& dim : input.type.dims) {
        if (dim.kind == DeclaredDim::Kind::kParam) CollectSymbols(dim);
      }
    }
  }

  // A declared expression names several symbols: `8*s30`.
  void CollectSymbols(const DeclaredDim& dim) {
    const auto collect = [this](absl::string_view name) {
      if (known_.insert(std::string(name)).second) binding_.use.known_dims.emplace_back(name);
      return inference_.pool().Symbol(name);
    };
    if (!ParseDim(dim.param, inference_.pool(), collect).ok()) collect(dim.param);
  }

  absl::StatusOr<Dim> ParseGiven(absl::string_view option, absl::string_view text) {
    const auto resolve = [this](absl::string_view name) { return inference_.SymbolValue(name); };
    absl::StatusOr<Dim> parsed = ParseDim(text, inference_.pool(), resolve);
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(option, ": '", text, "': ", parsed.status().message()));
    }
    if (IsNoSize(*parsed)) {
      return absl::InvalidArgumentError(absl::StrCat(option, ": '", text, "' is negative"));
    }
    if (parsed->is_expr() && !IsAtLeast(*parsed, 0)) inference_.pool().AssumeNotNegative(*parsed);
    return parsed;
  }

  absl::Status BindGivenInputs() {
    for (size_t i = 0; i < options_.inputs.size(); ++i) {
      const InputShapeBinding& given = options_.inputs[i];
      InputDecl* input = FindInput(given.input);
      if (input == nullptr) continue;
      binding_.use.inputs[i] = true;
      DimVector dims;
      for (const std::string& text : given.dims) {
        absl::StatusOr<Dim> dim = ParseGiven(absl::StrCat("--input ", given.input), text);
        if (!dim.ok()) return dim.status();
        dims.push_back(*dim);
      }
      if (input->type.has_shape && input->type.dims.size() != dims.size()) {
        binding_.overrode_declared = true;
        input->type.dims.resize(dims.size());
        input->dims.resize(dims.size());
      }
      if (!input->type.has_shape) input->type.dims.resize(dims.size());
      input->type.has_shape = true;
      input->dims.resize(dims.size());
      for (size_t axis = 0; axis < dims.size(); ++axis) SetDim(*input, axis, dims[axis]);
    }
    return absl::OkStatus();
  }

  absl::Status BindGivenDims() {
    for (size_t i = 0; i < options_.dims.size(); ++i) {
      const auto& [name, text] = options_.dims[i];
      if (!known_.contains(name)) continue;
      binding_.use.dims[i] = true;
      absl::StatusOr<Dim> dim = ParseGiven(absl::StrCat("--dim ", name), text);
      if (!dim.ok()) return dim.status();
      BindName(name, *dim);
    }
    return absl::OkStatus();
  }

  // Heights and widths are set even where the file has fixed ones; the length of a text is not.
  void BindResolution() {
    ExtentSizes sizes(options_, inference_, signature_);
    for (const AxisExtent& found : ExtentsOf(signature_)) {
      InputDecl* input = FindInput(found.input->name);
      const bool is_there =
          input != nullptr && static_cast<size_t>(found.axis) < input->type.dims.size();
      if (!is_there || found.extent == Extent::kTextLength) continue;
      binding_.use.res = true;
      SetUnboundDim(*input, found.axis, sizes.SizeOf(found.extent));
    }
    binding_.use.vae_factor = sizes.used_vae_factor();
    binding_.swept = sizes.swept();
    binding_.notes.insert(binding_.notes.end(), sizes.notes().begin(), sizes.notes().end());
  }

  // After --seq, which overrules it.
  void BindTextLength() {
    ExtentSizes sizes(options_, inference_, signature_);
    std::string bound;
    Dim tokens;
    for (const AxisExtent& found : ExtentsOf(signature_)) {
      InputDecl* input = FindInput(found.input->name);
      const bool is_there =
          input != nullptr && static_cast<size_t>(found.axis) < input->type.dims.size();
      if (!is_there || found.extent != Extent::kTextLength) continue;
      tokens = sizes.SizeOf(Extent::kTextLength);
      if (!tokens.is_known() || !SetSymbolicDim(*input, found.axis, tokens)) continue;
      if (bound.empty()) bound = NameOf(*input, found.axis);
    }
    if (bound.empty()) return;
    binding_.notes.push_back(absl::StrCat("--res: ", bound, " is taken to be ", ToString(tokens),
                                          ", ", sizes.text_source(), " (--seq N to change it)"));
  }

  // What the rest of the pipeline says, where nothing else did.
  absl::Status BindPlanned() {
    for (const PlannedSize& planned : options_.hints.sizes) {
      InputDecl* input = FindInput(planned.input);
      if (input == nullptr || static_cast<size_t>(planned.axis) >= input->type.dims.size()) {
        continue;
      }
      absl::StatusOr<Dim> size = ParseGiven(planned.input, planned.size);
      if (!size.ok()) return size.status();
      SetSymbolicDim(*input, planned.axis, *size);
    }
    return absl::OkStatus();
  }

  // Named batch dims; where there is none, the symbolic first dim of every input.
  bool BindBatch(Dim size) {
    bool bound = false, any_named = false;
    for (const std::string& name : binding_.use.known_dims) {
      if (!IsBatchName(name)) continue;
      any_named = true;
      if (IsUnbound(name)) BindName(name, size), bound = true;
    }
    // Exporters name the axis of timesteps otherwise ("step"), but give it one for each image.
    for (InputDecl& input : inputs_) {
      if (any_named && IsTimestep(input.name) && input.type.dims.size() == 1) {
        bound |= SetSymbolicDim(input, 0, size);
      }
    }
    if (any_named) return bound;
    for (InputDecl& input : inputs_) {
      if (input.type.dims.empty() || SetsShapes(input)) continue;
      bound |= SetSymbolicDim(input, 0, size);
    }
    return bound;
  }

  // A list of sizes or axes has no batch.
  bool SetsShapes(const InputDecl& input) {
    return input.type.dims.size() == 1 && IsInteger(input.type.type) &&
           inference_.OnlySetsShapes(frame_, input.value);
  }

  bool BindSequence(Dim size) {
    bool bound = false;
    for (const std::string& name : binding_.use.known_dims) {
      if (IsSequenceName(name) && IsUnbound(name)) BindName(name, size), bound = true;
    }
    if (bound) return true;
    for (InputDecl& input : inputs_) {
      if (input.type.dims.size() >= 2 && IsInteger(input.type.type)) {
        bound |= SetSymbolicDim(input, 1, size);
      }
    }
    return bound;
  }

  InputDecl* FindInput(absl::string_view name) {
    const auto it = input_of_name_.find(name);
    return it == input_of_name_.end() ? nullptr : &inputs_[it->second];
  }

  static std::string NameOf(const InputDecl& input, int axis) {
    const DeclaredDim& dim = input.type.dims[axis];
    if (dim.kind == DeclaredDim::Kind::kParam) return std::string(dim.param);
    return absl::StrCat("dim ", axis, " of ", input.name);
  }

  bool IsUnbound(absl::string_view name) const { return !bound_.contains(name); }

  void BindName(absl::string_view name, Dim value) {
    if (!bound_.insert(std::string(name)).second) return;
    inference_.BindSymbol(name, value);
    if (value.is_integer()) binding_.bound.emplace_back(name, value.value());
  }

  // The one size of an axis: a symbol is bound wherever it occurs, an integer is overridden.
  void SetDim(InputDecl& input, size_t axis, Dim value) {
    const DeclaredDim& declared = input.type.dims[axis];
    if (IsPlainSymbol(declared)) BindName(declared.param, value);
    if (declared.kind == DeclaredDim::Kind::kValue && !IsInteger(value, declared.value)) {
      binding_.overrode_declared = true;
    }
    input.dims[axis] = value;
  }

  bool IsPlainSymbol(const DeclaredDim& dim) const {
    return dim.kind == DeclaredDim::Kind::kParam && known_.contains(dim.param);
  }

  void SetUnboundDim(InputDecl& input, size_t axis, Dim value) {
    const DeclaredDim& declared = input.type.dims[axis];
    if (input.dims[axis].is_known()) return;
    if (IsPlainSymbol(declared) && !IsUnbound(declared.param)) return;
    SetDim(input, axis, value);
  }

  bool SetSymbolicDim(InputDecl& input, size_t axis, Dim value) {
    const DeclaredDim& declared = input.type.dims[axis];
    const bool is_free = declared.kind == DeclaredDim::Kind::kUnknown ||
                         (IsPlainSymbol(declared) && IsUnbound(declared.param));
    if (!is_free || input.dims[axis].is_known()) return false;
    SetDim(input, axis, value);
    return true;
  }

  void SetShapes() {
    for (InputDecl& input : inputs_) {
      TensorInfo info = inference_.FromDeclared(input.type);
      DimVector dims(info.shape.dims().begin(), info.shape.dims().end());
      for (size_t axis = 0; axis < dims.size(); ++axis) {
        if (input.dims[axis].is_known()) dims[axis] = input.dims[axis];
        // A size nobody named still needs a name, so that a formula can speak of it.
        if (!dims[axis].is_known()) dims[axis] = NameUnknown(input.name, axis);
      }
      if (input.type.has_shape && !info.shape.has_rank() && ++too_wide_ <= kMostNotes) {
        const std::string name = absl::StrCat("input '", input.name, "'");
        binding_.notes.push_back(TooManyDims(name, input.type.dims.size()));
      }
      if (info.shape.has_rank()) info.shape = Shape(inference_.CopyDims(dims));
      if (info.kind == ValueKind::kTensor && info.type == DataType::kUndefined) NoteTypeless(input);
      frame_.values[input.value] = info;
    }
  }

  void NoteTypeless(const InputDecl& input) {
    if (++typeless_ > kMostNotes) return;
    for (const Node& node : frame_.graph->nodes) {
      if (std::find(node.inputs.begin(), node.inputs.end(), input.value) == node.inputs.end()) {
        continue;
      }
      binding_.notes.push_back(absl::StrCat("input '", input.name, "', which ",
                                            inference_.model().operators[node.op].type, " '",
                                            node.name, "' reads, has no element type"));
      return;
    }
  }

  Dim NameUnknown(absl::string_view input, size_t axis) {
    constexpr size_t kLongest = 200;  // of a symbol, which formulas are written with
    return inference_.pool().FreshSymbol(absl::StrCat(input.substr(0, kLongest), "_dim", axis),
                                         {0, INT64_MAX});
  }

  // What an option says of an input comes last, and so stands.
  absl::Status BindValues() {
    for (const auto& [name, text] : options_.hints.values) {
      const absl::Status status = BindOneValue({name, text}).status();
      if (!status.ok()) return status;
    }
    for (size_t i = 0; i < options_.values.size(); ++i) {
      const absl::StatusOr<bool> found = BindOneValue(options_.values[i]);
      if (!found.ok()) return found.status();
      binding_.use.values[i] = *found;
    }
    return absl::OkStatus();
  }

  // False where there is no such input.
  absl::StatusOr<bool> BindOneValue(const InputValueBinding& given) {
    const InputDecl* input = FindInput(given.input);
    if (input == nullptr) return false;
    const absl::Status status = BindValue(given, inference_, frame_.values[input->value]);
    if (!status.ok()) return status;
    return true;
  }

  // Which option would bind what is still a symbol.
  void Hint() {
    std::vector<std::string> sequences, images, others;
    const absl::flat_hash_set<absl::string_view> of_images = ImageDims();
    for (const std::string& name : binding_.use.known_dims) {
      if (!IsUnbound(name) || IsBatchName(name)) continue;
      const bool is_image = of_images.contains(name);
      (IsSequenceName(name) ? sequences : is_image ? images : others).push_back(name);
    }
    AddHint("--res R", images);
    AddHint("--seq N", sequences);
    for (const std::string& name : others) AddHint(absl::StrCat("--dim ", name, "=N"), {name});
  }

  absl::flat_hash_set<absl::string_view> ImageDims() const {
    absl::flat_hash_set<absl::string_view> names;
    for (const InputDecl& input : inputs_) {
      if (input.type.dims.size() != 4 || !IsFloating(input.type.type)) continue;
      for (const int axis : {2, 3}) names.insert(input.type.dims[axis].param);
    }
    return names;
  }

  void AddHint(absl::string_view option, const std::vector<std::string>& names) {
    if (names.empty()) return;
    binding_.hints.push_back(absl::StrCat(option, " binds ", absl::StrJoin(names, ", ")));
  }

  const BindOptions& options_;
  Inference& inference_;
  Frame& frame_;
  Binding binding_;
  std::vector<InputDecl> inputs_;
  absl::flat_hash_map<absl::string_view, size_t> input_of_name_;
  int typeless_ = 0, too_wide_ = 0;
  absl::flat_hash_set<std::string> known_;  // the names in known_dims
  absl::flat_hash_set<std::string> bound_;
  Signature signature_;  // read where a resolution is given
};

}  // namespace

absl::StatusOr<Binding> BindInputs(const BindOptions& options, Inference& inference, Frame& frame) {
  return Binder(options, inference, frame).Run();
}

}  // namespace onnx_macs
