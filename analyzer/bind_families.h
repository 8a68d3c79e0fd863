// What a model's family fixes about its sizes and its file only hints at: how many pixels a latent
// stands for, how long the text is that a denoiser reads.
#ifndef ANALYZER_BIND_FAMILIES_H_
#define ANALYZER_BIND_FAMILIES_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "analyzer/expr_pool.h"
#include "analyzer/model.h"

namespace onnx_macs {

// The pixels along one side of a latent, as an output's dim_param declares them
// (`latent_height * 8`); 0 when none does.
int64_t VaeFactorFromOutputs(const Graph& graph, ExprPool& pool);

// The usual number of text tokens for embeddings of that width; 0 when there is none. Families of
// one width differ in their other inputs.
int64_t UsualTextLength(int64_t width, absl::FunctionRef<bool(absl::string_view)> has_input);

}  // namespace onnx_macs

#endif  // ANALYZER_BIND_FAMILIES_H_
