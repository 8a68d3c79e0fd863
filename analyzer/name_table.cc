// Names are mostly read soon after they were written: a look at a few of their bytes finds them
// again sooner than hashing all of them and asking the table.
#include "analyzer/name_table.h"

#include <cstdint>
#include <cstring>

namespace onnx_macs {
namespace {

uint64_t Load64(const char* bytes) {
  uint64_t value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

uint64_t Load32(const char* bytes) {
  uint32_t value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

// Bytes in which names differ that are near one another. Those of long ones end alike:
// `/mid_block/attentions.0/to_q/MatMul_output_0`.
uint64_t TellingBytes(absl::string_view name) {
  const char* const begin = name.data();
  const char* const end = begin + name.size();
  if (name.size() >= 32) return Load64(begin + name.size() / 2 - 4) * 31 + Load64(end - 20);
  if (name.size() >= 8) return Load64(begin) * 31 + Load64(end - 8);
  if (name.size() >= 4) return Load32(begin) << 32 | Load32(end - 4);
  return static_cast<uint64_t>(static_cast<uint8_t>(*begin)) << 8 | static_cast<uint8_t>(end[-1]);
}

}  // namespace

void NameTable::Reserve(size_t names) {
  values_.reserve(names);
  ids_.reserve(names);
}

NameTable::Recent& NameTable::RecentSlot(absl::string_view name, bool* is_it) {
  const uint64_t mixed = (TellingBytes(name) + name.size()) * 0x9e3779b97f4a7c15;
  const uint32_t tag = static_cast<uint32_t>(mixed >> 32);
  Recent& slot = recent_[tag % recent_.size()];
  *is_it = slot.tag == tag && slot.id != kNoValue && values_[slot.id].name == name;
  slot.tag = tag;
  return slot;
}

ValueId NameTable::FindOrAdd(absl::string_view name) {
  bool is_recent;
  Recent& recent = RecentSlot(name, &is_recent);
  if (is_recent) return recent.id;
  const auto entry = ids_.lazy_emplace(name, [&](const auto& construct) {
    construct(static_cast<ValueId>(values_.size()));
    values_.emplace_back().name = name;
  });
  return recent.id = *entry;
}

ValueId NameTable::Find(absl::string_view name) const {
  const auto entry = ids_.find(name);
  return name.empty() || entry == ids_.end() ? kNoValue : *entry;
}

}  // namespace onnx_macs
