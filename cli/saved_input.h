// What every part of a saved analysis is read by: amounts, texts, lists, and rows by tables of
// their keys.
#ifndef CLI_SAVED_INPUT_H_
#define CLI_SAVED_INPUT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/amount.h"
#include "cli/json_cursor.h"

namespace onnx_macs {

class SavedInput : public JsonCursor {
 public:
  using JsonCursor::JsonCursor;

  // An integer, or its digits as a string; null is unknown.
  Amount ReadAmount();
  // A polynomial, as all formulas of ours are.
  std::string ReadFormula();
  Amount MakeFormula(const std::string& text);
  // No size, count of nodes or of calls is larger than `most`.
  int64_t ReadCount(int64_t most = kMostCount);
  double ReadSeconds();  // or another real that is not negative
  // A text that views show as it is.
  std::string ReadWord();
  std::vector<std::string> ReadStrings();
  std::vector<std::pair<std::string, int64_t>> ReadCounts();
  // What is kept of a file takes more than its text: there is an end to that.
  void CountElement();

  // `read(row)` reads an element.
  template <typename Row, typename Read>
  void ReadList(std::vector<Row>* rows, Read read) {
    ReadArray([&] {
      CountElement();
      read(&rows->emplace_back());
    });
  }

 private:
  static constexpr int64_t kMostCount = int64_t{1} << 53;

  absl::flat_hash_map<std::string, Amount> formulas_;  // many rows are alike
  int64_t num_elements_ = 0;
};

// A key of a row, and what reads its value.
template <typename Row>
struct SavedField {
  absl::string_view key;
  void (*read)(SavedInput& in, Row* row);
  bool is_required = true;
};

// The key of an amount. Under the key "formula" the row has its formula, where it is no number.
template <typename Row>
struct SavedAmount {
  absl::string_view key;
  Amount* (*of)(Row* row);
  bool is_required = true;
};

template <typename Row>
struct SavedRow {
  absl::Span<const SavedField<Row>> fields;
  absl::Span<const SavedAmount<Row>> amounts;
};

// What is read of a row beside itself.
class SavedKeys {
 public:
  explicit SavedKeys(SavedInput& in) : in_(in), place_(in.Place()) {}

  // False, and a complaint, where the key, the i-th, was there before.
  bool IsNew(size_t i, absl::string_view key);
  void Require(size_t i, absl::string_view key);
  void ReadFormulas();
  // A formula where the amount is none that is known and there is one.
  void Complete(absl::string_view key, Amount* amount);

 private:
  SavedInput& in_;
  const size_t place_;
  uint64_t seen_ = 0;
  std::vector<std::pair<std::string, std::string>> formulas_;
};

// Reads a row. Keys that are not known are those of a newer version, and are skipped. There are at
// most 64 known ones.
template <typename Row>
void Read(SavedInput& in, const SavedRow<Row>& format, Row* row) {
  const size_t num_fields = format.fields.size(), num_keys = num_fields + format.amounts.size();
  const auto key_of = [&](size_t i) {
    return i < num_fields ? format.fields[i].key : format.amounts[i - num_fields].key;
  };
  SavedKeys keys(in);
  size_t guess = 0;  // keys come in their order, mostly
  in.ReadObject([&](absl::string_view key) {
    for (size_t tried = 0; tried < num_keys; ++tried, ++guess) {
      if (guess >= num_keys) guess = 0;
      if (key_of(guess) == key) break;
      if (tried + 1 < num_keys) continue;
      return key == "formula" ? keys.ReadFormulas() : in.Skip();
    }
    if (!keys.IsNew(guess, key)) return;
    if (guess < num_fields) {
      format.fields[guess].read(in, row);
    } else {
      *format.amounts[guess - num_fields].of(row) = in.ReadAmount();
    }
    ++guess;
  });
  for (size_t i = 0; i < num_keys && in.ok(); ++i) {
    const bool is_required =
        i < num_fields ? format.fields[i].is_required : format.amounts[i - num_fields].is_required;
    if (is_required) keys.Require(i, key_of(i));
  }
  for (const SavedAmount<Row>& amount : format.amounts) {
    keys.Complete(amount.key, amount.of(row));
  }
}

}  // namespace onnx_macs

#endif  // CLI_SAVED_INPUT_H_
