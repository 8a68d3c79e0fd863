// The side of the text module's C interface that calls it.
#include "analyzer/text_model.h"

#include <cstdlib>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "analyzer/system.h"
#include "analyzer/text/text_module.h"

#ifndef ONNX_MACS_TEXT_MODULE
#define ONNX_MACS_TEXT_MODULE "onnx-macs-text.so"
#endif

namespace onnx_macs {
namespace {

struct Freed {
  void operator()(char* data) const { std::free(data); }
};
using Chars = std::unique_ptr<char, Freed>;

struct FormatRow {
  TextFormat format;
  OnnxMacsTextFormat number;
  absl::string_view name;
};
constexpr FormatRow kFormats[] = {
    {TextFormat::kTextProto, kOnnxMacsTextProto, "protobuf text"},
    {TextFormat::kJson, kOnnxMacsJson, "JSON"},
    {TextFormat::kOnnxText, kOnnxMacsOnnxText, "ONNX text"},
};

}  // namespace

absl::StatusOr<TextModel> ReadTextModel(absl::string_view text, TextFormat format) {
  const auto symbol = LoadModuleSymbol(ONNX_MACS_TEXT_MODULE, ONNX_MACS_READ_TEXT_SYMBOL);
  if (!symbol.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("a textual model, and ", symbol.status().message()));
  }
  const auto read_text = reinterpret_cast<OnnxMacsReadTextFn>(*symbol);
  for (const FormatRow& row : kFormats) {
    if (row.format != format) continue;
    const OnnxMacsTextResult result = read_text(text.data(), text.size(), row.number);
    const Chars bytes(result.bytes), message(result.message);
    const std::string said = message == nullptr ? "" : message.get();
    if (bytes == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("not a model written as ", row.name, ": ", said));
    }
    return TextModel{std::string(bytes.get(), result.size), said};
  }
  return absl::InvalidArgumentError("not a text");
}

}  // namespace onnx_macs
