// The tables of memory and of bounds.
#include "cli/saved_memory.h"

#include <algorithm>
#include <utility>

#include "cli/saved_rows.h"

namespace onnx_macs {
namespace {

// --- Memory

constexpr SavedField<AliveTensor> kAlive[] = {
    {"value", ReadText<&AliveTensor::name>},
    {"type", ReadText<&AliveTensor::type>},
};
constexpr SavedAmount<AliveTensor> kAliveAmounts[] = {{"bytes", AmountOf<&AliveTensor::bytes>}};

constexpr SavedField<BatchRow> kBatch[] = {{"batch", ReadCount<&BatchRow::batch>}};
constexpr SavedAmount<BatchRow> kBatchAmounts[] = {
    {"macs", AmountOf<&BatchRow::macs>},
    {"flops", AmountOf<&BatchRow::flops>},
    {"activation_bytes", AmountOf<&BatchRow::activation_bytes>},
    {"total_bytes", AmountOf<&BatchRow::total_bytes>},
};

template <auto Member>
void ReadCountOrNull(SavedInput& in, BudgetFit* fit) {
  fit->*Member = in.ReadNull() ? 0 : in.ReadCount();
}

constexpr SavedField<BudgetFit> kBudget[] = {
    {"bytes", ReadCount<&BudgetFit::budget>},
    {"fits", ReadBoolean<&BudgetFit::fits>},
    {"extent",
     [](SavedInput& in, BudgetFit* fit) { fit->extent = in.ReadNull() ? "" : in.ReadWord(); }},
    {"step", ReadCount<&BudgetFit::step>},
    {"no_end", ReadBoolean<&BudgetFit::has_no_end>},
    {"largest", ReadCountOrNull<&BudgetFit::largest>},
    {"with_headroom", ReadCountOrNull<&BudgetFit::with_headroom>},
    {"ends_with_model", ReadBoolean<&BudgetFit::ends_with_model>},
};
constexpr SavedAmount<BudgetFit> kBudgetAmounts[] = {
    {"total_bytes", AmountOf<&BudgetFit::bytes>},
    {"next_total_bytes", AmountOf<&BudgetFit::next_bytes>},
};

struct MemoryDraft {
  MemoryReport memory;
  MemoryPlan plan;
  Amount traffic, reordered;
};

template <auto Member>
Amount* PeakOf(MemoryDraft* draft) {
  return &(draft->memory.*Member);
}

constexpr SavedField<MemoryDraft> kMemory[] = {
    {"peak_node",
     [](SavedInput& in, MemoryDraft* draft) {
       draft->memory.peak_node = in.ReadNull() ? "" : in.ReadString();
     }},
    {"alive_tensors",
     [](SavedInput& in, MemoryDraft* draft) { draft->memory.num_alive_at_peak = in.ReadCount(); }},
    {"alive_at_peak",
     [](SavedInput& in, MemoryDraft* draft) {
       in.ReadList(&draft->memory.alive_at_peak, [&in](AliveTensor* tensor) {
         Read(in, SavedRow<AliveTensor>{kAlive, kAliveAmounts}, tensor);
       });
     }},
    {"batches",
     [](SavedInput& in, MemoryDraft* draft) {
       in.ReadList(&draft->plan.batches, [&in](BatchRow* row) {
         Read(in, SavedRow<BatchRow>{kBatch, kBatchAmounts}, row);
       });
     },
     false},
    {"budget",
     [](SavedInput& in, MemoryDraft* draft) {
       Read(in, SavedRow<BudgetFit>{kBudget, kBudgetAmounts}, &draft->plan.fit.emplace());
     },
     false},
    {"unknown_tensors",
     [](SavedInput& in, MemoryDraft* draft) { draft->memory.unknown_tensors = in.ReadCount(); }},
    {"notes", [](SavedInput& in, MemoryDraft* draft) { draft->memory.notes = in.ReadStrings(); }},
    {"plan_notes", [](SavedInput& in, MemoryDraft* draft) { draft->plan.notes = in.ReadStrings(); },
     false},
};

constexpr SavedAmount<MemoryDraft> kMemoryAmounts[] = {
    {"peak_activation_bytes", PeakOf<&MemoryReport::peak_activation_bytes>},
    {"traffic_bytes", AmountOf<&MemoryDraft::traffic>},
    {"reordered_peak_bytes", AmountOf<&MemoryDraft::reordered>},
};

// --- Bounds

// Only which of the two binds is saved of the seconds that computing binds.
void ReadBinds(SavedInput& in, bool* is_compute) {
  const std::string binds = in.ReadString();
  *is_compute = binds == "compute";
  if (!*is_compute && binds != "memory") in.FailAtKey("neither compute nor memory");
}

struct TimesDraft {
  BoundTimes times;
  std::string path;
  bool is_compute = false;

