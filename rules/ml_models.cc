// The models of ai.onnx.ml: linear ones, support vectors and trees. Their weights are attributes,
// so these are no parameters of the graph, but what they compute is counted.
#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/ml.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

absl::Status CheckRank(const Shape& x) {
  if (!x.has_rank() || x.rank() == 1 || x.rank() == 2) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("input has ", x.rank(), " dims"));
}

struct Labels {
  absl::string_view numbers, names;  // attributes
};
constexpr Labels kLabels{"classlabels_ints", "classlabels_strings"};
constexpr Labels kTreeLabels{"classlabels_int64s", "classlabels_strings"};

int64_t NumClasses(const OpContext& ctx, const Labels& labels) {
  return std::max(AttributeSize(ctx, labels.numbers), AttributeSize(ctx, labels.names));
}

// A label for each row, and its scores.
absl::Status SetClassifier(OpContext& ctx, const Labels& labels, Dim scores) {
  const Shape x = ctx.InputShape(0);
  if (auto status = CheckRank(x); !status.ok()) return status;
  ctx.SetOutput(0, LabelsType(ctx, labels.numbers), {NumRows(x)});
  ctx.SetOutput(1, DataType::kFloat, {NumRows(x), scores});
  return absl::OkStatus();
}

absl::Status SetRegressor(OpContext& ctx, DataType type, int64_t targets) {
  const Shape x = ctx.InputShape(0);
  if (auto status = CheckRank(x); !status.ok()) return status;
  if (targets < 1)
    return absl::InvalidArgumentError(absl::StrCat("there are ", targets, " targets"));
  ctx.SetOutput(0, type, {NumRows(x), targets});
  return absl::OkStatus();
}

template <const Labels& labels>
absl::Status InferClassifier(OpContext& ctx) {
  return SetClassifier(ctx, labels, NumClasses(ctx, labels));
}

absl::Status InferLinearRegressor(OpContext& ctx) {
  return SetRegressor(ctx, DataType::kFloat, ctx.IntAttribute("targets", 1));
}

// The coefficients are a whole matrix.
Cost CountLinear(const OpContext& ctx) {
  const Count rows = Count(NumRows(ctx.InputShape(0)));
  return {.macs = rows * Count(AttributeSize(ctx, "coefficients")),
          .ops = rows * Count(AttributeSize(ctx, "intercepts"))};
}

// Without vectors of its own a class has coefficients, as in a linear model.
bool HasVectors(const OpContext& ctx) {
  return AttributeSize(ctx, "vectors_per_class") > 0 || ctx.IntAttribute("n_supports", 0) > 0;
}

int64_t NumVectors(const OpContext& ctx) {
  int64_t vectors = std::max<int64_t>(0, ctx.IntAttribute("n_supports", 0));
  for (int64_t n : ctx.IntsAttribute("vectors_per_class")) {
    // More than there are numbers to describe is no model but an attack.
    if (n < 0 || n > AttributeSize(ctx, "support_vectors")) return 0;
    vectors += n;
  }
  return vectors;
}

// A score per pair of classes, or per class where there are two or where they are probabilities.
absl::Status InferSvmClassifier(OpContext& ctx) {
  const int64_t classes = NumClasses(ctx, kLabels);
  const bool pairs = HasVectors(ctx) && AttributeSize(ctx, "prob_a") == 0 && classes > 2;
  return SetClassifier(ctx, kLabels, pairs ? Dim(classes * (classes - 1) / 2) : Dim(classes));
}

absl::Status InferSvmRegressor(OpContext& ctx) { return SetRegressor(ctx, DataType::kFloat, 1); }

struct Kernel {
  absl::string_view name;
  int per_feature, per_vector;  // operations beside the product
};

constexpr Kernel kKernels[] = {
    {"LINEAR", 0, 0},
    {"POLY", 0, 3},     // (gamma * product + coef0) ^ degree
    {"RBF", 1, 2},      // exp(-gamma * squared distance)
    {"SIGMOID", 0, 7},  // tanh(gamma * product + coef0)
};

// Every row meets every vector, and the results meet their coefficients.
Cost CountSvm(const OpContext& ctx) {
  const Count rows = Count(NumRows(ctx.InputShape(0)));
  const Count coefficients = Count(AttributeSize(ctx, "coefficients"));
  const Count intercepts = Count(AttributeSize(ctx, "rho"));
  if (!HasVectors(ctx)) return {.macs = rows * coefficients, .ops = rows * intercepts};
  const Count features = Count(AttributeSize(ctx, "support_vectors"));
  Cost cost = {.macs = rows * (features + coefficients), .ops = rows * intercepts};
  const absl::string_view type = ctx.StringAttribute("kernel_type", "LINEAR");
  for (const Kernel& kernel : kKernels) {
    if (kernel.name != type) continue;
    cost.ops += rows * (features * Count(kernel.per_feature) +
                        Count(NumVectors(ctx)) * Count(kernel.per_vector));
  }
  return cost;
}

absl::Status InferTreeRegressor(OpContext& ctx) {
  return SetRegressor(ctx, DataType::kFloat, ctx.IntAttribute("n_targets", 1));
}

