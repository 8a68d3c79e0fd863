// What the operators of ai.onnx.ml share: rows of features, and class labels that are attributes.
#ifndef RULES_ML_H_
#define RULES_ML_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

inline constexpr char kMlDomain[] = "ai.onnx.ml";

// How many numbers or strings an attribute lists, or its tensor has; none where it is absent.
int64_t AttributeSize(const OpContext& ctx, absl::string_view name);

// The type of class labels: numbers where the attribute for numbers is there, else names.
DataType LabelsType(const OpContext& ctx, absl::string_view numbers);

// How many examples there are: a vector is one.
Dim NumRows(const Shape& x);

}  // namespace onnx_macs

#endif  // RULES_ML_H_
