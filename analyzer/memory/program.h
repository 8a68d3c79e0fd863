// Program: a model as what it does to memory: steps that read and write buffers. Functions are
// written out where they are called; what an operator runs is a program of its own.
#ifndef ANALYZER_MEMORY_PROGRAM_H_
#define ANALYZER_MEMORY_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/count.h"
#include "analyzer/inference.h"

namespace onnx_macs {

// Memory of one activation and of all views of it. Weights and constants have none: they lie in the
// model, and are there before and after.
struct Buffer {
  const Frame* frame = nullptr;
  ValueId value = kNoValue;  // the first to lie there
  Count bytes;               // 0 where it is not known
  bool is_input = false;     // there before the first step
  bool is_output = false;    // still there after the last one
};

struct Step {
  size_t record = 0;                          // in Inference::records()
  uint32_t reads = 0, writes = 0, needs = 0;  // where its lists begin in those of the program
  uint32_t gathered = 0;                      // the first write that grows while its graph runs
  uint32_t bodies = 0;                        // the first program it runs; none where the next
                                              // step has the same
};

class Program {
 public:
  std::vector<Buffer> buffers;
  std::vector<Step> steps;
  std::vector<uint32_t> reads, writes;  // buffers; none twice in a step
  std::vector<uint32_t> needs;          // steps that must come before
  std::vector<uint32_t> bodies;         // programs; of two branches each is one
  int64_t unknown_buffers = 0;          // whose size is not known

  // Room for as many steps as are usual for that many nodes.
  void Reserve(size_t nodes);

  absl::Span<const uint32_t> ReadsOf(size_t step) const { return Of(&Step::reads, reads, step); }
  absl::Span<const uint32_t> WritesOf(size_t step) const { return Of(&Step::writes, writes, step); }
  absl::Span<const uint32_t> NeedsOf(size_t step) const { return Of(&Step::needs, needs, step); }
  absl::Span<const uint32_t> BodiesOf(size_t step) const { return Of(&Step::bodies, bodies, step); }

 private:
  absl::Span<const uint32_t> Of(uint32_t Step::*begin, const std::vector<uint32_t>& all,
                                size_t step) const {
    const size_t first = steps[step].*begin;
    const size_t end = step + 1 < steps.size() ? steps[step + 1].*begin : all.size();
    return absl::MakeConstSpan(all).subspan(first, end - first);
  }
};

// The main graph first, what is run inside after what runs it.
std::vector<Program> MakePrograms(Inference& inference);

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_PROGRAM_H_