  BoundTimes Finish() {
    times.compute_bound_seconds = is_compute ? times.seconds : 0;
    return times;
  }
};

template <double BoundTimes::*Member>
void ReadTime(SavedInput& in, TimesDraft* draft) {
  draft->times.*Member = in.ReadSeconds();
}

constexpr SavedField<TimesDraft> kComponentTimes[] = {
    {"path", ReadText<&TimesDraft::path>},
    {"seconds", ReadTime<&BoundTimes::seconds>},
    {"compute_seconds", ReadTime<&BoundTimes::compute_seconds>},
    {"memory_seconds", ReadTime<&BoundTimes::memory_seconds>},
    {"binds", [](SavedInput& in, TimesDraft* draft) { ReadBinds(in, &draft->is_compute); }},
};

constexpr SavedField<BatchBound> kBatchBound[] = {
    {"batch", ReadCount<&BatchBound::batch>},
    {"seconds", [](SavedInput& in, BatchBound* row) { row->seconds = in.ReadSeconds(); }},
    {"utilisation", [](SavedInput& in, BatchBound* row) { row->utilisation = in.ReadSeconds(); }},
    {"total_bytes", [](SavedInput& in, BatchBound* row) { row->total_bytes = in.ReadSeconds(); }},
    {"fits", ReadBoolean<&BatchBound::fits>},
};

struct BoundDraft {
  TimeBound bound;
  TimesDraft whole;
};

template <double BoundTimes::*Member>
void ReadWholeTime(SavedInput& in, BoundDraft* draft) {
  draft->whole.times.*Member = in.ReadSeconds();
}

void ReadComponentTimes(SavedInput& in, BoundDraft* draft) {
  in.ReadList(&draft->bound.components, [&in](BoundRow* row) {
    TimesDraft times;
    Read(in, SavedRow<TimesDraft>{kComponentTimes, {}}, &times);
    row->times = times.Finish();
    row->path = std::move(times.path);
  });
}

void ReadBatchBounds(SavedInput& in, BoundDraft* draft) {
  constexpr double kMostRate = 1e18;  // views write it as an integer
  in.ReadList(&draft->bound.batches, [&in](BatchBound* row) {
    Read(in, SavedRow<BatchBound>{kBatchBound, {}}, row);
    if (row->per_second() > kMostRate) in.Fail("no device is so fast");
  });
}

constexpr SavedField<BoundDraft> kBound[] = {
    {"device", [](SavedInput& in, BoundDraft* draft) { draft->bound.device = in.ReadString(); }},
    {"source", [](SavedInput& in, BoundDraft* draft) { draft->bound.source = in.ReadString(); }},
    {"seconds", ReadWholeTime<&BoundTimes::seconds>},
    {"compute_seconds", ReadWholeTime<&BoundTimes::compute_seconds>},
    {"memory_seconds", ReadWholeTime<&BoundTimes::memory_seconds>},
    {"binds", [](SavedInput& in, BoundDraft* draft) { ReadBinds(in, &draft->whole.is_compute); }},
    {"components", ReadComponentTimes},
    {"batches", ReadBatchBounds},
    {"recommended_batch",
     [](SavedInput& in, BoundDraft* draft) {
       draft->bound.recommended_batch = in.ReadNull() ? 0 : in.ReadCount();
     }},
    {"unknown_nodes",
     [](SavedInput& in, BoundDraft* draft) {
       draft->bound.unknown_nodes = in.ReadCount(kMostNodes);
     }},
};

}  // namespace

void ReadMemory(SavedInput& in, ModelReport* report) {
  MemoryDraft draft;
  Read(in, SavedRow<MemoryDraft>{kMemory, kMemoryAmounts}, &draft);
  // The notes of the plan stand behind all others.
  std::vector<std::string>& notes = draft.memory.notes;
  const size_t of_plan = draft.plan.notes.size();
  if (of_plan > notes.size()) in.Fail("\"plan_notes\" are more than \"notes\"");
  notes.resize(notes.size() - std::min(notes.size(), of_plan));
  if (!draft.reordered.is_unknown()) draft.memory.reordered_peak_bytes = draft.reordered;
  report->figures.traffic_bytes = std::move(draft.traffic);
  report->memory = std::move(draft.memory);
  report->memory_plan = std::move(draft.plan);
}

void ReadBound(SavedInput& in, ModelReport* report) {
  BoundDraft draft;
  Read(in, SavedRow<BoundDraft>{kBound, {}}, &draft);
  draft.bound.whole = draft.whole.Finish();
  report->bound = std::move(draft.bound);
}

}  // namespace onnx_macs
