// The keys and values that a language model keeps from token to token, in bytes.
#ifndef ANALYZER_PIPELINE_KV_CACHE_H_
#define ANALYZER_PIPELINE_KV_CACHE_H_

#include <optional>

#include "absl/types/span.h"
#include "analyzer/pipeline/pipeline_report.h"
#include "analyzer/pipeline/plan.h"

namespace onnx_macs {

// After the prompt and `decode` further tokens; nothing where no model keeps any.
std::optional<CacheRow> CacheOf(absl::Span<const PipelineModel> models, int64_t prefill,
                                int64_t decode, int64_t batch);

// The axis along which a cache grows: one that says so by its name, else the last open one but the
// batch; -1 where all are fixed.
int CacheAxis(const Port& port);
// Whether it holds what the encoder gave: past_key_values.0.encoder.key.
bool IsEncoderCache(const Port& port);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_KV_CACHE_H_
