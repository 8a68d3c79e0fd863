// Heights are compared: what goes in, and what comes out.
#include "analyzer/pipeline/vae_factor.h"

#include <algorithm>

#include "analyzer/bind.h"
#include "analyzer/dim_parse.h"
#include "analyzer/inference.h"

namespace onnx_macs {
namespace {

constexpr int kImageRank = 4, kHeight = 2;
constexpr int64_t kMostPixels = 1 << 16;

const Port* FirstImage(const std::vector<Port>& ports) {
  const auto it = std::find_if(ports.begin(), ports.end(), [](const Port& port) {
    return port.rank() == kImageRank && IsFloating(port.type.type);
  });
  return it == ports.end() ? nullptr : &*it;
}

// k where one is k times the other, whichever is larger; 0 for anything else.
int64_t Ratio(Dim in, Dim out) {
  for (const auto& [large, small] : {std::pair(out, in), std::pair(in, out)}) {
    const Dim ratio = ExactDiv(large, small);
    if (ratio.is_integer() && ratio.value() > 1) return ratio.value();
  }
  return 0;
}

Dim HeightOf(const Port& port, ExprPool& pool) {
  const DeclaredDim& dim = port.type.dims[kHeight];
  if (dim.kind == DeclaredDim::Kind::kValue) return Dim(dim.value);
  if (dim.kind == DeclaredDim::Kind::kUnknown) return Dim();
  const absl::StatusOr<Dim> parsed =
      ParseDim(dim.param, pool, [&pool](absl::string_view name) { return pool.Symbol(name); });
  return parsed.ok() ? *parsed : Dim();
}

// k for `name * k` and `name / k` in any spelling, whatever the name: exporters name the input
// otherwise than the output is computed from.
int64_t FactorOfExpression(Dim height) {
  if (!height.is_expr()) return 0;
  const Expr& expr = *height.expr();
  const bool is_one_symbol = expr.terms.size() == 1 && expr.terms[0].monomial != nullptr &&
                             expr.terms[0].monomial->degree == 1;
  if (!is_one_symbol) return 0;
  const Atom& atom = *expr.terms[0].monomial->factors[0].atom;
  absl::int128 factor = expr.terms[0].coefficient;
  if (expr.denominator > 1) factor = expr.denominator;
  if (atom.kind == AtomKind::kFloor) {
    // `4*floor(h/4)` is h rounded down, no scale.
    factor = factor == 1 && atom.b.is_integer() ? atom.b.value() : 0;
  }
  return factor > 1 && factor <= kMostPixels ? static_cast<int64_t>(factor) : 0;
}

}  // namespace

int64_t DeclaredVaeFactor(const Signature& signature) {
  const Port *in = FirstImage(signature.inputs), *out = FirstImage(signature.outputs);
  if (in == nullptr || out == nullptr) return 0;
  ExprPool pool;
  const Dim in_height = HeightOf(*in, pool), out_height = HeightOf(*out, pool);
  if (!in_height.is_known() || !out_height.is_known()) return 0;
  if (const int64_t ratio = Ratio(in_height, out_height); ratio > 0) return ratio;
  return FactorOfExpression(out_height);
}

int64_t InferredVaeFactor(const Model& model, const RuleSet& rules) {
  Inference inference(model, rules);
  Frame& frame = inference.EnterGraph(model.graph, model.opsets);
  if (!BindInputs({}, inference, frame).ok()) return 0;
  inference.EndBinding();
  inference.Walk(frame);
  const auto height = [&](absl::Span<const ValueId> values) {
    for (const ValueId id : values) {
      const Shape& shape = frame.values[id].shape;
      if (shape.rank() == kImageRank) return inference.pool().Resolve(shape[kHeight]);
    }
    return Dim();
  };
  const Dim in = height(frame.graph->inputs), out = height(frame.graph->outputs);
  return in.is_known() && out.is_known() ? Ratio(in, out) : 0;
}

}  // namespace onnx_macs
