// Peaks of all programs, innermost first, and what is told of the main one.
#include "analyzer/memory/memory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/amount_maker.h"
#include "analyzer/memory/liveness.h"
#include "analyzer/memory/program.h"
#include "analyzer/memory/reorder.h"
#include "analyzer/report_rows.h"

namespace onnx_macs {
namespace {

constexpr size_t kMostShown = 50;

class MemoryAnalysis {
 public:
  explicit MemoryAnalysis(Inference& inference)
      : inference_(inference), programs_(MakePrograms(inference)) {}

  MemoryReport Run() {
    for (const Program& program : programs_) report_.unknown_tensors += program.unknown_buffers;
    if (!MakeColumns()) return GiveUp();
    FindAllPeaks();
    report_.peak_activation_bytes = peaks_[0].ToAmount(columns_);
    if (report_.peak_activation_bytes.is_unknown()) return GiveUp();
    Locate();
    Reorder();
    return std::move(report_);
  }

 private:
  MemoryReport GiveUp() {
    report_.peak_activation_bytes = Amount::Unknown();
    report_.notes.push_back(
        "peak memory: sizes are too many or too large to tell which sum of them is the largest");
    return std::move(report_);
  }

  bool MakeColumns() {
    std::vector<Count> sizes;
    for (const Program& program : programs_) {
      sizes.clear();
      for (const Buffer& buffer : program.buffers) sizes.push_back(buffer.bytes);
      if (!columns_.Add(sizes)) return false;
    }
    columns_.Finish([this](const Atom& atom) {
      return atom.interval.low >= 1 ||
             (atom.kind == AtomKind::kSymbol && inference_.IsInputSymbol(atom));
    });
    return true;
  }

  // What is run inside comes after what runs it.
  void FindAllPeaks() {
    peaks_.resize(programs_.size());
    for (size_t i = programs_.size(); i-- > 0;) {
      const Program& program = programs_[i];
      const BufferTerms terms(program, columns_);
      peaks_[i] = FindPeaks(program, FileOrder(program), terms, columns_, peaks_, &budget_);
    }
  }

  // Follows the largest peak to where it is, through the graphs that are run.
  void Locate() {
    std::vector<AliveTensor> alive;
    uint32_t at = 0;
    for (;;) {
      const Program& program = programs_[at];
      const Peak* const peak = peaks_[at].Largest(columns_);
      if (peak == nullptr || program.steps.empty()) break;
      for (const uint32_t buffer : AliveAt(program, FileOrder(program), peak->place)) {
        alive.push_back(Describe(program.buffers[buffer]));
      }
      const size_t record = program.steps[peak->place.step].record;
      report_.peak_node = NodeName(inference_.records()[record], record);
      if (peak->place.body == PeakPlace::kNoBody) break;
      at = peak->place.body;
    }
    std::stable_sort(alive.begin(), alive.end(), [](const AliveTensor& a, const AliveTensor& b) {
      return a.bytes.approximate() > b.bytes.approximate();
    });
    report_.num_alive_at_peak = static_cast<int64_t>(alive.size());
    if (alive.size() > kMostShown) alive.resize(kMostShown);
    report_.alive_at_peak = std::move(alive);
  }

  static AliveTensor Describe(const Buffer& buffer) {
    return {std::string(buffer.frame->graph->values[buffer.value].name),
            onnx_macs::Describe(buffer.frame->values[buffer.value]), MakeAmount(buffer.bytes)};
  }

  // Of symbols, the order that is better where each of them is 64.
  void Reorder() {
    const Program& main = programs_[0];
    std::vector<double> bytes;
    for (const Buffer& buffer : main.buffers) {
      bytes.push_back(Approximate(buffer.bytes, ByteColumns::kNominalSize));
    }
    const BufferTerms terms(main, columns_);
    const Peak* best = peaks_[0].Largest(columns_);
    PeakSet better[2];
    size_t i = 0;
    for (const auto order : {FrugalOrder, DepthFirstOrder}) {
      PeakSet& peaks = better[i++];
      peaks = FindPeaks(main, order(main, bytes), terms, columns_, peaks_, &budget_);
      const Peak* const found = peaks.is_complete() ? peaks.Largest(columns_) : nullptr;
      if (found == nullptr || !columns_.IsLess(found->bytes, best->bytes)) continue;
      best = found;
      report_.reordered_peak_bytes = peaks.ToAmount(columns_);
    }
  }

  Inference& inference_;
  const std::vector<Program> programs_;
  ByteColumns columns_;
  PeakBudget budget_;
  std::vector<PeakSet> peaks_;  // by program
  MemoryReport report_;
};

}  // namespace

MemoryReport ReportMemory(Inference& inference) { return MemoryAnalysis(inference).Run(); }

}  // namespace onnx_macs
