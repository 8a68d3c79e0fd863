// Reading products: the MatMul family by its last two axes, Einsum by its letters.
#include "analyzer/blocks/contraction.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace onnx_macs {
namespace {

bool IsOn(const OpContext& ctx, absl::string_view attribute) {
  return ctx.IntAttribute(attribute, 0) != 0;
}

// FusedMatMul may move the first axis behind the others; then nothing is read off the last two.
std::optional<Contraction> ReadMatMul(const GraphView& view, NodeId n) {
  Contraction product{.node = n, .a = view.Input(n, 0), .b = view.Input(n, 1)};
  const Shape out = view.ShapeOf(view.Output(n));
  if (out.rank() < 2 || view.Rank(product.a) < 2 || view.Rank(product.b) < 2) return std::nullopt;
  bool transposed = false;
  if (view.op(n) == Op::kFusedMatMul || view.op(n) == Op::kGemm) {
    const OpContext ctx = view.Context(n);
    if (IsOn(ctx, "transBatchA") || IsOn(ctx, "transBatchB")) return std::nullopt;
    transposed = IsOn(ctx, "transA");
  }
  product.contracted = view.DimOf(product.a, transposed ? -2 : -1);
  product.row_axis = out.rank() - 2;
  product.column_axis = out.rank() - 1;
  product.rows = view.Resolve(out[-2]);
  product.columns = view.Resolve(out[-1]);
  for (int i = 0; i < out.rank() - 2; ++i) product.batch.push_back(view.Resolve(out[i]));
  return product;
}

struct Letters {
  std::string a, b, out;
};

// Two operands and what comes out; an ellipsis is read as no letter.
bool SplitEquation(absl::string_view equation, Letters* letters) {
  std::string text;
  for (const char c : equation) {
    if (absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == ',' || c == '>') text += c;
  }
  const std::vector<std::string> sides = absl::StrSplit(text, '>');
  const std::vector<std::string> operands = absl::StrSplit(sides[0], ',');
  if (sides.size() != 2 || operands.size() != 2) return false;
  *letters = {operands[0], operands[1], sides[1]};
  return true;
}

// The size of a letter of an operand, counted from the end: before it an ellipsis may stand.
Dim SizeOf(const GraphView& view, ValueId v, const std::string& letters, size_t i) {
  return view.DimOf(v, static_cast<int>(i) - static_cast<int>(letters.size()));
}

bool Has(const std::string& letters, char letter) {
  return letters.find(letter) != std::string::npos;
}

// Where several letters are only one operand's, as in attention of groups ("bkgsd,bktd->bkgst"),
// the last of them is the rows or columns, the others count as batch.
std::optional<Contraction> ReadEinsum(const GraphView& view, NodeId n) {
  constexpr size_t kMostLetters = 64;
  Letters letters;
  const OpContext ctx = view.Context(n);
  const absl::string_view equation = ctx.StringAttribute("equation", "");
  if (equation.size() > kMostLetters || view.node(n).inputs.size() != 2) return std::nullopt;
  if (!SplitEquation(equation, &letters)) return std::nullopt;
  Contraction product{.node = n, .a = view.Input(n, 0), .b = view.Input(n, 1)};
  const auto& [a, b, out] = letters;
  product.contracted = 1;
  bool contracts = false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (Has(out, a[i]) || !Has(b, a[i])) continue;
    product.contracted *= SizeOf(view, product.a, a, i);
    contracts = true;
  }
  int row = -1, column = -1;
  for (size_t i = 0; i < out.size(); ++i) {
    const bool in_a = Has(a, out[i]), in_b = Has(b, out[i]);
    if (in_a && !in_b) row = static_cast<int>(i);
    if (in_b && !in_a) column = static_cast<int>(i);
  }
  if (!contracts || row < 0 || column < 0) return std::nullopt;
  const ValueId result = view.Output(n);
  for (size_t i = 0; i < out.size(); ++i) {
    const Dim size = SizeOf(view, result, out, i);
    Dim* place = static_cast<int>(i) == row      ? &product.rows
                 : static_cast<int>(i) == column ? &product.columns
                                                 : nullptr;
    place != nullptr ? void(*place = size) : product.batch.push_back(size);
  }
  const int before = view.Rank(result) - static_cast<int>(out.size());
  product.row_axis = row + before;
  product.column_axis = column + before;
  return product;
}

// The matrix of an expert, picked from the stack of all of them by where a token was sent.
bool IsOfExpert(const GraphView& view, ValueId v) {
  const NodeId n = view.Producer(Above(view, v, kMoves));
  constexpr int kStack = 3;
  return view.op(n) == Op::kGather && view.IsConstant(view.Input(n, 0)) &&
         view.Rank(view.Input(n, 0)) >= kStack;
}

}  // namespace

ValueId LinearInput(const GraphView& view, NodeId n) {
  const Op op = view.op(n);
  if (op == Op::kWeightMatMul) return view.Input(n, 0);
  if (!kProducts.Has(op)) return kNoValue;
  const ValueId a = view.Input(n, 0), b = view.Input(n, 1);
  if (view.IsWeight(b) && !view.IsConstant(a)) return a;
  return view.IsConstant(a) && !view.IsConstant(b) ? b : kNoValue;
}

// A constant of more than two axes is no matrix of a Linear: queries that were learned are. A
// matrix that comes in as an input is one where a batch is multiplied with it.
bool MultipliesActivations(const GraphView& view, NodeId n) {
  const ValueId a = view.Input(n, 0), b = view.Input(n, 1);
  if (a == kNoValue || b == kNoValue) return false;
  if (view.IsConstant(a) && view.IsConstant(b)) return false;
  if (IsOfExpert(view, a) || IsOfExpert(view, b)) return false;
  constexpr int kMatrix = 2;
  const auto may_be_weight = [&](ValueId v, ValueId other) {
    return view.Rank(v) <= kMatrix &&
           (view.IsConstant(v) || (view.IsWeight(v) && view.Rank(other) > kMatrix));
  };
  return !may_be_weight(a, b) && !may_be_weight(b, a);
}

std::optional<Contraction> ReadContraction(const GraphView& view, NodeId n) {
  if (!kProducts.Has(view.op(n)) || view.Input(n, 1) == kNoValue) return std::nullopt;
  return view.op(n) == Op::kEinsum ? ReadEinsum(view, n) : ReadMatMul(view, n);
}

}  // namespace onnx_macs
