// ModelProto, and everything around it: what kind of file it is, and the one line that says what is
// wrong with it.
#include "analyzer/loader.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "analyzer/decoder.h"
#include "analyzer/file_kind.h"
#include "analyzer/graph_reader.h"
#include "analyzer/text_model.h"
#include "analyzer/wire.h"

namespace onnx_macs {
namespace {

constexpr uint32_t kGraph = BytesField(7);
// Of a stream; weights are no text.
constexpr size_t kMostStreamedText = size_t{256} << 20;

// What the fields of ModelProto leave to be read when all of them have been seen.
struct Parts {
  absl::string_view graph;
  int graphs = 0;
  std::vector<absl::string_view> functions;
};

void ReadModelField(Model& model, const WireReader& reader) {
  switch (reader.tag()) {
    case VarintField(1):
      model.ir_version = reader.integer();
      break;
    case BytesField(2):
      model.producer_name = reader.bytes();
      break;
    case BytesField(3):
      model.producer_version = reader.bytes();
      break;
    default:
      break;
  }
}

bool ReadParts(Decoder& decoder, absl::string_view message, Parts* parts) {
  WireReader reader(message);
  while (reader.Next()) {
    switch (reader.tag()) {
      case kGraph:
        parts->graph = reader.bytes();
        ++parts->graphs;
        break;
      case BytesField(8):
        if (!ReadOpsetImport(decoder, reader.bytes(), &decoder.model().opsets)) return false;
        break;
      case BytesField(25):
        parts->functions.push_back(reader.bytes());
        break;
      default:
        ReadModelField(decoder.model(), reader);
    }
  }
  if (parts->graphs > 1) parts->graph = decoder.Merged(message, kGraph);
  if (reader.error() == WireError::kTruncated && reader.tag() == kGraph) {
    return decoder.FailFormat(absl::StrCat("truncated: the file ends after ", message.size(),
                                           " bytes, and its graph does not: get it again"));
  }
  return decoder.Finish(reader, "the model");
}

bool ReadFunctions(Decoder& decoder, const std::vector<absl::string_view>& messages) {
  for (absl::string_view message : messages) {
    if (!decoder.Spend(8)) return false;
    auto& function = decoder.model().functions.emplace_back(std::make_unique<Function>());
    GraphReader reader(decoder, &function->body);
    if (!reader.ReadFunction(message, function.get())) return false;
  }
  return true;
}

absl::Status Decode(Model* model) {
  Decoder decoder(model);
  Parts parts;
  const bool is_read = ReadParts(decoder, model->bytes.view(), &parts);
  if (is_read && parts.graphs == 0) {
    decoder.FailFormat("not an ONNX model: there is no graph in it");
  }
  if (!decoder.status().ok()) return decoder.status();
  GraphReader graph(decoder, &model->graph);
  if (graph.ReadGraph(parts.graph)) ReadFunctions(decoder, parts.functions);
  return decoder.status();
}

absl::Status NotAModel(absl::string_view sentence) { return absl::InvalidArgumentError(sentence); }

// A file of another kind gets no talk of fields and bytes: it is said what it is.
absl::Status Explain(const absl::Status& status, absl::string_view bytes, absl::string_view path) {
  if (!IsFormatError(status)) return status;  // A model, whatever is wrong with it.
  absl::string_view kind = ForeignKind(bytes);
  if (kind.empty()) kind = GuessKind(bytes, path);
  return NotAModel(kind.empty() ? status.message() : kind);
}

bool BeginsLikeModel(absl::string_view bytes) { return bytes[0] == VarintField(1); }

absl::StatusOr<std::unique_ptr<Model>> Load(FileBytes bytes, absl::string_view path) {
  if (bytes.view().empty()) return NotAModel("the file is empty");
  auto model = std::make_unique<Model>();
  if (!BeginsLikeModel(bytes.view())) {
    const absl::string_view foreign = ForeignKind(bytes.view());
    if (!foreign.empty()) return NotAModel(foreign);
    const TextFormat format = TextFormatOf(bytes.view(), path);
    if (format != TextFormat::kNone) {
      auto text = ReadTextModel(bytes.view(), format);
      if (!text.ok()) return text.status();
      bytes = FileBytes::FromString(std::move(text->bytes));
      if (!text->note.empty()) model->notes.push_back(std::move(text->note));
    }
  }
  model->bytes = std::move(bytes);
  const absl::Status status = Decode(model.get());
  if (absl::Status changed = model->bytes.CheckUnchanged(); !changed.ok()) return changed;
  if (!status.ok()) return Explain(status, model->bytes.view(), path);
  return model;
}

std::string FolderOf(const std::string& path) {
  if (path == "-") return "";
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// Whether a text, as far as it goes, is one that is read.
absl::Status CheckText(absl::string_view text, absl::string_view path) {
  if (TextFormatOf(text, path) == TextFormat::kNone) return NotAModel("a text, not a model");
  if (text.size() < kMostStreamedText) return absl::OkStatus();
  return NotAModel("a text of more than 256 MiB: save it to a file and name that");
}

}  // namespace

absl::Status CheckBeginning(absl::string_view bytes, absl::string_view path) {
  if (!BeginsLikeModel(bytes)) {
    const absl::string_view foreign = ForeignKind(bytes);
    if (!foreign.empty()) return NotAModel(foreign);
    if (TextFormatOf(bytes, path) != TextFormat::kNone || IsAllText(bytes)) {
      return CheckText(bytes, path);
    }
  }
  WireReader reader(bytes);
  while (reader.Next()) {
  }
  // A group that is not closed may yet be.
  const bool is_damaged =
      reader.error() == WireError::kBadTag || reader.error() == WireError::kBadVarint;
  if (!is_damaged) return absl::OkStatus();
  Model model;
  Decoder decoder(&model);
  decoder.Finish(reader, "the model");
  return Explain(decoder.status(), bytes, path);
}

absl::StatusOr<std::unique_ptr<Model>> LoadModel(const std::string& path) {
  auto bytes = FileBytes::OpenOrReceive(
      path, [&path](absl::string_view begun) { return CheckBeginning(begun, path); });
  if (!bytes.ok()) return bytes.status();
  return LoadModel(*std::move(bytes), path);
}

absl::StatusOr<std::unique_ptr<Model>> LoadModel(FileBytes bytes, const std::string& path) {
  auto model = Load(std::move(bytes), path);
  if (model.ok()) (*model)->folder = FolderOf(path);
  return model;
}

absl::StatusOr<std::unique_ptr<Model>> LoadModelFromBytes(std::string bytes) {
  return Load(FileBytes::FromString(std::move(bytes)), "");
}

}  // namespace onnx_macs
