// The comparison of type_comparison.h.
#include "tests/support/type_comparison.h"

#include <algorithm>
#include <vector>

#include "analyzer/sequence_info.h"
#include "tests/support/node_cases.h"

namespace onnx_macs::testing {
namespace {

using nlohmann::json;
using AtPoint = std::function<Dim(Dim)>;

Verdict CompareDim(int64_t expected, Dim found) {
  if (!found.is_integer()) return Verdict::kIncomplete;
  return found.value() == expected ? Verdict::kRight : Verdict::kWrong;
}

Verdict CompareTensor(const json& expected, const TensorInfo& found, const AtPoint& at_point) {
  Verdict verdict = Verdict::kRight;
  if (found.type != DataTypeFromNumber(expected[0].get<int64_t>())) {
    verdict = found.type == DataType::kUndefined ? Verdict::kIncomplete : Verdict::kWrong;
  }
  if (!found.shape.has_rank()) return Worse(verdict, Verdict::kIncomplete);
  const json& dims = expected[1];
  if (dims.size() != static_cast<size_t>(found.shape.rank())) return Verdict::kWrong;
  for (size_t i = 0; i < dims.size(); ++i) {
    const Dim d = at_point(found.shape[static_cast<int>(i)]);
    verdict = Worse(verdict, CompareDim(dims[i].get<int64_t>(), d));
  }
  return verdict;
}

// Where the values are not known one by one, what they have in common must fit each of them.
Verdict CompareSequence(const json& expected, const TensorInfo& found, const AtPoint& at_point) {
  const int64_t length = static_cast<int64_t>(expected.size());
  Verdict verdict = CompareDim(length, at_point(found.length));
  if (verdict == Verdict::kWrong) return verdict;
  std::vector<TensorInfo> items;
  const bool listed = ReadItems(found, &items);
  for (size_t i = 0; i < expected.size(); ++i) {
    if (!listed && found.element_type == nullptr) return Worse(verdict, Verdict::kIncomplete);
    const TensorInfo& item = listed ? items[i] : *found.element_type;
    verdict = Worse(verdict, CompareType(expected[i], item, at_point));
  }
  return verdict;
}

}  // namespace

Verdict Worse(Verdict a, Verdict b) { return std::max(a, b); }

// Manifests do not tell an optional from what it holds.
Verdict CompareType(const json& expected, const TensorInfo& found, const AtPoint& at_point) {
  if (found.kind == ValueKind::kOptional) {
    return found.element_type == nullptr ? Verdict::kIncomplete
                                         : CompareType(expected, *found.element_type, at_point);
  }
  return IsSequenceType(expected) ? CompareSequence(expected[1], found, at_point)
                                  : CompareTensor(expected, found, at_point);
}

}  // namespace onnx_macs::testing
