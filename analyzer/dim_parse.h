// Reads size expressions: dim_params as exporters write them, --dim values, printed formulas.
#ifndef ANALYZER_DIM_PARSE_H_
#define ANALYZER_DIM_PARSE_H_

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/dim.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {

// What a name stands for: a bound size or a symbol.
using NameResolver = absl::FunctionRef<Dim(absl::string_view name)>;

// Integers, names (quoted where not identifiers), + - * / // % ^ **, parentheses, floor, ceil, mod,
// min, max in any case: `8*(((s30 - 1)//8)) + 8`, `Max(1, s0)`, `latent_height * 8`. `/` is exact:
// `h/8` says that 8 divides h, so it is a rational until something rounds it.
absl::StatusOr<Dim> ParseDim(absl::string_view text, ExprPool& pool, NameResolver resolve);

// The same where a name may end in subscripts, which are part of it: `2 * x.shape[-1]`. What is
// well written may still have no value: it is unknown then, or a number with a denominator.
absl::StatusOr<Dim> ParseFormula(absl::string_view text, ExprPool& pool, NameResolver resolve);

}  // namespace onnx_macs

#endif  // ANALYZER_DIM_PARSE_H_
