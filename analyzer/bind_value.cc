// Reading the values users give for inputs.
#include "analyzer/bind_value.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "analyzer/decoder.h"
#include "analyzer/dim_parse.h"
#include "analyzer/op_context.h"
#include "analyzer/sequence_info.h"
#include "analyzer/system.h"
#include "analyzer/tensor_data.h"
#include "analyzer/tensor_reader.h"
#include "analyzer/wire.h"

namespace onnx_macs {
namespace {

absl::Status Error(const InputValueBinding& given, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("--value ", given.input, ": '", given.text, "': ", what));
}

absl::Status CheckShape(const InputValueBinding& given, Inference& inference,
                        const TensorInfo& input, absl::Span<const Dim> dims) {
  if (!input.shape.has_rank()) return absl::OkStatus();
  bool fits = static_cast<size_t>(input.shape.rank()) == dims.size();
  for (size_t i = 0; fits && i < dims.size(); ++i) {
    fits = inference.pool().AssumeEqual(input.shape[static_cast<int>(i)], dims[i]);
  }
  return fits ? absl::OkStatus() : Error(given, absl::StrCat("the input is ", Describe(input)));
}

void Set(Inference& inference, absl::Span<const Dim> dims, absl::Span<const Element> elements,
         TensorInfo& input) {
  input.shape = Shape(inference.CopyDims(dims));
  input.elements = inference.CopyElements(elements);
  input.has_unread_data = false;
}

absl::Status BindTensor(const InputValueBinding& given, Inference& inference,
                        absl::string_view message, TensorInfo& input) {
  Model holder;  // owns what reading allocates
  Decoder decoder(&holder);
  Tensor tensor;
  if (!ReadTensor(decoder, message, &tensor)) return Error(given, "not a TensorProto");
  ElementVector elements;
  if (!ReadElements(tensor, "", inference.pool(), OpContext::kMaxElements, &elements)) {
    return Error(given, absl::StrCat("cannot be read as a tensor of at most ",
                                     OpContext::kMaxElements, " numbers"));
  }
  const std::vector<Dim> dims(tensor.dims.begin(), tensor.dims.end());
  if (const absl::Status status = CheckShape(given, inference, input, dims); !status.ok()) {
    return status;
  }
  if (input.type == DataType::kUndefined) input.type = tensor.type;
  Set(inference, dims, elements, input);
  return absl::OkStatus();
}

// SequenceProto and OptionalProto number what they hold alike.
absl::Status BindContainer(const InputValueBinding& given, Inference& inference,
                           absl::string_view message, int depth, TensorInfo& input);

absl::Status BindItem(const InputValueBinding& given, Inference& inference, uint32_t tag,
                      absl::string_view message, int depth, TensorInfo& item) {
  constexpr uint32_t kTensor = BytesField(3), kSequence = BytesField(5), kOptional = BytesField(7);
  if (tag == kTensor) return BindTensor(given, inference, message, item);
  if (tag != kSequence && tag != kOptional) return Error(given, "holds what is not followed");
  item.kind = tag == kSequence ? ValueKind::kSequence : ValueKind::kOptional;
  return BindContainer(given, inference, message, depth + 1, item);
}

absl::Status BindContainer(const InputValueBinding& given, Inference& inference,
                           absl::string_view message, int depth, TensorInfo& input) {
  constexpr int kMaxNesting = 32;
  constexpr uint32_t kName = BytesField(1);
  if (depth > kMaxNesting) return Error(given, "is nested too deep");
  const TensorInfo declared = input.element_type != nullptr ? *input.element_type : TensorInfo();
  std::vector<TensorInfo> items;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == kName || reader.tag() % 8 != BytesField(1) % 8) continue;
    const absl::Status status =
        BindItem(given, inference, reader.tag(), reader.bytes(), depth, items.emplace_back());
    if (!status.ok()) return status;
  }
  if (reader.error() != WireError::kNone) return Error(given, "is damaged");
  if (input.kind == ValueKind::kSequence) {
    input = MakeSequence(inference.arena(), items, declared);
    return absl::OkStatus();
  }
  if (items.size() > 1) return Error(given, "an optional holds more than one value");
  input.length = static_cast<int64_t>(items.size());
  if (!items.empty()) input.element_type = inference.arena().New(items.front());
  return absl::OkStatus();
}

absl::Status BindFile(const InputValueBinding& given, Inference& inference, TensorInfo& input) {
  absl::StatusOr<FileBytes> file = FileBytes::Open(given.text.substr(1));
  if (!file.ok()) return Error(given, file.status().message());
  const bool is_container =
      input.kind == ValueKind::kSequence || input.kind == ValueKind::kOptional;
  return is_container ? BindContainer(given, inference, file->view(), 0, input)
                      : BindTensor(given, inference, file->view(), input);
}

absl::Status ParseElement(const InputValueBinding& given, absl::string_view text,
                          Inference& inference, std::vector<Element>* elements) {
  double real;
  const auto resolve = [&inference](absl::string_view name) { return inference.SymbolValue(name); };
  if (text == "true" || text == "false") {
    elements->push_back(Dim(text == "true" ? 1 : 0));
  } else if (const auto dim = ParseDim(text, inference.pool(), resolve); dim.ok()) {
    elements->push_back(*dim);
  } else if (absl::SimpleAtod(text, &real)) {
    elements->push_back(Element::Real(real));
  } else {
    return Error(given, absl::StrCat("'", text, "' is not a number"));
  }
  return absl::OkStatus();
}

absl::Status BindText(const InputValueBinding& given, Inference& inference, TensorInfo& input) {
  absl::string_view text = absl::StripAsciiWhitespace(given.text);
  const bool is_list = absl::ConsumePrefix(&text, "[") && absl::ConsumeSuffix(&text, "]");
  std::vector<Element> elements;
  for (const absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    const absl::Status status =
        ParseElement(given, absl::StripAsciiWhitespace(part), inference, &elements);
    if (!status.ok()) return status;
  }
  if (elements.empty() || (!is_list && elements.size() != 1)) {
    return Error(given, "expected a number, [1,2] or @tensor.pb");
  }
  // One number fits a scalar as well as a vector of one.
  const bool is_scalar = !is_list && input.shape.rank() != 1;
  const std::vector<Dim> dims(is_scalar ? 0 : 1, static_cast<int64_t>(elements.size()));
  if (const absl::Status status = CheckShape(given, inference, input, dims); !status.ok()) {
    return status;
  }
  Set(inference, dims, elements, input);
  return absl::OkStatus();
}

}  // namespace

absl::Status BindValue(const InputValueBinding& given, Inference& inference, TensorInfo& input) {
  if (!given.text.empty() && given.text[0] == '@') return BindFile(given, inference, input);
  return BindText(given, inference, input);
}

}  // namespace onnx_macs
