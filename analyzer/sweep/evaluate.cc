// A walk over terms and atoms.
#include "analyzer/sweep/evaluate.h"

#include <algorithm>

#include "analyzer/checked_int.h"

namespace onnx_macs {
namespace {

using Value = std::optional<absl::int128>;

Value OfExpr(const Expr& expr, const Assignment& sizes);

Value OfDim(Dim dim, const Assignment& sizes) {
  if (dim.is_integer()) return absl::int128(dim.value());
  return dim.is_expr() ? OfExpr(*dim.expr(), sizes) : std::nullopt;
}

absl::int128 FloorOf(absl::int128 a, absl::int128 b) {
  const absl::int128 quotient = a / b;
  const bool is_below = a % b != 0 && (a < 0) != (b < 0);
  return is_below ? quotient - 1 : quotient;
}

Value OfAtom(const Atom& atom, const Assignment& sizes) {
  if (atom.kind == AtomKind::kSymbol) {
    const auto size = sizes.find(&atom);
    return size == sizes.end() ? std::nullopt : OfDim(size->second, sizes);
  }
  const Value a = OfDim(atom.a, sizes), b = OfDim(atom.b, sizes);
  if (!a || !b) return std::nullopt;
  if (atom.kind == AtomKind::kMin) return std::min(*a, *b);
  if (atom.kind == AtomKind::kMax) return std::max(*a, *b);
  if (*b == 0) return std::nullopt;
  return FloorOf(*a, *b);
}

Value OfExpr(const Expr& expr, const Assignment& sizes) {
  absl::int128 sum = 0;
  for (const Term& term : expr.terms) {
    absl::int128 product = term.coefficient;
    if (term.monomial != nullptr) {
      for (const Factor& factor : term.monomial->factors) {
        const Value value = OfAtom(*factor.atom, sizes);
        if (!value) return std::nullopt;
        for (uint32_t i = 0; i < factor.power; ++i) {
          if (!MulChecked(product, *value, &product)) return std::nullopt;
        }
      }
    }
    if (!AddChecked(sum, product, &sum)) return std::nullopt;
  }
  if (sum % expr.denominator != 0) return std::nullopt;
  return sum / expr.denominator;
}

}  // namespace

std::optional<absl::int128> Evaluate(const Count& count, const Assignment& sizes) {
  if (count.is_integer()) return count.value();
  return count.is_expr() ? OfExpr(*count.expr(), sizes) : std::nullopt;
}

}  // namespace onnx_macs
