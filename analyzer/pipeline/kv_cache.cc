// Sizes of caches by their declared types: all axes but the one that grows.
#include "analyzer/pipeline/kv_cache.h"

#include "absl/strings/match.h"
#include "analyzer/count.h"

namespace onnx_macs {
namespace {

constexpr int64_t kBitsPerByte = 8;

// Of one token, for one text; unknown where another size is open too.
Count BitsPerToken(const Port& cache, int64_t batch) {
  const int axis = CacheAxis(cache);
  Count bits = Describe(cache.type.type).bits;
  for (int i = 0; i < cache.rank(); ++i) {
    if (i == axis) continue;
    const bool is_batch = i == 0 && cache.IsOpen(0);
    if (!is_batch && cache.IsOpen(i)) return Count::Unknown();
    bits *= Count(is_batch ? batch : cache.Size(i));
  }
  return bits;
}

Amount ToBytes(const Count& bits) {
  return bits.is_integer() ? Amount::Integer(bits.value() / kBitsPerByte) : Amount::Unknown();
}

}  // namespace

int CacheAxis(const Port& port) {
  int axis = -1;
  for (int i = 0; i < port.rank(); ++i) {
    if (!port.IsOpen(i)) continue;
    const absl::string_view name = port.type.dims[i].param;
    if (absl::StrContains(name, "past") || absl::StrContains(name, "seq")) return i;
    if (i > 0 && !absl::StrContains(name, "batch")) axis = i;
  }
  return axis;
}

bool IsEncoderCache(const Port& port) { return absl::StrContains(port.name, ".encoder."); }

std::optional<CacheRow> CacheOf(absl::Span<const PipelineModel> models, int64_t prefill,
                                int64_t decode, int64_t batch) {
  Count per_token = 0, of_encoder = 0;
  bool has_encoder = false;
  for (const PipelineModel& model : models) {
    has_encoder |= model.role == Role::kEncoder;
  }
  for (const PipelineModel& model : models) {
    Count own = 0, source = 0;
    bool is_any = false;
    for (const Port& input : model.signature.inputs) {
      if (!IsPast(input) || CacheAxis(input) < 0) continue;
      is_any = true;
      (IsEncoderCache(input) ? source : own) += BitsPerToken(input, batch);
    }
    if (!is_any) continue;
    per_token = own;
    of_encoder = source;
    break;
  }
  if (per_token.is_zero() && of_encoder.is_zero()) return std::nullopt;
  // An encoder's part is as long as the prompt; the decoder's begins with one token.
  const int64_t own_tokens = (has_encoder ? 1 : prefill) + decode;
  const Count all = per_token * Count(own_tokens) + of_encoder * Count(prefill);
  return CacheRow{ToBytes(per_token), ToBytes(all)};
}

}  // namespace onnx_macs
