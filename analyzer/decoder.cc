// The parts of Decoder that are not asked for once per field.
#include "analyzer/decoder.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace onnx_macs {

bool Decoder::Keep(absl::Status status) {
  if (status_.ok()) status_ = std::move(status);
  return false;
}

bool Decoder::Corrupt(const char* at, WireError error, absl::string_view inside) {
  const absl::string_view file = model_.bytes.view();
  const bool is_in_file = at >= file.data() && at <= file.data() + file.size();
  const std::string place = is_in_file ? absl::StrCat("at byte ", at - file.data(), ", ") : "";
  return FailFormat(
      absl::StrCat("damaged, or not an ONNX model: ", place, "in ", inside, ": ", Describe(error)));
}

int32_t Decoder::OperatorId(absl::string_view domain, absl::string_view type,
                            absl::string_view overload) {
  std::vector<Operator>& rows = model_.operators;
  const size_t ends =
      type.empty() ? 0 : static_cast<uint8_t>(type.front()) * 7 + static_cast<uint8_t>(type.back());
  int32_t& recent = recent_operators_[(ends + type.size() * 3) % recent_operators_.size()];
  if (recent > 0) {
    const Operator& row = rows[recent - 1];
    if (row.type == type && row.domain == domain && row.overload == overload) return recent - 1;
  }
  const OperatorKey key(domain, type, overload);
  auto row = operators_.find(key);
  if (row == operators_.end()) {
    // Few, and copied: the file may be written to, and a table must not change below its keys.
    const Operator added = {arena().CopyString(domain), arena().CopyString(type),
                            arena().CopyString(overload)};
    row = operators_
              .try_emplace(OperatorKey(added.domain, added.type, added.overload),
                           static_cast<int32_t>(rows.size()))
              .first;
    if (row->second == static_cast<int32_t>(rows.size())) rows.push_back(added);
  }
  recent = row->second + 1;
  return row->second;
}

absl::string_view Decoder::Merged(absl::string_view message, uint32_t tag) {
  std::string all;
  for (WireReader reader(message); reader.Next();) {
    if (reader.tag() == tag) absl::StrAppend(&all, reader.bytes());
  }
  return arena().CopyString(all);
}

void Decoder::Passed(absl::string_view tensor) {
  constexpr size_t kLarge = 64 * 1024;
  constexpr int kReleaseEvery = 64;
  if (tensor.size() < kLarge) return;
  if (large_tensors_++ % kReleaseEvery == 0) {
    const char* const end = tensor.data();
    if (unreleased_ != nullptr && unreleased_ < end) {
      model_.bytes.Release(absl::string_view(unreleased_, end - unreleased_));
    }
    unreleased_ = end;
  }
}

bool Decoder::AppendVarints(const WireReader& reader, absl::string_view inside,
                            std::vector<int64_t>* out) {
  if ((reader.tag() & 7) == static_cast<uint32_t>(WireType::kVarint)) {
    out->push_back(reader.integer());
    return true;
  }
  const WireError error = AppendPackedVarints(reader.bytes(), out);
  return error == WireError::kNone || Corrupt(reader.field(), error, inside);
}

std::string Quoted(absl::string_view name) {
  constexpr size_t kLongest = 200;
  const std::string text = absl::Utf8SafeCEscape(name.substr(0, kLongest));
  return absl::StrCat("'", text, name.size() > kLongest ? "..." : "", "'");
}

}  // namespace onnx_macs
