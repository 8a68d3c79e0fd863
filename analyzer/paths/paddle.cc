// Names of Paddle2ONNX: nodes are only counted, and weights tell the layer but not where it lies.
#include "absl/strings/match.h"
#include "analyzer/paths/dialect.h"
#include "analyzer/paths/torchscript.h"

namespace onnx_macs {
namespace {

// "conv2d_12.w_0" belongs to "conv2d_12"; the exporter's own constants are "p2o.helper.constant.3".
absl::string_view PaddleOwner(absl::string_view parameter, Arena&) {
  return absl::StartsWith(parameter, "p2o.") ? absl::string_view() : ScopeFromParameter(parameter);
}

}  // namespace

const Dialect kPaddleDialect = {NoModulePart, NoPath, PaddleOwner, false};

}  // namespace onnx_macs
