// The tables behind bind_families.h.
#include "analyzer/bind_families.h"

#include "analyzer/declared_type.h"
#include "analyzer/dim_parse.h"

namespace onnx_macs {
namespace {

struct TextLength {
  int64_t width;
  absl::string_view other_input;  // must exist for the row to hold; "" for none
  int64_t tokens;
};

// The first row that fits counts.
constexpr TextLength kTextLengths[] = {
    {768, "", 77},                      // SD 1.x: CLIP-L
    {1024, "", 77},                     // SD 2.x: CLIP-H
    {1280, "", 77},                     // SDXL refiner: CLIP-bigG
    {2048, "", 77},                     // SDXL: CLIP-L beside CLIP-bigG
    {2304, "", 300},                    // SANA: Gemma 2
    {4096, "img_ids", 512},             // FLUX: T5-XXL
    {4096, "pooled_projections", 333},  // SD3: CLIP's 77 before T5-XXL's 256
    {4096, "", 120},                    // PixArt-alpha: T5-XXL
};

// k for `name * k` in any spelling; 0 for anything else.
int64_t LinearFactor(absl::string_view param, ExprPool& pool) {
  int names = 0;
  const auto count = [&names](absl::string_view) {
    ++names;
    return Dim(1);
  };
  const absl::StatusOr<Dim> value = ParseDim(param, pool, count);
  return value.ok() && value->is_integer() && names == 1 ? value->value() : 0;
}

}  // namespace

int64_t VaeFactorFromOutputs(const Graph& graph, ExprPool& pool) {
  for (const ValueId id : graph.outputs) {
    DeclaredType type;
    if (!ReadDeclaredType(graph.values[id].declared_type, &type) || type.dims.size() != 4) continue;
    if (type.dims[2].kind != DeclaredDim::Kind::kParam) continue;
    const int64_t factor = LinearFactor(type.dims[2].param, pool);
    if (factor > 1) return factor;
  }
  return 0;
}

int64_t UsualTextLength(int64_t width, absl::FunctionRef<bool(absl::string_view)> has_input) {
  for (const TextLength& row : kTextLengths) {
    if (row.width == width && (row.other_input.empty() || has_input(row.other_input))) {
      return row.tokens;
    }
  }
  return 0;
}

}  // namespace onnx_macs
