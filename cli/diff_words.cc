// The short answer of a diff.
#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/btree_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "analyzer/figures.h"
#include "cli/diff_view.h"
#include "cli/number_format.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

struct NamedFigure {
  const char* name;
  Amount Figures::*amount;
  bool is_bytes;
};

// Besides MACs.
constexpr NamedFigure kOthers[] = {{"operations", &Figures::ops, false},
                                   {"parameters", &Figures::params, false},
                                   {"weights", &Figures::weight_bytes, true}};

std::string Format(const Amount& amount, bool is_bytes) {
  return is_bytes ? FormatByteAmount(amount) : FormatAmount(amount);
}

std::string ValueText(const Amount& amount, bool is_lower_bound) {
  return FormatAmount(amount, is_lower_bound);
}

// "; weights -50.0%, operations +1.2%": what else differs.
std::string OtherChanges(const Figures& before, const Figures& after) {
  std::vector<std::string> changes;
  for (const NamedFigure& named : kOthers) {
    const Amount &a = before.*named.amount, &b = after.*named.amount;
    if (a == b) continue;
    const std::string percent = PercentText(a, b);
    changes.push_back(absl::StrCat(named.name, " ", percent.empty() ? DeltaText(a, b) : percent));
  }
  return changes.empty() ? "" : absl::StrCat("; ", absl::StrJoin(changes, ", "));
}

std::string Identical(const Figures& figures, bool is_lower_bound) {
  std::vector<std::string> texts = {absl::StrCat(ValueText(figures.macs, is_lower_bound), " MACs")};
  for (const NamedFigure& named : kOthers) {
    const Amount& amount = figures.*named.amount;
    const bool is_bound = is_lower_bound && named.amount == &Figures::ops;
    texts.push_back(absl::StrCat(is_bound ? ">= " : "", Format(amount, named.is_bytes),
                                 named.is_bytes ? " of " : " ", named.name));
  }
  return absl::StrCat("identical cost: ", absl::StrJoin(texts, ", "));
}

// "1.32x cheaper", "slightly costlier": of what is known to differ.
std::string Factor(const Amount& before, const Amount& after) {
  if (!before.is_integer() || !after.is_integer()) return "other cost";
  const bool is_cheaper = after.value() < before.value();
  const double high = (is_cheaper ? before : after).approximate();
  const double low = (is_cheaper ? after : before).approximate();
  const char* word = is_cheaper ? "cheaper" : "costlier";
  if (low <= 0) return word;
  if (high / low < 1.005) return absl::StrCat("slightly ", word);
  return absl::StrFormat("%.*fx %s", high / low < 99.5 ? 2 : 0, high / low, word);
}

std::string AnswerOf(const Figures& before, const Figures& after, bool bound_before,
                     bool bound_after) {
  const bool is_bound = bound_before || bound_after;
  const std::string others = OtherChanges(before, after);
  if (before.macs == after.macs && !before.macs.is_unknown()) {
    if (others.empty() && bound_before == bound_after) return Identical(after, is_bound);
    return absl::StrCat("no change in ", is_bound ? "the MACs that are counted" : "MACs", " (",
                        ValueText(after.macs, is_bound), ")", others);
  }
  const std::string values = absl::StrCat(ValueText(before.macs, bound_before), " -> ",
                                          ValueText(after.macs, bound_after), " MACs");
  if (is_bound) return absl::StrCat("not all is counted: ", values);
  const std::string percent = PercentText(before.macs, after.macs);
  return absl::StrCat(Factor(before.macs, after.macs), ": ", values, " (",
                      DeltaText(before.macs, after.macs), percent.empty() ? "" : ", ", percent, ")",
                      others);
}

using Row = const ComponentDiff*;

// Added and removed parts, but for those inside of others.
std::vector<Row> OnlyOnSide(const ModelDiff& model, Presence presence) {
  std::vector<Row> rows;
  int inside = -1;  // the depth of the one that the next rows may lie in
  for (const ComponentDiff& row : model.components) {
    if (inside >= 0 && row.depth > inside) continue;
    inside = -1;
    if (row.presence != presence || row.is_wrapper || row.is_regrouped) continue;
    inside = row.depth;
    rows.push_back(&row);
  }
  return rows;
}

constexpr size_t kMostNamed = 3;

// The first few, and how many more there are.
template <typename List, typename Text>
std::string Listed(const List& list, Text text) {
  std::vector<std::string> texts;
  for (const auto& element : list) {
    if (texts.size() == kMostNamed) break;
    texts.push_back(text(element));
  }
  const size_t more = list.size() - texts.size();
  return absl::StrCat(absl::StrJoin(texts, ", "),
                      more > 0 ? absl::StrCat(" and ", more, " more") : "");
}

