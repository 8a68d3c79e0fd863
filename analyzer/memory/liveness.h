// Liveness: what is alive at every step of a program, and where that is most.
#ifndef ANALYZER_MEMORY_LIVENESS_H_
#define ANALYZER_MEMORY_LIVENESS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/memory/byte_terms.h"
#include "analyzer/memory/peak_set.h"
#include "analyzer/memory/program.h"

namespace onnx_macs {

// The terms of the sizes of a program's buffers.
class BufferTerms {
 public:
  BufferTerms(const Program& program, const ByteColumns& columns);
  absl::Span<const ByteTerm> Of(uint32_t buffer) const {
    return absl::MakeConstSpan(terms_).subspan(begin_[buffer], begin_[buffer + 1] - begin_[buffer]);
  }

 private:
  std::vector<ByteTerm> terms_;
  std::vector<size_t> begin_;
};

// The steps of a program in an order: an input is alive from the start, an output to the end,
// anything else from the step that makes it to the last one that reads it. What a step reads and
// writes is alive together, and beside it what is alive inside the graph that the step runs;
// `bodies` has the peaks of all programs, by index.
PeakSet FindPeaks(const Program& program, absl::Span<const uint32_t> order,
                  const BufferTerms& terms, const ByteColumns& columns,
                  absl::Span<const PeakSet> bodies, PeakBudget* budget);

// The buffers alive at a step; inside a body, without what the step writes only at its end.
std::vector<uint32_t> AliveAt(const Program& program, absl::Span<const uint32_t> order,
                              PeakPlace place);

// 0, 1, 2 ...
std::vector<uint32_t> FileOrder(const Program& program);

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_LIVENESS_H_
