#include "analyzer/diff/interface_diff.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/report_rows.h"

namespace onnx_macs {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;  // name -> what it is

// "float32[batch, 4, 64, 64]".
std::string TypeText(const ValueRow& value) {
  const std::string tensor = absl::StrCat(value.dtype.empty() ? "?" : value.dtype.view(),
                                          value.has_rank ? ShapeText(value) : "");
  const bool is_tensor = value.kind.empty() || value.kind == "tensor";
  return is_tensor ? tensor : absl::StrCat(value.kind.view(), " of ", tensor);
}

Texts TextsOf(const std::vector<ValueRow>& values) {
  Texts texts;
  for (const ValueRow& value : values) texts.emplace_back(value.name.view(), TypeText(value));
  return texts;
}

Texts TextsOf(const std::vector<std::pair<std::string, int64_t>>& numbers) {
  Texts texts;
  for (const auto& [name, number] : numbers) texts.emplace_back(name, absl::StrCat(number));
  return texts;
}

// Those that differ, by name: the new ones in their order, then those that are gone.
void AddDifferences(absl::string_view kind, const Texts& before, const Texts& after,
                    std::vector<Difference>* differences) {
  absl::flat_hash_map<absl::string_view, absl::string_view> old_texts, new_texts;
  for (const auto& [name, text] : before) old_texts.emplace(name, text);
  for (const auto& [name, text] : after) {
    new_texts.emplace(name, text);
    const auto it = old_texts.find(name);
    const absl::string_view old_text = it == old_texts.end() ? "" : it->second;
    if (old_text != text) {
      differences->push_back({absl::StrCat(kind, name), std::string(old_text), text});
    }
  }
  for (const auto& [name, text] : before) {
    if (!new_texts.contains(name)) differences->push_back({absl::StrCat(kind, name), text, ""});
  }
}

// The same list under other names is a renaming, not a change of everything.
bool IsRenaming(const Texts& before, const Texts& after) {
  return before.size() == after.size() &&
         absl::c_equal(before, after,
                       [](const auto& a, const auto& b) { return a.second == b.second; });
}

void AddValues(absl::string_view kind, const std::vector<ValueRow>& before,
               const std::vector<ValueRow>& after, std::vector<Difference>* differences) {
  const Texts old_texts = TextsOf(before), new_texts = TextsOf(after);
  if (!IsRenaming(old_texts, new_texts)) {
    AddDifferences(kind, old_texts, new_texts, differences);
    return;
  }
  for (size_t i = 0; i < old_texts.size(); ++i) {
    if (old_texts[i].first == new_texts[i].first) continue;
    differences->push_back(
        {absl::StrCat("name of ", kind, i + 1), old_texts[i].first, new_texts[i].first});
  }
}

const WeightTypeRow* FindType(const std::vector<WeightTypeRow>& rows, const std::string& dtype) {
  const auto it = absl::c_find_if(rows, [&](const auto& row) { return row.dtype == dtype; });
  return it == rows.end() ? nullptr : &*it;
}

}  // namespace

std::vector<Difference> DiffInterface(const ModelReport& before, const ModelReport& after) {
  std::vector<Difference> differences;
  AddValues("input ", before.inputs, after.inputs, &differences);
  AddValues("output ", before.outputs, after.outputs, &differences);
  return differences;
}

std::vector<WeightTypeDiff> DiffWeightTypes(const ModelReport& before, const ModelReport& after) {
  std::vector<WeightTypeDiff> differences;
  const auto add = [&](const WeightTypeRow* old_row, const WeightTypeRow* new_row) {
    const WeightTypeRow none, &a = old_row == nullptr ? none : *old_row,
                              &b = new_row == nullptr ? none : *new_row;
    if (a.params == b.params && a.weight_bytes == b.weight_bytes) return;
    differences.push_back({new_row == nullptr ? a.dtype : b.dtype, a.params, b.params,
                           a.weight_bytes, b.weight_bytes});
  };
  for (const WeightTypeRow& row : before.weight_types) {
    add(&row, FindType(after.weight_types, row.dtype));
  }
  for (const WeightTypeRow& row : after.weight_types) {
    if (FindType(before.weight_types, row.dtype) == nullptr) add(nullptr, &row);
  }
  return differences;
}

std::vector<Difference> DiffSetting(const ModelReport& before, const ModelReport& after) {
  // Optimizers import domains that nothing is of.
  const auto is_used = [](const ModelReport& report, absl::string_view domain) {
    return domain.empty() ||
           absl::c_any_of(report.by_op, [&](const OpRow& row) { return row.domain == domain; });
  };
  const auto opsets = [&](const ModelReport& report) {
    Texts texts;
    for (const auto& [domain, version] : report.opsets) {
      if (!is_used(report, domain)) continue;
      texts.emplace_back(domain.empty() ? "ai.onnx" : domain, absl::StrCat(version));
    }
    return texts;
  };
  std::vector<Difference> differences;
  AddDifferences("", {{"exporter", before.paths.exporter}}, {{"exporter", after.paths.exporter}},
                 &differences);
  AddDifferences("", {{"tools", absl::StrJoin(before.paths.tools, ", ")}},
                 {{"tools", absl::StrJoin(after.paths.tools, ", ")}}, &differences);
  AddDifferences("", {{"producer", before.producer}}, {{"producer", after.producer}}, &differences);
  AddDifferences("opset ", opsets(before), opsets(after), &differences);
  // A size that only one side names is a difference of the interface.
  std::vector<Difference> sizes;
  AddDifferences("size ", TextsOf(before.bindings), TextsOf(after.bindings), &sizes);
  absl::c_copy_if(sizes, std::back_inserter(differences), [](const Difference& difference) {
    return !difference.before.empty() && !difference.after.empty();
  });
  return differences;
}

}  // namespace onnx_macs
