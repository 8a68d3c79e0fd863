// Products with a weight that is packed: MatMulNBits and its fused forms, MatMulBnb4, MatMulFpQ4,
// and the blocks of 4-bit and 8-bit floats. What K and N are is said by attributes or by the
// packing; a row of the input meets K * N weights however many bits they have.
#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"
#include "rules/microsoft/activations.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

Cost UnknownCost() { return {.macs = Count::Unknown(), .ops = Count::Unknown()}; }

// Rows of the input: everything but its last dim.
Count Rows(const OpContext& ctx) {
  const Shape a = ctx.InputShape(0);
  return a.rank() < 1 ? Count::Unknown() : Product(a.dims().first(a.rank() - 1));
}

// Output i is the input with `n` in place of its last dim, which must be `k`.
absl::Status SetProduct(OpContext& ctx, int i, Dim k, Dim n) {
  const Shape a = ctx.InputShape(0);
  if (!a.has_rank()) return absl::OkStatus();
  if (a.rank() == 0) return absl::InvalidArgumentError("an operand is a scalar");
  if (!ctx.MustEqual(a[-1], k)) {
    return absl::InvalidArgumentError(
        absl::StrCat("inner sizes differ: ", ToString(a[-1]), " and ", ToString(k)));
  }
  DimVector out(a.dims().begin(), a.dims().end());
  out.back() = n;
  ctx.SetOutput(i, ctx.InputType(0), out);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> ReadSize(const OpContext& ctx, absl::string_view attribute) {
  const int64_t size = ctx.IntAttribute(attribute, 0);
  if (size >= 1) return size;
  return absl::InvalidArgumentError(absl::StrCat(attribute, " is ", size));
}

struct Weight {
  Dim k, n;
};
using ReadWeightFn = absl::StatusOr<Weight> (*)(const OpContext& ctx);

absl::StatusOr<Weight> ReadAttributes(const OpContext& ctx) {
  const absl::StatusOr<int64_t> k = ReadSize(ctx, "K"), n = ReadSize(ctx, "N");
  if (!k.ok()) return k.status();
  if (!n.ok()) return n.status();
  return Weight{*k, *n};
}

// Stored [N, K]; without transB the product is with that as it lies.
absl::StatusOr<Weight> ReadBnb4(const OpContext& ctx) {
  absl::StatusOr<Weight> weight = ReadAttributes(ctx);
  if (weight.ok() && ctx.IntAttribute("transB", 1) == 0) std::swap(weight->k, weight->n);
  return weight;
}

// The shape of a blob is in an input of its own.
absl::StatusOr<Weight> ReadShapeInput(const OpContext& ctx) {
  constexpr int kShape = 2;
  DimVector dims;
  if (!ctx.InputDims(kShape, &dims)) return Weight{};
  if (dims.size() != 2) return absl::InvalidArgumentError("the weight is not 2-D");
  return Weight{dims[0], dims[1]};
}

// [N, K / kPack]
template <int kPack>
absl::StatusOr<Weight> ReadPackedRows(const OpContext& ctx) {
  const Shape b = ctx.InputShape(1);
  return Weight{b[1] * kPack, b[0]};
}

template <ReadWeightFn kRead>
absl::Status InferPacked(OpContext& ctx) {
  const absl::StatusOr<Weight> weight = kRead(ctx);
  if (!weight.ok()) return weight.status();
  return SetProduct(ctx, 0, weight->k, weight->n);
}

template <ReadWeightFn kRead, int kBias>
Cost CountPacked(const OpContext& ctx) {
  const absl::StatusOr<Weight> weight = kRead(ctx);
  if (!weight.ok()) return UnknownCost();
  const Count out = Rows(ctx) * Count(weight->n);
  return {.macs = out * Count(weight->k), .ops = ctx.HasInput(kBias) ? out : Count(0)};
}

template <ReadWeightFn kRead>
Count PackedWeights(const OpContext& ctx, int input) {
  if (input != 1) return ctx.NumInputElements(input);
  const absl::StatusOr<Weight> weight = kRead(ctx);
  return weight.ok() ? Count(weight->k) * Count(weight->n) : Count::Unknown();
}

// The fused forms may normalise their input first, and add a second one to it before that.
constexpr int kSkip = 1, kNormScale = 2;

Count NormOps(const OpContext& ctx) {
  const int norm = ctx.HasInput(kNormScale) ? WeightOf("RMSNormalization").ops : 0;
  const int skip = ctx.HasInput(kSkip) ? WeightOf("Add").ops : 0;
  return ctx.NumInputElements(0) * Count(norm + skip);
}

absl::Status InferMlp(OpContext& ctx) {
  ctx.SetOutput(1, ctx.InputType(0), ctx.InputShape(0));
  return InferPacked<ReadAttributes>(ctx);
}

Cost CountMlp(const OpContext& ctx) {
  constexpr int kGateBias = 5, kUpBias = 8;
  const absl::StatusOr<Weight> weight = ReadAttributes(ctx);
  if (!weight.ok()) return UnknownCost();
  const Count out = Rows(ctx) * Count(weight->n);
  const int biases = (ctx.HasInput(kGateBias) ? 1 : 0) + (ctx.HasInput(kUpBias) ? 1 : 0);
  return {.macs = Count(2) * out * Count(weight->k),
          .ops = NormOps(ctx) + FusedActivation(ctx) + out * Count(biases + WeightOf("Mul").ops)};
}

Count MlpWeights(const OpContext& ctx, int input) {
  constexpr int kGate = 3, kUp = 6;
  if (input != kGate && input != kUp) return ctx.NumInputElements(input);
  const absl::StatusOr<Weight> weight = ReadAttributes(ctx);
  return weight.ok() ? Count(weight->k) * Count(weight->n) : Count::Unknown();
}

struct QkvSizes {
  int64_t k, nq, nkv;
};

absl::StatusOr<QkvSizes> ReadQkv(const OpContext& ctx) {
  const absl::StatusOr<int64_t> k = ReadSize(ctx, "K"), nq = ReadSize(ctx, "Nq"),
                                nkv = ReadSize(ctx, "Nkv");
  if (!k.ok()) return k.status();
  if (!nq.ok()) return nq.status();
  if (!nkv.ok()) return nkv.status();
  return QkvSizes{*k, *nq, *nkv};
}

absl::Status InferQkv(OpContext& ctx) {
  const absl::StatusOr<QkvSizes> sizes = ReadQkv(ctx);
  if (!sizes.ok()) return sizes.status();
  const int64_t columns[] = {sizes->nq, sizes->nkv, sizes->nkv};
  for (int i = 0; i < 3; ++i) {
    if (auto status = SetProduct(ctx, i, sizes->k, columns[i]); !status.ok()) return status;
  }
  ctx.SetOutput(3, ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

Cost CountQkv(const OpContext& ctx) {
  constexpr int kQBias = 5, kKBias = 8, kVBias = 11;
  const absl::StatusOr<QkvSizes> sizes = ReadQkv(ctx);
  if (!sizes.ok()) return UnknownCost();
  const Count rows = Rows(ctx), kv = rows * Count(sizes->nkv), q = rows * Count(sizes->nq);
  Count biases = ctx.HasInput(kQBias) ? q : Count(0);
  if (ctx.HasInput(kKBias)) biases += kv;
  if (ctx.HasInput(kVBias)) biases += kv;
  return {.macs = (q + kv + kv) * Count(sizes->k), .ops = NormOps(ctx) + biases};
}

Count QkvWeights(const OpContext& ctx, int input) {
  constexpr int kQ = 3, kK = 6, kV = 9;
  if (input != kQ && input != kK && input != kV) return ctx.NumInputElements(input);
  const absl::StatusOr<QkvSizes> sizes = ReadQkv(ctx);
  if (!sizes.ok()) return Count::Unknown();
  return Count(sizes->k) * Count(input == kQ ? sizes->nq : sizes->nkv);
}

constexpr char kPacked[] = "rows * K * N; the bias is one op per output element";

constexpr OpRule PackedRow(absl::string_view op_type, InferFn infer, CostFn cost,
                           absl::string_view counting, PackedElementsFn elements, InputMask weights,
                           InputMask not_parameters) {
  OpRule row = CountedRow(op_type, infer, cost, counting, not_parameters, weights);
  row.packed_elements = elements;
  return row;
}

constexpr int kNoBias = 63;  // no node of these has that many inputs

// rows * K * N, where `kRead` says what K and N are.
template <ReadWeightFn kRead, int kBias>
constexpr OpRule ProductRow(absl::string_view op_type, InputMask not_parameters) {
  return PackedRow(op_type, InferPacked<kRead>, CountPacked<kRead, kBias>, kPacked,
                   PackedWeights<kRead>, Input(1), not_parameters);
}

const OpRule kRules[] = {
    ProductRow<ReadAttributes, 5>("MatMulNBits", Input(2) | Input(3) | Input(4)),
    PackedRow("MatMulNBitsMlp", InferMlp, CountMlp,
              "2 * rows * K * N; norm, skip, biases, activation, product", MlpWeights,
              Input(3) | Input(6), Input(4) | Input(7)),
    PackedRow("MatMulNBitsQkv", InferQkv, CountQkv, "rows * K * (Nq + 2 * Nkv); norm, skip, biases",
              QkvWeights, Input(3) | Input(6) | Input(9), Input(4) | Input(7) | Input(10)),
    ProductRow<ReadBnb4, kNoBias>("MatMulBnb4", Input(2)),
    ProductRow<ReadShapeInput, kNoBias>("MatMulFpQ4", Input(2)),
    ProductRow<ReadPackedRows<2>, 5>("MatMulBlockQuantizedFp4Weight",
                                     Input(2) | Input(3) | Input(4)),
    ProductRow<ReadPackedRows<1>, 4>("MatMulBlockQuantizedFp8Weight", Input(2) | Input(3)),
};

}  // namespace

absl::Span<const OpRule> BlockQuantizedMatMulRules() { return kRules; }

}  // namespace onnx_macs
