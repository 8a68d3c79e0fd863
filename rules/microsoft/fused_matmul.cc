// Products of matrices with a transposition, a scale, a bias or an activation fused in; products
// with a sparse matrix; distances, which sum like a product.
#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"
#include "rules/microsoft/activations.h"
#include "rules/microsoft/as_onnx.h"
#include "rules/microsoft/matrix.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

// transBatch brings the first dim behind the other batch dims; trans swaps the last two.
DimVector Transposed(const Shape& shape, bool trans_batch, bool trans) {
  DimVector dims(shape.dims().begin(), shape.dims().end());
  if (trans_batch && dims.size() > 2) std::rotate(dims.begin(), dims.begin() + 1, dims.end() - 1);
  if (trans && dims.size() > 1) std::swap(dims[dims.size() - 1], dims[dims.size() - 2]);
  return dims;
}

DimVector LeftOperand(const OpContext& ctx) {
  return Transposed(ctx.InputShape(0), ctx.IntAttribute("transBatchA", 0) != 0,
                    ctx.IntAttribute("transA", 0) != 0);
}

absl::Status InferFusedMatMul(OpContext& ctx) {
  const Shape a = ctx.InputShape(0), b = ctx.InputShape(1);
  if (!a.has_rank() || !b.has_rank()) return absl::OkStatus();
  const DimVector right =
      Transposed(b, ctx.IntAttribute("transBatchB", 0) != 0, ctx.IntAttribute("transB", 0) != 0);
  DimVector out;
  if (auto s = MultiplyShapes(ctx, LeftOperand(ctx), right, &out); !s.ok()) return s;
  ctx.SetOutput(0, ctx.InputType(1), out);
  return absl::OkStatus();
}

// alpha, unless it is 1, is one op per output element.
Cost CountFusedMatMul(const OpContext& ctx) {
  const DimVector a = LeftOperand(ctx);
  if (a.empty()) return {.macs = Count::Unknown(), .ops = Count::Unknown()};
  const Count out = ctx.NumOutputElements(0);
  const bool is_scaled = ctx.FloatAttribute("alpha", 1) != 1;
  return {.macs = out * Count(a.back()),
          .ops = (is_scaled ? out : Count(0)) + FusedActivation(ctx)};
}

Cost CountFusedGemm(const OpContext& ctx) {
  Cost cost = CountAsOnnx(ctx, "Gemm");
  cost.ops += FusedActivation(ctx);
  return cost;
}

absl::Status InferGemmFloat8(OpContext& ctx) {
  return InferGemmOf(ctx, 1, DataTypeFromNumber(ctx.IntAttribute("dtype", 1)));
}

// x W + bias through the approximated Gelu.
absl::Status InferGemmFastGelu(OpContext& ctx) { return InferProduct(ctx, 0, 1, ctx.InputType(0)); }

Cost CountGemmFastGelu(const OpContext& ctx) {
  const Count out = ctx.NumOutputElements(0);
  const int per_element = WeightOf("GeluTanh").ops + (ctx.HasInput(2) ? 1 : 0);
  return {.macs = out * Count(ctx.InputShape(0)[-1]), .ops = out * Count(per_element)};
}

// All pairs of rows of [M, N] and [K, N].
absl::Status InferCDist(OpContext& ctx) {
  const Shape a = ctx.InputShape(0), b = ctx.InputShape(1);
  if (!a.has_rank() || !b.has_rank()) return absl::OkStatus();
  if (a.rank() != 2 || b.rank() != 2) return absl::InvalidArgumentError("operands must be 2-D");
  if (!ctx.MustEqual(a[1], b[1])) {
    return absl::InvalidArgumentError("the rows have different lengths");
  }
  ctx.SetOutput(0, ctx.InputType(0), {a[0], b[0]});
  return absl::OkStatus();
}

// Every pair sums N squares of differences.
Cost CountCDist(const OpContext& ctx) {
  const Count out = ctx.NumOutputElements(0);
  const Count terms = out * Count(ctx.InputShape(0)[1]);
  const bool has_root = ctx.StringAttribute("metric", "sqeuclidean") == "euclidean";
  return {.macs = terms, .ops = terms + (has_root ? out : Count(0))};
}

// Solving for the inverse of an n x n matrix is n^3 multiply-accumulates.
Cost CountInverse(const OpContext& ctx) {
  return {.macs = ctx.NumInputElements(0) * Count(ctx.InputShape(0)[-1])};
}

// Pairs of numbers: of four products two go to each, which accumulates the second.
absl::Status InferComplexMul(OpContext& ctx) {
  DimVector dims;
  bool known;
  return InferBroadcast(ctx, ctx.InputType(0), &dims, &known);
}

constexpr ElementWeight kComplexMul = WeightOf("ComplexMul");

constexpr char kFused[] = "batch * M * K * N; alpha and the activation per output element";

constexpr OpRule ProductRow(absl::string_view op_type, InferFn infer, CostFn cost,
                            absl::string_view counting, InputMask not_parameters = 0) {
  return CountedRow(op_type, infer, cost, counting, not_parameters, Input(0) | Input(1));
}

const OpRule kRules[] = {
    ProductRow("FusedMatMul", InferFusedMatMul, CountFusedMatMul, kFused),
    ProductRow("FusedMatMulActivation", InferFusedMatMul, CountFusedMatMul, kFused),
    ProductRow("TransposeMatMul", InferFusedMatMul, CountFusedMatMul, kFused),
    ProductRow("SparseToDenseMatMul", InferFusedMatMul, CountFusedMatMul,
               "batch * M * K * N as if both were dense: a bound"),
    ProductRow("FusedGemm", InferAs<"Gemm">, CountFusedGemm,
               "M * K * N; bias and activation per output element"),
    ProductRow("GemmFloat8", InferGemmFloat8, CountFusedGemm,
               "M * K * N; bias and activation per output element", Input(3) | Input(4) | Input(5)),
    ProductRow("GemmFastGelu", InferGemmFastGelu, CountGemmFastGelu,
               "rows * K * N; bias and 12 per output element"),
    ProductRow("DistributedMatMul", InferAs<"MatMul">, CountAs<"MatMul">, "batch * M * K * N"),
    CountedRow("CDist", InferCDist, CountCDist,
               "rows of A * rows of B * their length; a difference per term, a root per pair"),
    CountedRow("Inverse", InferLike<0>, CountInverse, "n^3 per matrix of n x n"),
    WeightedRow<"ComplexMul">(1, InferComplexMul, 0, kMicrosoft),
    PerElementRow<kComplexMul.ops>("ComplexMulConj", InferComplexMul, kComplexMul.reason),
};

}  // namespace

absl::Span<const OpRule> FusedMatMulRules() { return kRules; }

}  // namespace onnx_macs
