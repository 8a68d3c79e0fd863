// Tables of file signatures, of the fields of other protobuf formats, and of file names.
#include "analyzer/file_kind.h"

#include <cstddef>
#include <cstdint>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "analyzer/wire.h"

namespace onnx_macs {
namespace {

using absl::string_view;

struct Signature {
  size_t offset;
  string_view bytes;
  string_view sentence;
};

constexpr string_view kGitLfs =
    "a Git LFS pointer, not the model itself: run `git lfs pull` where it was cloned";
constexpr string_view kHtml =
    "an HTML page, not a model: the download went wrong (a login or an error page?)";
constexpr string_view kZip =
    "a zip archive (a PyTorch checkpoint?), not ONNX: unpack it, or export the model with "
    "torch.onnx.export";
constexpr string_view kPickle =
    "a Python pickle (a PyTorch checkpoint?), not ONNX: export the model with torch.onnx.export";
constexpr string_view kCompressed = "a compressed file: unpack it first";
constexpr string_view kKeras = "an HDF5 file (Keras weights?), not ONNX: convert it with tf2onnx";
constexpr string_view kXml =
    "an XML file (an OpenVINO model?), not ONNX: analyse the ONNX file "
    "it was made from";

constexpr Signature kSignatures[] = {
    {0, "version https://git-lfs", kGitLfs},
    {0, "<?xml", kXml},
    {4, "ORTM", "an ONNX Runtime model (.ort), not ONNX: analyse the .onnx file it was made from"},
    {4, "TFL3", "a TensorFlow Lite model, not ONNX: convert it with tf2onnx"},
    {0, "PK\x03\x04", kZip},
    {0, "\x80\x02", kPickle},
    {0, "\x80\x03", kPickle},
    {0, "\x80\x04", kPickle},
    {0, "\x80\x05", kPickle},
    {0, "\x1f\x8b", "compressed with gzip: unpack it first (`gzip -d`)"},
    {0, "\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first (`zstd -d`)"},
    {0,
     "\xfd"
     "7zXZ",
     "compressed with xz: unpack it first (`xz -d`)"},
    {0, "BZh", "compressed with bzip2: unpack it first (`bzip2 -d`)"},
    {0, "7z\xbc\xaf", kCompressed},
    {257, "ustar", "a tar archive: unpack it first (`tar -x`)"},
    {0, "\x89HDF", kKeras},
    {0, "\x93NUMPY", "a NumPy array, not a model"},
    {0, "GGUF", "a GGUF file, which holds weights and no graph: export the model to ONNX"},
    {0,
     "\x7f"
     "ELF",
     "a program or a library, not a model"},
    {0, "%PDF", "a PDF document, not a model"},
    {0, "\x89PNG", "a picture, not a model"},
    {0, "\xff\xd8\xff", "a picture, not a model"},
    {0, "ptrt", "a TensorRT engine, not ONNX: analyse the .onnx file it was made from"},
    {0, "ftrt", "a TensorRT engine, not ONNX: analyse the .onnx file it was made from"},
};

bool IsHtml(string_view bytes) {
  const string_view text = absl::StripLeadingAsciiWhitespace(bytes.substr(0, 512));
  return absl::StartsWithIgnoreCase(text, "<!doctype html") ||
         absl::StartsWithIgnoreCase(text, "<html");
}

// Safetensors: the length of a JSON header, then the header.
bool IsSafetensors(string_view bytes) {
  constexpr size_t kLongestHeader = 100'000'000;
  if (bytes.size() < 10 || bytes[8] != '{') return false;
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | static_cast<uint8_t>(bytes[i]);
  const char next = bytes[9];
  return length <= kLongestHeader && (next == '"' || next == '}' || next == ' ');
}

// --- Protobuf formats that are not ONNX models, by the fields at the top.

uint64_t FieldBit(uint32_t tag) { return tag < 128 ? uint64_t{1} << (tag % 128 / 2) : 0; }

struct TopFields {
  bool is_protobuf = true;
  uint64_t seen = 0;  // tags below 128, by half: wire types 0, 2, 5 stay apart
  bool has_high = false;
  string_view first_message;   // of field 1
  string_view second_message;  // of field 2
};

TopFields ReadTopFields(string_view bytes) {
  constexpr int kEnough = 1000;
  TopFields top;
  WireReader reader(bytes);
  for (int i = 0; i < kEnough && reader.Next(); ++i) {
    top.seen |= FieldBit(reader.tag());
    top.has_high |= reader.tag() >> 3 >= 200;
    if (reader.tag() == BytesField(1)) top.first_message = reader.bytes();
    if (reader.tag() == BytesField(2)) top.second_message = reader.bytes();
  }
  top.is_protobuf = reader.error() == WireError::kNone;
  return top;
}

// Whether a message has these two fields, and parses to its end.
bool HasBoth(string_view message, uint32_t one, uint32_t other) {
  uint64_t seen = 0;
  WireReader reader(message);
  while (reader.Next()) seen |= FieldBit(reader.tag());
  const uint64_t both = FieldBit(one) | FieldBit(other);
  return reader.error() == WireError::kNone && (seen & both) == both;
}

bool IsSavedModel(const TopFields& top) {
  return (top.seen & FieldBit(VarintField(1))) != 0 &&
         HasBoth(top.second_message, BytesField(1), BytesField(2));
}
bool IsFrozenGraph(const TopFields& top) {
  return HasBoth(top.first_message, BytesField(1), BytesField(2));
}
bool IsCoreMl(const TopFields& top) {
  return (top.seen & FieldBit(VarintField(1))) != 0 && top.has_high;
}
bool IsTensor(const TopFields& top) {
  const uint64_t data = FieldBit(BytesField(4)) | FieldBit(BytesField(5)) |
                        FieldBit(BytesField(7)) | FieldBit(BytesField(9)) |
                        FieldBit(BytesField(13));
  return (top.seen & FieldBit(VarintField(2))) != 0 && (top.seen & data) != 0;
}

struct ProtobufKind {
  bool (*matches)(const TopFields&);
  string_view sentence;
};
constexpr ProtobufKind kProtobufKinds[] = {
    {IsTensor, "a single tensor (test data?), not a model"},
    {IsSavedModel, "a TensorFlow SavedModel, not ONNX: convert it with tf2onnx"},
    {IsFrozenGraph, "a frozen TensorFlow graph, not ONNX: convert it with tf2onnx"},
    {IsCoreMl, "a Core ML model, not ONNX: analyse the model it was made from"},
};

// --- Names

struct Ending {
  string_view ending;
  TextFormat format;
};
constexpr Ending kTextEndings[] = {
    {".textproto", TextFormat::kTextProto}, {".pbtxt", TextFormat::kTextProto},
    {".prototxt", TextFormat::kTextProto},  {".txtpb", TextFormat::kTextProto},
    {".json", TextFormat::kJson},           {".onnxjson", TextFormat::kJson},
    {".onnxtxt", TextFormat::kOnnxText},    {".onnxtext", TextFormat::kOnnxText},
};
constexpr Ending kTextBeginnings[] = {
    {"ir_version", TextFormat::kTextProto},
    {"{", TextFormat::kJson},
    {"<", TextFormat::kOnnxText},
};
constexpr string_view kDataEndings[] = {".data", "_data", ".bin", ".weight", ".weights"};

bool IsText(string_view bytes) {
  constexpr size_t kEnough = 512;
  return IsAllText(bytes.substr(0, kEnough));
}

}  // namespace

bool IsAllText(string_view bytes) {
  return absl::c_all_of(bytes, [](char c) {
    const bool is_space = c == '\n' || c == '\r' || c == '\t';
    return is_space || (static_cast<uint8_t>(c) >= ' ' && c != 0x7f);
  });
}

string_view ForeignKind(string_view bytes) {
  for (const Signature& signature : kSignatures) {
    if (bytes.size() >= signature.offset &&
        absl::StartsWith(bytes.substr(signature.offset), signature.bytes)) {
      return signature.sentence;
    }
  }
  if (IsHtml(bytes)) return kHtml;
  if (IsSafetensors(bytes)) {
    return "a safetensors file, which holds weights and no graph: export the model to ONNX";
  }
  return {};
}

string_view GuessKind(string_view bytes, string_view path) {
  for (string_view ending : kDataEndings) {
    if (absl::EndsWithIgnoreCase(path, ending)) {
      return "data beside a model (external weights?), not a model: give the .onnx file";
    }
  }
  if (IsText(bytes)) return "a text, not a model";
  if (bytes.substr(0, 64).find_first_not_of('\0') == string_view::npos) {
    return "empty pages where a model should begin: the download was not finished?";
  }
  const TopFields top = ReadTopFields(bytes);
  if (!top.is_protobuf) return {};
  for (const ProtobufKind& kind : kProtobufKinds) {
    if (kind.matches(top)) return kind.sentence;
  }
  return {};
}

TextFormat TextFormatOf(string_view bytes, string_view path) {
  for (const Ending& row : kTextEndings) {
    if (absl::EndsWithIgnoreCase(path, row.ending)) return row.format;
  }
  const string_view text = absl::StripLeadingAsciiWhitespace(bytes.substr(0, 512));
  for (const Ending& row : kTextBeginnings) {
    if (IsText(bytes) && absl::StartsWith(text, row.ending)) return row.format;
  }
  return TextFormat::kNone;
}

}  // namespace onnx_macs
