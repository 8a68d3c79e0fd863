// Types of sequences.
#include "analyzer/sequence_info.h"

#include <algorithm>

namespace onnx_macs {
namespace {

// Types in each other that are followed: real ones are sequences of tensors or of maps.
constexpr int kMaxNesting = 4;

bool IsNestedTooDeep(const TensorInfo& info) {
  int depth = 0;
  for (const TensorInfo* at = &info; at != nullptr; at = at->element_type) ++depth;
  return depth > kMaxNesting;
}

Shape CommonShape(Arena& arena, const Shape& a, const Shape& b) {
  if (!a.has_rank() || a.rank() != b.rank()) return Shape();
  DimVector dims(a.dims().begin(), a.dims().end());
  for (int i = 0; i < a.rank(); ++i) {
    if (!ProvablyEqual(dims[i], b[i])) dims[i] = Dim();
  }
  return Shape(arena.Copy(absl::MakeConstSpan(dims)));
}

}  // namespace

TensorInfo CommonInfo(Arena& arena, const TensorInfo& a, const TensorInfo& b) {
  TensorInfo common;
  if (a.kind != b.kind) return common;
  common.kind = a.kind;
  common.type = a.type != DataType::kUndefined ? a.type : b.type;
  common.shape = CommonShape(arena, a.shape, b.shape);
  if (ProvablyEqual(a.length, b.length)) common.length = a.length;
  if (a.element_type == b.element_type && !a.has_items) {
    common.element_type = a.element_type;
  } else if (a.element_type != nullptr && b.element_type != nullptr) {
    common.element_type = arena.New(CommonInfo(arena, *a.element_type, *b.element_type));
  }
  return common;
}

TensorInfo MakeSequence(Arena& arena, const TensorInfo& element, Dim length) {
  TensorInfo sequence;
  sequence.kind = ValueKind::kSequence;
  sequence.element_type = arena.New(IsNestedTooDeep(element) ? TensorInfo() : element);
  sequence.length = length;
  return sequence;
}

TensorInfo MakeSequence(Arena& arena, absl::Span<const TensorInfo> items,
                        const TensorInfo& otherwise) {
  TensorInfo common = items.empty() ? otherwise : items.front();
  for (const TensorInfo& item : items) common = CommonInfo(arena, common, item);
  const int64_t length = static_cast<int64_t>(items.size());
  // Items of items would multiply.
  const bool has_items = std::any_of(items.begin(), items.end(),
                                     [](const TensorInfo& item) { return item.has_items; });
  if (length > kMaxItems || has_items || IsNestedTooDeep(common))
    return MakeSequence(arena, common, length);
  std::vector<TensorInfo> types = {common};
  types.insert(types.end(), items.begin(), items.end());
  TensorInfo sequence;
  sequence.kind = ValueKind::kSequence;
  sequence.element_type = arena.Copy<TensorInfo>(types).data();
  sequence.has_items = true;
  sequence.length = length;
  return sequence;
}

bool ReadItems(const TensorInfo& sequence, std::vector<TensorInfo>* items) {
  items->clear();
  if (sequence.element_type == nullptr || !sequence.length.is_integer()) return false;
  const int64_t length = sequence.length.value();
  if (length < 0 || length > kMaxItems) return false;
  const TensorInfo& common = *sequence.element_type;
  if (sequence.has_items) {
    items->assign(&common + 1, &common + 1 + length);
  } else if (length == 0 || (common.kind == ValueKind::kTensor && common.shape.is_known())) {
    items->assign(static_cast<size_t>(length), common);
  } else {
    return false;
  }
  return true;
}

}  // namespace onnx_macs
