// The few questions a Model answers by looking rather than by holding the answer.
#include "analyzer/model.h"

#include "analyzer/wire.h"

namespace onnx_macs {

// Several imports of one domain are against the rules: the newest is taken.
int64_t OpsetOf(absl::Span<const OpsetImport> opsets, absl::string_view domain) {
  int64_t version = 0;
  for (const OpsetImport& import : opsets) {
    if (import.domain == domain && import.version > version) version = import.version;
  }
  return version;
}

absl::string_view Metadata(const Node& node, absl::string_view key) {
  for (WireReader fields(node.metadata); fields.Next();) {
    if (fields.tag() != BytesField(9)) continue;
    absl::string_view entry_key, entry_value;
    for (WireReader entry(fields.bytes()); entry.Next();) {
      if (entry.tag() == BytesField(1)) entry_key = entry.bytes();
      if (entry.tag() == BytesField(2)) entry_value = entry.bytes();
    }
    if (entry_key == key) return entry_value;
  }
  return {};
}

}  // namespace onnx_macs
