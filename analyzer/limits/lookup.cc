// Names of parts.
#include "analyzer/limits/lookup.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "analyzer/pipeline/plan.h"
#include "analyzer/spelling.h"

namespace onnx_macs {
namespace {

using absl::string_view;

// Names that a spelling is compared with; there may be a million of them.
constexpr size_t kMostNames = 5000;

// What is left of "unet.mid_block" behind "unet"; false where it does not begin so.
bool TakeOwner(string_view owner, string_view name, string_view* path) {
  if (owner.empty() || !absl::ConsumePrefix(&name, owner)) return false;
  const bool is_whole = name.empty() || absl::ConsumePrefix(&name, ".");
  *path = name;
  return is_whole;
}

void AddPart(const ModelReport& model, string_view path, std::vector<Part>* parts) {
  const ComponentRow* component = FindComponent(model, path);
  if (component == nullptr) return;
  const bool is_there =
      absl::c_any_of(*parts, [component](const Part& part) { return part.component == component; });
  if (!is_there) parts->push_back({&model, component});
}

}  // namespace

std::string ShortName(string_view file) {
  string_view name = Basename(file);
  name = name.substr(0, name.rfind('.'));
  if (name != "model" || name.size() == file.size()) return std::string(name);
  const string_view folder = file.substr(0, file.size() - Basename(file).size());
  const string_view owner = Basename(absl::StripSuffix(folder, "/"));
  return std::string(owner.empty() ? name : owner);
}

const ComponentRow* FindComponent(const ModelReport& model, string_view path) {
  const std::string whole = absl::StrCat(model.display_prefix, path);
  const ComponentRow* hidden = nullptr;
  for (const ComponentRow& row : model.components) {
    if (row.path == path) return &row;
    if (row.path == whole && !path.empty()) hidden = &row;
  }
  return hidden;
}

std::vector<Part> FindParts(absl::Span<const ModelReport> models, string_view name,
                            absl::Span<const std::string> aliases) {
  std::vector<Part> parts;
  for (const ModelReport& model : models) AddPart(model, name, &parts);
  if (!parts.empty()) return parts;
  for (const ModelReport& model : models) {
    std::vector<std::string> owners = {model.role, ShortName(model.file)};
    if (models.size() == 1) owners.insert(owners.end(), aliases.begin(), aliases.end());
    for (const std::string& owner : owners) {
      string_view path;
      if (TakeOwner(owner, name, &path)) AddPart(model, path, &parts);
    }
  }
  return parts;
}

std::string NearestPart(absl::Span<const ModelReport> models, string_view name) {
  std::vector<std::string> names;
  for (const ModelReport& model : models) {
    const std::string owner = ShortName(model.file);
    const bool is_qualified = absl::StartsWith(name, absl::StrCat(owner, "."));
    for (const ComponentRow& row : model.components) {
      if (names.size() == kMostNames) break;
      if (row.path.empty()) {
        names.push_back(owner);
      } else {
        names.push_back(
            absl::StrCat(is_qualified ? absl::StrCat(owner, ".") : "", row.path.view()));
      }
    }
  }
  return Nearest(name, names);
}

}  // namespace onnx_macs
