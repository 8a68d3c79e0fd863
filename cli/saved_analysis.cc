// The outermost object, and what else JSON of ours may be.
#include "cli/saved_analysis.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/saved_pipeline.h"
#include "cli/saved_rows.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

using absl::string_view;

constexpr string_view kSchema = "onnx-macs/1";
constexpr size_t kMostBytes = size_t{1} << 30;

// Only the JSON of ONNX has these at the top. It may be long, and is told from ours at once.
constexpr string_view kKeysOfOnnx[] = {"irVersion", "opsetImport", "graph", "producerName"};

// Other things that are saved with the same schema, by the key that they alone have.
struct OtherKind {
  string_view key, what;
};
constexpr OtherKind kOtherKinds[] = {
    {"sweep", "a saved sweep"},
    {"operators", "a saved list of operators"},
    {"diff", "a saved diff"},
    {"check", "a saved check"},
};

// What tells the kind of a file.
struct Kind {
  std::string schema;
  bool has_models = false;
  string_view other;  // what it is instead
};

// Reads the keys at the top until `is_enough(kind)`, or one says that the file is not ours. Models,
// which are most of a file, mostly come after what is looked for.
template <typename IsEnough>
Kind ReadKind(string_view text, IsEnough is_enough) {
  Kind kind;
  JsonCursor in(text);
  if (in.Peek() != JsonCursor::Kind::kObject) return kind;
  in.ReadObject([&](string_view key) {
    kind.has_models |= key == "models";
    for (const OtherKind& other : kOtherKinds) {
      if (key == other.key) kind.other = other.what;
    }
    if (is_enough(kind) || absl::c_linear_search(kKeysOfOnnx, key)) return in.Fail("enough");
    if (key == "schema" && in.Peek() == JsonCursor::Kind::kString) {
      kind.schema = in.ReadString();
    } else {
      in.Skip();
    }
  });
  return kind;
}

template <auto Member>
void ReadResults(SavedInput& in, SavedAnalysis* saved) {
  saved->results.*Member = in.ReadString();
}

void ReadModel(SavedInput& in, SavedAnalysis* saved) {
  SavedModel model;
  Read(in, &model);
  saved->parts.push_back(model.parts);
  saved->results.models.push_back(std::move(model));
}

constexpr SavedField<FileError> kError[] = {
    {"file", ReadText<&FileError::file>},
    {"error", ReadText<&FileError::message>},
};

constexpr SavedField<SavedAnalysis> kAnalysis[] = {
    {"schema", [](SavedInput& in, SavedAnalysis*) { in.ReadString(); }},
    {"convention", ReadResults<&Results::convention>},
    {"rules", ReadResults<&Results::rules>, false},
    {"models",
     [](SavedInput& in, SavedAnalysis* saved) { in.ReadArray([&] { ReadModel(in, saved); }); }},
    {"errors",
     [](SavedInput& in, SavedAnalysis* saved) {
       in.ReadList(&saved->results.errors, [&in](FileError* error) {
         Read(in, SavedRow<FileError>{kError, {}}, error);
       });
     },
     false},
    {"pipeline",
     [](SavedInput& in, SavedAnalysis* saved) {
       Read(in, &saved->results.pipelines.emplace_back());
     },
     false},
    {"pipelines",
     [](SavedInput& in, SavedAnalysis* saved) { ReadRows(in, &saved->results.pipelines); }, false},
    {"training",
     [](SavedInput& in, SavedAnalysis* saved) { Read(in, &saved->results.training.emplace()); },
     false},
};

// What is JSON of ours, but no analysis that can be read; empty where it is one, or damaged.
std::string NoAnalysis(string_view text) {
  if (text.size() > kMostBytes) return "a saved analysis that is too large: 1 GiB is the most";
  const Kind kind =
      ReadKind(text, [](const Kind& known) { return known.has_models && !known.schema.empty(); });
  if (kind.schema != kSchema && !kind.schema.empty()) {
    return absl::StrCat("saved as ", Printable(kind.schema), ", but this onnx-macs reads ", kSchema,
                        ": use the one that saved it");
  }
  if (kind.has_models || kind.other.empty()) return "";
  return absl::StrCat(kind.other,
                      ", not an analysis: give what `onnx-macs MODEL --format json` wrote");
}

}  // namespace

bool IsSavedAnalysis(string_view text) {
  const Kind kind = ReadKind(text, [](const Kind& known) { return !known.schema.empty(); });
  return absl::StartsWith(kind.schema, "onnx-macs/");
}

absl::StatusOr<SavedAnalysis> ReadSavedAnalysis(string_view text) {
  if (const std::string what = NoAnalysis(text); !what.empty()) {
    return absl::InvalidArgumentError(what);
  }
  SavedAnalysis saved;
  SavedInput in(text);
  Read(in, SavedRow<SavedAnalysis>{kAnalysis, {}}, &saved);
  in.End();
  if (in.ok()) return saved;
  return absl::InvalidArgumentError(
      absl::StrCat("a saved analysis that cannot be read: ", Printable(in.status().message())));
}

}  // namespace onnx_macs