std::string Itself(const std::string& text) { return text; }

double Weight(const ComponentDiff& row) {
  return std::abs(row.after.macs.approximate() - row.before.macs.approximate());
}

// "added: blocks.4 (+1.05 M)". A change inside a part whose cost is the same is a regrouping.
void AddOnlyOnSide(const ModelDiff& model, Presence presence, const char* word,
                   std::vector<std::string>* lines) {
  std::vector<Row> rows = OnlyOnSide(model, presence);
  absl::c_stable_sort(rows, [](Row a, Row b) { return Weight(*a) > Weight(*b); });
  const auto text = [](Row row) {
    const std::string delta = DeltaText(row->before.macs, row->after.macs);
    return absl::StrCat(PathOf(*row), delta.empty() ? "" : absl::StrCat(" (", delta, ")"));
  };
  if (!rows.empty()) lines->push_back(absl::StrCat(word, ": ", Listed(rows, text)));
}

std::string ParentOf(const std::string& path) {
  const size_t dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(0, dot);
}

std::string LeafOf(const std::string& path) { return path.substr(path.rfind('.') + 1); }

bool IsNumber(const std::string& leaf) { return absl::c_all_of(leaf, absl::ascii_isdigit); }

// What moved from one place to another is one line, however many parts it has.
void AddMoved(const ModelDiff& model, std::vector<std::string>* lines) {
  absl::btree_map<std::pair<std::string, std::string>, std::vector<Row>> by_parents;
  std::vector<std::string> renamed, moved;
  for (const ComponentDiff& row : model.components) {
    if (!row.is_moved) continue;
    const std::string text = absl::StrCat(row.old_path, " -> ", row.new_path);
    const bool same_parent = ParentOf(row.old_path) == ParentOf(row.new_path);
    const bool same_leaf = LeafOf(row.old_path) == LeafOf(row.new_path);
    if (same_parent && !IsNumber(LeafOf(row.new_path))) {
      renamed.push_back(text);
    } else if (same_leaf && !same_parent) {
      by_parents[{ParentOf(row.old_path), ParentOf(row.new_path)}].push_back(&row);
    } else {
      moved.push_back(text);
    }
  }
  for (const auto& [parents, rows] : by_parents) {
    const auto place = [](const std::string& path) {
      return path.empty() ? std::string("the top") : path;
    };
    moved.push_back(rows.size() == 1 ? absl::StrCat(rows[0]->old_path, " -> ", rows[0]->new_path)
                                     : absl::StrCat(rows.size(), " parts of ", place(parents.first),
                                                    " to ", place(parents.second)));
  }
  if (!renamed.empty()) lines->push_back(absl::StrCat("renamed: ", Listed(renamed, Itself)));
  if (!moved.empty()) lines->push_back(absl::StrCat("moved: ", Listed(moved, Itself)));
}

void AddWrappers(const ModelDiff& model, std::vector<std::string>* lines) {
  for (const ComponentDiff& row : model.components) {
    if (!row.is_wrapper) continue;
    lines->push_back(row.presence == Presence::kOnlyNew
                         ? absl::StrCat("moved: what it holds is below ", row.new_path, " now")
                         : absl::StrCat("moved: what it held was below ", row.old_path, " before"));
  }
}

// The innermost parts that both sides have and that cost something else by themselves: what lies
// in one is named instead of it.
void AddChanged(const ModelDiff& model, std::vector<std::string>* lines) {
  std::vector<Row> rows;
  std::vector<Row> open;
  std::vector<Row> explained;
  for (const ComponentDiff& row : model.components) {
    while (!open.empty() && open.back()->depth >= row.depth) open.pop_back();
    if (Weight(row) > 0 && row.presence == Presence::kBoth) {
      explained.insert(explained.end(), open.begin(), open.end());
      rows.push_back(&row);
    } else if (Weight(row) > 0 && !row.is_wrapper) {
      explained.insert(explained.end(), open.begin(), open.end());
    }
    open.push_back(&row);
  }
  absl::c_sort(explained);
  std::vector<Row> innermost;
  absl::c_copy_if(rows, std::back_inserter(innermost), [&](Row row) {
    return row->depth > 0 && !absl::c_binary_search(explained, row);
  });
  absl::c_stable_sort(innermost, [](Row a, Row b) { return Weight(*a) > Weight(*b); });
  const auto text = [](Row row) {
    return absl::StrCat(row->new_path, " (", DeltaText(row->before.macs, row->after.macs), ")");
  };
  if (!innermost.empty()) lines->push_back(absl::StrCat("changed: ", Listed(innermost, text)));
}

