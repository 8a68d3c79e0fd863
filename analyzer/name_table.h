// From names to the values of one graph. Most of the time of loading goes to this, and most of that
// to memory that is not in the cache: so the table holds nothing but ids, and what was met lately
// is found without it.
#ifndef ANALYZER_NAME_TABLE_H_
#define ANALYZER_NAME_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "analyzer/model.h"

namespace onnx_macs {

class NameTable {
 public:
  // The table adds to `values`, which must outlive it and keep what it has.
  explicit NameTable(std::vector<Value>* values)
      : values_(*values), ids_(0, Hash{values}, Equal{values}) {}
  NameTable(const NameTable&) = delete;
  NameTable& operator=(const NameTable&) = delete;

  void Reserve(size_t names);
  // The value of that name, made on first use; the name is not empty.
  ValueId FindOrAdd(absl::string_view name);
  // kNoValue when there is none.
  ValueId Find(absl::string_view name) const;

 private:
  struct Hash {
    using is_transparent = void;
    const std::vector<Value>* values;
    size_t operator()(absl::string_view name) const { return absl::HashOf(name); }
    size_t operator()(ValueId id) const { return absl::HashOf((*values)[id].name); }
  };
  struct Equal {
    using is_transparent = void;
    const std::vector<Value>* values;
    bool operator()(ValueId a, ValueId b) const { return a == b; }
    bool operator()(ValueId id, absl::string_view name) const { return (*values)[id].name == name; }
  };

  // A guess by a few of a name's bytes. The tag spares us a look at the value when it is another's.
  struct Recent {
    ValueId id = kNoValue;
    uint32_t tag = 0;
  };
  // Where a name would stand in `recent_`, and whether it does.
  Recent& RecentSlot(absl::string_view name, bool* is_it);

  std::vector<Value>& values_;
  absl::flat_hash_set<ValueId, Hash, Equal> ids_;
  std::array<Recent, 1024> recent_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_NAME_TABLE_H_