// An attribute of TreeEnsemble that has as many entries as another one.
struct TreeList {
  absl::string_view name, as_many_as;
};
constexpr TreeList kTreeLists[] = {
    {"nodes_splits", "nodes_featureids"},
    {"nodes_modes", "nodes_featureids"},
    {"nodes_truenodeids", "nodes_featureids"},
    {"nodes_falsenodeids", "nodes_featureids"},
    {"nodes_trueleafs", "nodes_featureids"},
    {"nodes_falseleafs", "nodes_featureids"},
    {"nodes_hitrates", "nodes_featureids"},
    {"nodes_missing_value_tracks_true", "nodes_featureids"},
    {"leaf_targetids", "leaf_weights"},
};

// The numbers of those that are tensors are of the input's type.
absl::Status CheckTreeNumbers(const OpContext& ctx) {
  for (absl::string_view name : {"nodes_splits", "nodes_hitrates", "leaf_weights"}) {
    const Attribute* attribute = ctx.FindAttribute(name);
    if (attribute == nullptr || attribute->tensors().empty()) continue;
    if (ctx.InputType(0) == DataType::kUndefined) continue;
    if (attribute->tensors()[0].type != ctx.InputType(0)) {
      return absl::InvalidArgumentError(absl::StrCat(name, " is of another type than the input"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTrees(const OpContext& ctx) {
  for (const TreeList& row : kTreeLists) {
    if (ctx.FindAttribute(row.name) == nullptr) continue;
    const int64_t found = AttributeSize(ctx, row.name), wanted = AttributeSize(ctx, row.as_many_as);
    if (found == wanted) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(row.name, " has ", found, " entries, ", row.as_many_as, " has ", wanted));
  }
  return CheckTreeNumbers(ctx);
}

absl::Status InferTreeEnsemble(OpContext& ctx) {
  if (auto status = CheckTrees(ctx); !status.ok()) return status;
  return SetRegressor(ctx, ctx.InputType(0), ctx.IntAttribute("n_targets", 1));
}

// One comparison per level, the trees taken as balanced, and a sum of what they say.
Cost CountPaths(const OpContext& ctx, int64_t trees, int64_t nodes) {
  if (trees < 1) return {};
  const uint64_t nodes_per_tree = static_cast<uint64_t>(nodes / trees);
  const int levels = std::bit_width(nodes_per_tree);
  return {.ops = Count(NumRows(ctx.InputShape(0))) * Count(trees) * Count(levels + 1)};
}

// Trees are numbered as they come, so a new number begins a new tree.
Cost CountTreesById(const OpContext& ctx) {
  const absl::Span<const int64_t> ids = ctx.IntsAttribute("nodes_treeids");
  int64_t trees = ids.empty() ? 0 : 1;
  for (size_t i = 1; i < ids.size(); ++i) trees += ids[i] != ids[i - 1] ? 1 : 0;
  int64_t decisions = 0;
  const Attribute* modes = ctx.FindAttribute("nodes_modes");
  if (modes == nullptr) return CountPaths(ctx, trees, static_cast<int64_t>(ids.size()));
  for (absl::string_view mode : modes->strings()) decisions += mode != "LEAF" ? 1 : 0;
  return CountPaths(ctx, trees, decisions);
}

// Since version 5 only decisions are listed, leaves apart.
Cost CountTreesByRoot(const OpContext& ctx) {
  return CountPaths(ctx, AttributeSize(ctx, "tree_roots"), AttributeSize(ctx, "nodes_featureids"));
}

constexpr OpRule ModelRow(absl::string_view op_type, int since_version, InferFn infer, CostFn cost,
                          absl::string_view counting) {
  return {.op_type = op_type,
          .domain = kMlDomain,
          .since_version = since_version,
          .infer = infer,
          .cost = cost,
          .counting = counting};
}

constexpr char kLinear[] = "rows * coefficients; ops: an intercept per score";
constexpr char kSvm[] =
    "rows * (elements of the support vectors + coefficients); ops: the kernel's function";
constexpr char kTrees[] = "rows * trees * (levels + 1) comparisons and sums, the trees balanced";

const OpRule kRules[] = {
    ModelRow("LinearClassifier", 1, InferClassifier<kLabels>, CountLinear, kLinear),
    ModelRow("LinearRegressor", 1, InferLinearRegressor, CountLinear, kLinear),
    ModelRow("SVMClassifier", 1, InferSvmClassifier, CountSvm, kSvm),
    ModelRow("SVMRegressor", 1, InferSvmRegressor, CountSvm, kSvm),
    ModelRow("TreeEnsemble", 5, InferTreeEnsemble, CountTreesByRoot, kTrees),
    ModelRow("TreeEnsembleClassifier", 1, InferClassifier<kTreeLabels>, CountTreesById, kTrees),
    ModelRow("TreeEnsembleRegressor", 1, InferTreeRegressor, CountTreesById, kTrees),
};

}  // namespace

absl::Span<const OpRule> MlModelRules() { return kRules; }

}  // namespace onnx_macs
