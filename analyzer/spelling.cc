// Damerau-Levenshtein distance (its restricted form), and the choice of the nearest name.
#include "analyzer/spelling.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace onnx_macs {
namespace {

// Longer words are names of tensors; nobody mistypes those, and the table grows with the square.
constexpr size_t kMaxWord = 200;

// A third of the letters may be wrong, and always one.
int Tolerance(absl::string_view word) {
  return std::max<int>(1, static_cast<int>(word.size()) / 3);
}

}  // namespace

int EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<int> before_last, last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int change = last[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::exchange(last, row);
  }
  return last[b.size()];
}

absl::string_view Nearest(absl::string_view word, absl::Span<const absl::string_view> names) {
  if (word.empty() || word.size() > kMaxWord) return {};
  const std::string lower = absl::AsciiStrToLower(word);
  absl::string_view best;
  int best_distance = Tolerance(word) + 1;
  for (absl::string_view name : names) {
    if (name.empty() || name.size() > kMaxWord) continue;
    const std::string candidate = absl::AsciiStrToLower(name);
    int distance = EditDistance(lower, candidate);
    // A beginning of a longer name is an abbreviation of it.
    if (word.size() >= 3 && absl::StartsWith(candidate, lower)) distance = std::min(distance, 1);
    // Words that have nothing in common, as two single letters, are not near.
    const bool is_other = distance >= static_cast<int>(std::max(word.size(), name.size()));
    if (distance < best_distance && !is_other) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

std::string Nearest(absl::string_view word, absl::Span<const std::string> names) {
  const std::vector<absl::string_view> views(names.begin(), names.end());
  return std::string(Nearest(word, absl::MakeConstSpan(views)));
}

std::string Clipped(absl::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return absl::StrCat(text.substr(0, most), "...");
}

std::string Listed(absl::Span<const std::string> names) {
  constexpr size_t kMostNames = 12;
  return absl::StrCat(absl::StrJoin(names.subspan(0, kMostNames), ", "),
                      names.size() > kMostNames ? ", ..." : "");
}

std::string DidYouMean(absl::string_view nearest) {
  return nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?");
}

std::string WithExample(absl::string_view what, absl::string_view example) {
  return absl::StrCat(what, absl::EndsWith(what, "?") ? " " : "; ", "example: ", example);
}

}  // namespace onnx_macs
