// One pass to see when each buffer is read last, one to add and take away.
#include "analyzer/memory/liveness.h"

#include <numeric>

namespace onnx_macs {
namespace {

// By buffer: the position in the order after which it is gone.
std::vector<uint32_t> LastUses(const Program& program, absl::Span<const uint32_t> order) {
  std::vector<uint32_t> last(program.buffers.size(), 0);
  for (uint32_t position = 0; position < order.size(); ++position) {
    for (const uint32_t buffer : program.ReadsOf(order[position])) last[buffer] = position;
    for (const uint32_t buffer : program.WritesOf(order[position])) last[buffer] = position;
  }
  for (size_t i = 0; i < last.size(); ++i) {
    if (program.buffers[i].is_output) last[i] = static_cast<uint32_t>(order.size());
  }
  return last;
}

// By buffer: the position where it is made; 0 for inputs.
std::vector<uint32_t> FirstUses(const Program& program, absl::Span<const uint32_t> order) {
  std::vector<uint32_t> first(program.buffers.size(), 0);
  for (uint32_t position = 0; position < order.size(); ++position) {
    for (const uint32_t buffer : program.WritesOf(order[position])) first[buffer] = position;
  }
  return first;
}

class Simulation {
 public:
  Simulation(const Program& program, const BufferTerms& terms, const ByteColumns& columns)
      : program_(program), terms_(terms), columns_(columns), alive_(columns.size()) {}

  PeakSet Run(absl::Span<const uint32_t> order, absl::Span<const PeakSet> bodies,
              PeakBudget* budget) {
    bodies_ = bodies;
    budget_ = budget;
    const std::vector<uint32_t> last = LastUses(program_, order);
    for (uint32_t i = 0; i < last.size(); ++i) {
      if (program_.buffers[i].is_input) Change(i, 1);
    }
    Offer(alive_, {});
    for (uint32_t position = 0; position < order.size(); ++position) {
      RunStep(order[position]);
      for (const uint32_t buffer : program_.ReadsOf(order[position])) {
        if (last[buffer] == position) Change(buffer, -1);
      }
      for (const uint32_t buffer : program_.WritesOf(order[position])) {
        if (last[buffer] == position) Change(buffer, -1);
      }
      if (position == 0) DropUnread(last);
    }
    return std::move(peaks_);
  }

 private:
  void RunStep(uint32_t step) {
    const absl::Span<const uint32_t> writes = program_.WritesOf(step);
    const Step& s = program_.steps[step];
    const size_t carried = program_.BodiesOf(step).empty() ? 0 : s.gathered - s.writes;
    for (size_t i = carried; i < writes.size(); ++i) Change(writes[i], 1);
    for (const uint32_t body : program_.BodiesOf(step)) OfferBody(step, body);
    for (size_t i = 0; i < carried; ++i) Change(writes[i], 1);
    Offer(alive_, {step});
  }

  void OfferBody(uint32_t step, uint32_t body) {
    if (!bodies_[body].is_complete()) peaks_.GiveUp();
    for (const Peak& peak : bodies_[body].peaks()) {
      ByteSum sum = alive_;
      for (size_t i = 0; i < sum.size(); ++i) sum[i] += peak.bytes[i];
      Offer(sum, {step, body});
    }
  }

  // Inputs that no step reads were there when the first one began.
  void DropUnread(absl::Span<const uint32_t> last) {
    std::vector<bool> is_read(program_.buffers.size());
    for (const uint32_t buffer : program_.reads) is_read[buffer] = true;
    for (uint32_t i = 0; i < last.size(); ++i) {
      const Buffer& buffer = program_.buffers[i];
      if (buffer.is_input && !buffer.is_output && !is_read[i]) Change(i, -1);
    }
  }

  void Change(uint32_t buffer, int sign) {
    for (const ByteTerm& term : terms_.Of(buffer)) alive_[term.column] += sign * term.coefficient;
  }

  void Offer(const ByteSum& sum, PeakPlace place) { peaks_.Offer(columns_, sum, place, budget_); }

  const Program& program_;
  const BufferTerms& terms_;
  const ByteColumns& columns_;
  ByteSum alive_;
  absl::Span<const PeakSet> bodies_;
  PeakBudget* budget_ = nullptr;
  PeakSet peaks_;
};

}  // namespace

BufferTerms::BufferTerms(const Program& program, const ByteColumns& columns) {
  begin_.reserve(program.buffers.size() + 1);
  terms_.reserve(program.buffers.size());
  begin_.push_back(0);
  for (const Buffer& buffer : program.buffers) {
    columns.Append(buffer.bytes, &terms_);
    begin_.push_back(terms_.size());
  }
}

PeakSet FindPeaks(const Program& program, absl::Span<const uint32_t> order,
                  const BufferTerms& terms, const ByteColumns& columns,
                  absl::Span<const PeakSet> bodies, PeakBudget* budget) {
  return Simulation(program, terms, columns).Run(order, bodies, budget);
}

std::vector<uint32_t> AliveAt(const Program& program, absl::Span<const uint32_t> order,
                              PeakPlace place) {
  const std::vector<uint32_t> first = FirstUses(program, order), last = LastUses(program, order);
  uint32_t position = 0;
  while (position < order.size() && order[position] != place.step) ++position;
  std::vector<uint32_t> alive;
  for (uint32_t i = 0; i < last.size(); ++i) {
    if (first[i] <= position && position <= last[i]) alive.push_back(i);
  }
  if (place.body == PeakPlace::kNoBody) return alive;
  const Step& step = program.steps[place.step];
  const absl::Span<const uint32_t> writes = program.WritesOf(place.step);
  std::vector<bool> is_later(program.buffers.size());
  for (size_t i = 0; i < step.gathered - step.writes; ++i) is_later[writes[i]] = true;
  std::erase_if(alive, [&](uint32_t buffer) { return is_later[buffer]; });
  return alive;
}

std::vector<uint32_t> FileOrder(const Program& program) {
  std::vector<uint32_t> order(program.steps.size());
  std::iota(order.begin(), order.end(), 0);
  return order;
}

}  // namespace onnx_macs