std::string Arrow(const Difference& difference) {
  if (difference.before.empty()) {
    return absl::StrCat(difference.what, " added: ", difference.after);
  }
  if (difference.after.empty()) {
    return absl::StrCat(difference.what, " removed: ", difference.before);
  }
  return absl::StrCat(difference.what, ": ", difference.before, " -> ", difference.after);
}

// "weights: float32 3.438 GB -> float16 1.719 GB" where one type took the place of another.
void AddWeightTypes(const ModelDiff& model, std::vector<std::string>* lines) {
  std::vector<std::string> before, after;
  bool is_other = false;
  for (const WeightTypeDiff& row : model.weight_types) {
    is_other |= row.params_before.is_zero() != row.params_after.is_zero();
    if (!row.params_before.is_zero()) {
      before.push_back(absl::StrCat(row.dtype, " ", FormatByteAmount(row.bytes_before)));
    }
    if (!row.params_after.is_zero()) {
      after.push_back(absl::StrCat(row.dtype, " ", FormatByteAmount(row.bytes_after)));
    }
  }
  if (!is_other || before.empty() || after.empty()) return;
  lines->push_back(
      absl::StrCat("weights: ", absl::StrJoin(before, ", "), " -> ", absl::StrJoin(after, ", ")));
}

void AddPeak(const ModelDiff& model, std::vector<std::string>* lines) {
  if (!model.has_memory || model.peak_before == model.peak_after) return;
  const std::string percent = PercentText(model.peak_before, model.peak_after);
  lines->push_back(absl::StrCat("memory: peak of activations ", FormatByteAmount(model.peak_before),
                                " -> ", FormatByteAmount(model.peak_after),
                                percent.empty() ? "" : absl::StrCat(" (", percent, ")")));
}

}  // namespace

const std::string& PathOf(const ComponentDiff& row) {
  return row.presence == Presence::kOnlyOld ? row.old_path : row.new_path;
}

Amount DeltaOf(const Amount& before, const Amount& after) {
  const bool is_same = before == after && !before.is_unknown();
  return is_same ? Amount() : Simplified(Subtract(after, before));
}

std::string DeltaText(const Amount& before, const Amount& after, bool is_bytes) {
  if (before == after && !before.is_unknown()) return "";
  const Amount delta = DeltaOf(before, after);
  if (!delta.is_integer()) return FormatAmount(delta);
  return absl::StrCat(delta.value() > 0 ? "+" : "",
                      is_bytes ? FormatBytes(delta.value()) : FormatSi(delta.value()));
}

std::string PercentText(const Amount& before, const Amount& after) {
  if (!before.is_integer() || !after.is_integer() || before.is_zero() || before == after) return "";
  const double percent = 100 * (after.approximate() - before.approximate()) / before.approximate();
  if (std::abs(percent) < 0.05) return percent > 0 ? "+<0.1%" : "-<0.1%";
  return absl::StrFormat("%+.1f%%", percent);
}

std::string ShortAnswer(const DiffTotal& total) {
  return AnswerOf(total.before, total.after, total.is_lower_bound_before,
                  total.is_lower_bound_after);
}

std::string ShortAnswer(const ModelDiff& model) {
  if (model.presence != Presence::kBoth) {
    const bool is_new = model.presence == Presence::kOnlyNew;
    const Figures& figures = is_new ? model.after : model.before;
    return absl::StrCat(is_new ? "added" : "removed", ": ", FormatAmount(figures.macs), " MACs, ",
                        FormatAmount(figures.params), " parameters");
  }
  return AnswerOf(model.before, model.after, model.gaps_before > 0, model.gaps_after > 0);
}

std::vector<std::string> Reasons(const ModelDiff& model) {
  std::vector<std::string> lines;
  for (const Difference& difference : model.interface) lines.push_back(Arrow(difference));
  AddWeightTypes(model, &lines);
  AddPeak(model, &lines);
  AddOnlyOnSide(model, Presence::kOnlyNew, "added", &lines);
  AddOnlyOnSide(model, Presence::kOnlyOld, "removed", &lines);
  AddChanged(model, &lines);
  AddMoved(model, &lines);
  AddWrappers(model, &lines);
  for (const Difference& difference : model.setting) lines.push_back(Arrow(difference));
  for (std::string& line : lines) line = Printable(line);
  return lines;
}

}  // namespace onnx_macs
