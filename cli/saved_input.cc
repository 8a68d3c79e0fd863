// Values of a saved analysis, held to what a report can have.
#include "cli/saved_input.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/checked_int.h"
#include "analyzer/figures.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr int64_t kMostElements = 50'000'000;
constexpr size_t kMostFormulas = 64;  // of one row
// False where these are no digits, or more than 128 bits hold.
bool ParseDigits(absl::string_view digits, absl::int128* value) {
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    if (!MulChecked(*value, 10, value) || !AddChecked(*value, c - '0', value)) return false;
  }
  return !digits.empty();
}

// Whether a formula multiplies no sums, which takes long and which no formula of ours does: those
// are polynomials. Parentheses of functions are no factors of that kind.
bool IsMultipliedOut(absl::string_view formula) {
  const auto neighbour = [&](size_t at, int step) {
    do {
      at += static_cast<size_t>(step);  // before the beginning it wraps
    } while (at < formula.size() && formula[at] == ' ');
    return at < formula.size() ? formula[at] : '+';
  };
  std::vector<bool> is_sum;  // of what is open
  for (size_t i = 0; i < formula.size(); ++i) {
    if (formula[i] == '"' || formula[i] == '\'') {  // a name, whatever is in it
      i = std::min(formula.find(formula[i], i + 1), formula.size());
    } else if (formula[i] == '(') {
      const char before = neighbour(i, -1);
      is_sum.push_back(absl::StrContains("+-*/(,", before));
      if (before == '*') return false;
    } else if (formula[i] == ')' && !is_sum.empty()) {
      const char after = neighbour(i, 1);
      if (is_sum.back() && (after == '*' || after == '^')) return false;
      is_sum.pop_back();
    }
  }
  return true;
}

}  // namespace

Amount SavedInput::ReadAmount() {
  if (ReadNull()) return Amount::Unknown();
  absl::int128 value = 0;
  if (Peek() == Kind::kString) {
    if (!ParseDigits(ReadString(), &value)) FailAtKey("a string, but no number that can be read");
  } else {
    value = ReadInteger();
  }
  if (value < 0) FailAtKey("negative");
  return Amount::Integer(value);
}

std::string SavedInput::ReadFormula() {
  std::string text = ReadString();
  if (!IsMultipliedOut(text)) FailAtKey("a formula that multiplies sums");
  return text;
}

Amount SavedInput::MakeFormula(const std::string& text) {
  const auto [known, is_new] = formulas_.try_emplace(text);
  if (is_new) {
    known->second = Amount::Sum(text, ApproximateFormula(text));  // others may have written it
  }
  return known->second;
}

int64_t SavedInput::ReadCount(int64_t most) {
  const int64_t count = ReadInteger();
  if (count < 0 || count > most) FailAtKey(count < 0 ? "negative" : "a number that is too large");
  return ok() ? count : 0;
}

double SavedInput::ReadSeconds() {
  constexpr double kMost = 1e18;
  const double value = ReadReal();
  if (value < 0 || value > kMost) FailAtKey(value < 0 ? "negative" : "a number that is too large");
  return ok() ? value : 0;
}

std::string SavedInput::ReadWord() {
  std::string word = ReadString();
  if (Printable(word) != word) FailAtKey("a text that cannot be shown");
  return word;
}

std::vector<std::string> SavedInput::ReadStrings() {
  std::vector<std::string> strings;
  ReadList(&strings, [this](std::string* text) { *text = ReadString(); });
  return strings;
}

std::vector<std::pair<std::string, int64_t>> SavedInput::ReadCounts() {
  std::vector<std::pair<std::string, int64_t>> counts;
  ReadObject([&](absl::string_view name) {
    CountElement();
    counts.emplace_back(std::string(name), ReadCount());
  });
  return counts;
}

void SavedInput::CountElement() {
  if (++num_elements_ > kMostElements) Fail("there is more in it than an analysis can have");
}

bool SavedKeys::IsNew(size_t i, absl::string_view key) {
  const uint64_t bit = uint64_t{1} << i;
  if ((seen_ & bit) != 0) in_.Fail(absl::StrCat("\"", key, "\" is there twice"));
  seen_ |= bit;
  return in_.ok();
}

void SavedKeys::Require(size_t i, absl::string_view key) {
  if ((seen_ >> i & 1) != 0) return;
  in_.FailAt(place_, absl::StrCat("there is no \"", key,
                                  "\" in this object: was it saved by another version?"));
}

void SavedKeys::ReadFormulas() {
  in_.ReadObject([this](absl::string_view key) {
    formulas_.emplace_back(std::string(key), in_.ReadFormula());
    if (formulas_.size() > kMostFormulas) in_.Fail("there are too many formulas in this object");
  });
}

void SavedKeys::Complete(absl::string_view key, Amount* amount) {
  if (formulas_.empty() || !amount->is_unknown()) return;
  for (const auto& [name, text] : formulas_) {
    if (name == key) *amount = in_.MakeFormula(text);
  }
}

}  // namespace onnx_macs
