// Reads textual models with ONNX's own library. That library may be older than the model: fields it
// does not know are left out, and the result says so.
#include "analyzer/text/text_module.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <onnx/defs/parser.h>
#include <onnx/onnx_pb.h>

#include <climits>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <set>
#include <stdexcept>
#include <string>

namespace {

namespace pb = google::protobuf;

// Nesting that ONNX's own parser would follow by recursion; no real model comes near.
constexpr int kMaxNesting = 200;
constexpr int kMaxNamedFields = 5;
constexpr size_t kMostMessage = 500;

struct Outcome {
  bool ok = false;
  std::string message;
};

// The first error, and the names of the fields that were skipped.
class Collector : public pb::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (!error_.empty()) return;
    error_ = "line " + std::to_string(line + 1) + ", column " + std::to_string(column + 1) + ": " +
             message;
  }
  void AddWarning(int, int, const std::string& message) override {
    // `Message type "onnx.NodeProto" has no field named "overload".`
    const size_t end = message.rfind('"');
    const size_t begin = end == std::string::npos ? end : message.rfind('"', end - 1);
    if (begin != std::string::npos) fields_.insert(message.substr(begin + 1, end - begin - 1));
  }
  const std::string& error() const { return error_; }
  std::string Note() const {
    std::string names;
    int count = 0;
    for (const std::string& name : fields_) {
      if (++count <= kMaxNamedFields) names += (names.empty() ? "" : ", ") + name;
    }
    if (count > kMaxNamedFields) names += ", ...";
    return names.empty() ? "" : "left out of the text, being newer than the library: " + names;
  }

 private:
  std::string error_;
  std::set<std::string> fields_;
};

Outcome ReadTextProto(const std::string& text, onnx::ModelProto* model) {
  Collector collector;
  pb::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.AllowUnknownField(true);
  parser.AllowPartialMessage(true);
  parser.SetRecursionLimit(kMaxNesting);
  if (!parser.ParseFromString(text, model)) return {false, collector.error()};
  return {true, collector.Note()};
}

Outcome ReadJson(const std::string& text, onnx::ModelProto* model) {
  pb::util::JsonParseOptions options;
  if (pb::util::JsonStringToMessage(text, model, options).ok()) return {true, ""};
  options.ignore_unknown_fields = true;
  model->Clear();
  const auto status = pb::util::JsonStringToMessage(text, model, options);
  if (!status.ok()) return {false, std::string(status.message())};
  return {true, "left out of the text: fields that are newer than the library"};
}

Outcome ReadOnnxText(const std::string& text, onnx::ModelProto* model) {
  onnx::OnnxParser parser(text.c_str());
  const auto status = parser.Parse(*model);
  if (!status.IsOK()) return {false, status.ErrorMessage()};
  if (!parser.EndOfInput()) return {false, "something follows the model"};
  return {true, ""};
}

// The deepest nesting of brackets outside of quotes.
int Nesting(const std::string& text) {
  int depth = 0, deepest = 0;
  bool is_quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (is_quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted && (text[i] == '{' || text[i] == '(' || text[i] == '[')) {
      deepest = ++depth > deepest ? depth : deepest;
    } else if (!is_quoted && (text[i] == '}' || text[i] == ')' || text[i] == ']')) {
      --depth;
    }
  }
  return deepest;
}

Outcome Read(const std::string& text, OnnxMacsTextFormat format, onnx::ModelProto* model) {
  if (text.size() > INT_MAX) return {false, "it has more than 2 GiB"};
  if (format == kOnnxMacsTextProto) return ReadTextProto(text, model);
  if (Nesting(text) > kMaxNesting) return {false, "its brackets are nested too deep"};
  return format == kOnnxMacsJson ? ReadJson(text, model) : ReadOnnxText(text, model);
}

// Errors are one line: this library's may be several, and quote what may be a whole file.
std::string OneLine(std::string text) {
  if (text.size() > kMostMessage) text = text.substr(0, kMostMessage) + "...";
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return text;
}

char* CopyForC(const std::string& text) {
  char* const copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy != nullptr) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

OnnxMacsTextResult Convert(const std::string& text, OnnxMacsTextFormat format) {
  onnx::ModelProto model;
  Outcome outcome = Read(text, format, &model);
  std::string bytes;
  if (outcome.ok && !model.SerializePartialToString(&bytes)) {
    outcome = {false, "the model has more than 2 GiB"};
  }
  OnnxMacsTextResult result = {};
  if (outcome.ok) {
    result.bytes = CopyForC(bytes);
    result.size = bytes.size();
  }
  if (!outcome.message.empty() || !outcome.ok) result.message = CopyForC(OneLine(outcome.message));
  return result;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) OnnxMacsTextResult onnx_macs_read_text(
    const char* text, size_t size, OnnxMacsTextFormat format) {
  try {
    return Convert(std::string(text, size), format);
  } catch (const std::out_of_range&) {  // by ONNX's parser, with the name of a function
    return {nullptr, 0, CopyForC("a number in it is too large")};
  } catch (const std::exception& error) {
    return {nullptr, 0, CopyForC(OneLine(error.what()))};
  }
}
