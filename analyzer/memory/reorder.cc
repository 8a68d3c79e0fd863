// Two ways to order steps, each in n log n.
#include "analyzer/memory/reorder.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace onnx_macs {
namespace {

// Lists of numbers by a key, in one array.
class Groups {
 public:
  // `visit` calls back with every (key, member) pair; it is called twice.
  template <typename Visit>
  Groups(size_t keys, Visit visit) : begin_(keys + 1) {
    visit([this](uint32_t key, uint32_t) { ++begin_[key + 1]; });
    for (size_t i = 1; i <= keys; ++i) begin_[i] += begin_[i - 1];
    members_.resize(begin_[keys]);
    std::vector<uint32_t> next = begin_;
    visit([&](uint32_t key, uint32_t member) { members_[next[key]++] = member; });
  }
  absl::Span<const uint32_t> operator[](uint32_t key) const {
    return absl::MakeConstSpan(members_).subspan(begin_[key], begin_[key + 1] - begin_[key]);
  }

 private:
  std::vector<uint32_t> begin_, members_;
};

class FrugalScheduler {
 public:
  FrugalScheduler(const Program& program, absl::Span<const double> bytes)
      : program_(program),
        bytes_(bytes),
        followers_(program.steps.size(),
                   [&](auto add) {
                     for (uint32_t s = 0; s < program.steps.size(); ++s) {
                       for (const uint32_t need : program.NeedsOf(s)) add(need, s);
                     }
                   }),
        missing_(program.steps.size()),
        change_(program.steps.size()),
        readers_(program.buffers.size()),
        readers_sum_(program.buffers.size()) {}

  std::vector<uint32_t> Run() {
    Count();
    for (uint32_t s = 0; s < program_.steps.size(); ++s) {
      if (missing_[s] == 0) ready_.emplace(change_[s], s);
    }
    while (!ready_.empty()) {
      const auto [change, step] = ready_.top();
      ready_.pop();
      // An entry is out of date when the step was done, or frees more by now.
      if (is_done_[step] || change != change_[step]) continue;
      Do(step);
    }
    return std::move(order_);
  }

 private:
  void Count() {
    is_done_.resize(program_.steps.size());
    for (uint32_t s = 0; s < program_.steps.size(); ++s) {
      missing_[s] = static_cast<uint32_t>(program_.NeedsOf(s).size());
      for (const uint32_t buffer : program_.ReadsOf(s)) {
        ++readers_[buffer];
        readers_sum_[buffer] += s;
      }
    }
    for (uint32_t s = 0; s < program_.steps.size(); ++s) {
      for (const uint32_t buffer : program_.WritesOf(s)) {
        const bool stays = readers_[buffer] > 0 || program_.buffers[buffer].is_output;
        if (stays) change_[s] += bytes_[buffer];
      }
      for (const uint32_t buffer : program_.ReadsOf(s)) {
        if (readers_[buffer] == 1) LeaveLast(buffer, s);
      }
    }
  }

  // Only this step still reads the buffer.
  void LeaveLast(uint32_t buffer, uint32_t step) {
    if (!program_.buffers[buffer].is_output) change_[step] -= bytes_[buffer];
  }

  void Do(uint32_t step) {
    is_done_[step] = true;
    order_.push_back(step);
    for (const uint32_t buffer : program_.ReadsOf(step)) {
      readers_sum_[buffer] -= step;
      if (--readers_[buffer] != 1) continue;
      const auto last = static_cast<uint32_t>(readers_sum_[buffer]);
      LeaveLast(buffer, last);
      if (missing_[last] == 0) ready_.emplace(change_[last], last);
    }
    for (const uint32_t follower : followers_[step]) {
      if (--missing_[follower] == 0) ready_.emplace(change_[follower], follower);
    }
  }

  using Entry = std::pair<double, uint32_t>;

  const Program& program_;
  const absl::Span<const double> bytes_;
  const Groups followers_;
  std::vector<uint32_t> missing_;      // by step: needs that are not done
  std::vector<double> change_;         // by step: what is alive after it, less what was before
  std::vector<uint32_t> readers_;      // by buffer: those that are not done
  std::vector<uint64_t> readers_sum_;  // their numbers added up: of the last one, its number
  std::vector<bool> is_done_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> ready_;
  std::vector<uint32_t> order_;
};

class DepthFirstScheduler {
 public:
  DepthFirstScheduler(const Program& program, absl::Span<const double> bytes)
      : program_(program),
        bytes_(bytes),
        hunger_(program.steps.size()),
        written_(program.steps.size()),
        is_seen_(program.steps.size()),
        is_needed_(program.steps.size()) {}

  std::vector<uint32_t> Run() {
    Weigh();
    for (uint32_t s = 0; s < program_.steps.size(); ++s) {
      if (!is_needed_[s]) Visit(s);
    }
    return std::move(order_);
  }

 private:
  // What it takes to make a step's outputs, were the graph a tree: file order has needs first.
  void Weigh() {
    needs_.reserve(program_.needs.size());
    begin_.reserve(program_.steps.size() + 1);
    for (uint32_t s = 0; s < program_.steps.size(); ++s) {
      for (const uint32_t buffer : program_.WritesOf(s)) written_[s] += bytes_[buffer];
      begin_.push_back(needs_.size());
      AddSortedNeeds(s);
      double held = 0, most = 0;
      for (size_t i = begin_[s]; i < needs_.size(); ++i) {
        const uint32_t need = needs_[i];
        most = std::max(most, held + hunger_[need]);
        held += written_[need];
        is_needed_[need] = true;
      }
      hunger_[s] = std::max(most, held + written_[s]);
    }
    begin_.push_back(needs_.size());
  }

  // The needs of a step, each once: those first that take more to make than they leave behind.
  void AddSortedNeeds(uint32_t step) {
    const absl::Span<const uint32_t> needs = program_.NeedsOf(step);
    const auto begin = needs_.insert(needs_.end(), needs.begin(), needs.end());
    if (needs.size() < 2) return;
    std::sort(begin, needs_.end(), [this](uint32_t a, uint32_t b) {
      const double spare_a = hunger_[a] - written_[a], spare_b = hunger_[b] - written_[b];
      return spare_a != spare_b ? spare_a > spare_b : a < b;
    });
    needs_.erase(std::unique(begin, needs_.end()), needs_.end());
  }

  void Visit(uint32_t root) {
    std::vector<std::pair<uint32_t, size_t>> path;  // with the next of its needs
    const auto enter = [&](uint32_t step) {
      is_seen_[step] = true;
      path.emplace_back(step, begin_[step]);
    };
    enter(root);
    while (!path.empty()) {
      auto& [step, next] = path.back();
      if (next == begin_[step + 1]) {
        order_.push_back(step);
        path.pop_back();
        continue;
      }
      const uint32_t need = needs_[next++];
      if (!is_seen_[need]) enter(need);
    }
  }

  const Program& program_;
  const absl::Span<const double> bytes_;
  std::vector<double> hunger_, written_;  // by step: bytes
  std::vector<bool> is_seen_, is_needed_;
  std::vector<uint32_t> needs_;  // of all steps, each step's sorted
  std::vector<size_t> begin_;    // by step
  std::vector<uint32_t> order_;
};

}  // namespace

std::vector<uint32_t> FrugalOrder(const Program& program, absl::Span<const double> bytes) {
  return FrugalScheduler(program, bytes).Run();
}

std::vector<uint32_t> DepthFirstOrder(const Program& program, absl::Span<const double> bytes) {
  return DepthFirstScheduler(program, bytes).Run();
}

}  // namespace onnx_macs
