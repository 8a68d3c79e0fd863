// From the records of the walk to programs. Records of a graph that is entered follow the node that
// enters it, so the frames that are open form a stack.
#include "analyzer/memory/program.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "analyzer/memory/bytes.h"
#include "analyzer/op_context.h"
#include "analyzer/parameters.h"

namespace onnx_macs {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

// Where a value lies, and the step that makes it. A view inside a graph of what is outside has its
// buffer in one program and its step in another.
struct Place {
  uint32_t program = 0;       // of the buffer
  uint32_t buffer = kNone;    // none: in the model
  uint32_t step_program = 0;  // of the step
  uint32_t step = kNone;      // none: it is there from the start
  bool is_known = false;
};

class Maker {
 public:
  explicit Maker(Inference& inference) : inference_(inference) {}

  std::vector<Program> Run() {
    FindWeightInputs();
    Frame& main = inference_.main_frame();
    Open(main, NewProgram());
    const std::vector<NodeRecord>& records = inference_.records();
    programs_[0].Reserve(main.graph->nodes.size());
    for (size_t i = 0; i < records.size(); ++i) {
      GoTo(*records[i].frame);
      AddRecord(i);
    }
    GoTo(main);
    CloseProgram();
    return std::move(programs_);
  }

 private:
  struct OpenFrame {
    const Frame* frame;
    size_t first_place;  // of its values in places_
    uint32_t program;
  };

  void FindWeightInputs() {
    FindParameters(inference_, [&](const Parameter& parameter) {
      const Value& value = *parameter.value;
      if (value.initializer < 0 && value.producer() < 0) weight_inputs_.insert(&value);
    });
  }

  uint32_t NewProgram() {
    programs_.emplace_back();
    last_reader_.emplace_back();
    return static_cast<uint32_t>(programs_.size() - 1);
  }

  // --- Frames

  void Open(const Frame& frame, uint32_t program) {
    open_.push_back({&frame, places_.size(), program});
    places_.resize(places_.size() + frame.graph->values.size());
    // A function has its inputs from the call; others begin with theirs in memory.
    if (frame.function != nullptr) return PassArguments(frame);
    for (const ValueId id : frame.graph->inputs) {
      const Value* value = id == kNoValue ? nullptr : &frame.graph->values[id];
      if (value == nullptr || value->initializer >= 0 || weight_inputs_.contains(value)) continue;
      PlaceOf(id) = NewBuffer(id, kNone);
      programs_[program].buffers.back().is_input = true;
    }
  }

  void PassArguments(const Frame& frame) {
    const OpenFrame& caller = open_[open_.size() - 2];
    const absl::Span<const ValueId> given = frame.entered_by->inputs;
    const std::vector<ValueId>& formal = frame.graph->inputs;
    for (size_t i = 0; i < formal.size() && i < given.size(); ++i) {
      if (formal[i] != kNoValue && given[i] != kNoValue)
        PlaceOf(formal[i]) = Find(caller, given[i]);
    }
  }

  void Close() {
    const Frame& frame = *open_.back().frame;
    if (frame.function == nullptr) CloseProgram();
    if (frame.function != nullptr) {
      const OpenFrame& caller = open_[open_.size() - 2];
      const absl::Span<const ValueId> taken = frame.entered_by->outputs;
      const std::vector<ValueId>& results = frame.graph->outputs;
      for (size_t i = 0; i < results.size() && i < taken.size(); ++i) {
        if (results[i] == kNoValue || taken[i] == kNoValue) continue;
        places_[caller.first_place + taken[i]] = Find(open_.back(), results[i]);
      }
    }
    places_.resize(open_.back().first_place);
    open_.pop_back();
  }

  // What a graph gives stays until it ends.
  void CloseProgram() {
    const OpenFrame& own = open_.back();
    for (const ValueId id : own.frame->graph->outputs) {
      if (id == kNoValue) continue;
      const Place place = Find(own, id);
      if (place.buffer == kNone || place.program != own.program) continue;
      programs_[own.program].buffers[place.buffer].is_output = true;
    }
  }

  // Closes what has ended, and opens the frame if it is a new one.
  void GoTo(const Frame& frame) {
    while (open_.back().frame != &frame && open_.back().frame != frame.outer) Close();
    if (open_.back().frame == &frame) return;
    const uint32_t caller = open_.back().program;
    if (frame.function != nullptr) return Open(frame, caller);
    const uint32_t body = NewProgram();
    if (!frame.times.is_zero()) programs_[caller].bodies.push_back(body);
    Open(frame, body);
  }

  // --- Values

  Place& PlaceOf(ValueId id) { return places_[open_.back().first_place + id]; }

  // Follows captured values outwards.
  Place Find(const OpenFrame& frame, ValueId id) const {
    const OpenFrame* at = &frame;
    for (;;) {
      const Place& place = places_[at->first_place + id];
      const ValueId outer = at->frame->graph->values[id].outer();
      if (place.is_known || outer == kNoValue || at == open_.data()) return place;
      --at;
      id = outer;
    }
  }

  Place NewBuffer(ValueId id, uint32_t step) {
    const OpenFrame& own = open_.back();
    Program& program = programs_[own.program];
    Count bytes = BytesOf(own.frame->values[id]);
    if (!bytes.is_known()) {
      ++program.unknown_buffers;
      bytes = 0;
    }
    program.buffers.push_back({own.frame, id, bytes});
    last_reader_[own.program].push_back(kNone);
    return {own.program, static_cast<uint32_t>(program.buffers.size() - 1), own.program, step,
            true};
  }

  // --- Nodes

  // A call whose body follows is no step: the nodes of the body are.
  bool IsWrittenOut(size_t record) const {
    const std::vector<NodeRecord>& records = inference_.records();
    if (records[record].callee().function == nullptr || record + 1 >= records.size()) return false;
    const Frame& next = *records[record + 1].frame;
    return next.function != nullptr && next.outer == records[record].frame &&
           next.entered_by == records[record].node;
  }

  void AddRecord(size_t index) {
    if (IsWrittenOut(index)) return;
    const NodeRecord& record = inference_.records()[index];
    Program& program = programs_[open_.back().program];
    program.steps.push_back({.record = index,
                             .reads = static_cast<uint32_t>(program.reads.size()),
                             .writes = static_cast<uint32_t>(program.writes.size()),
                             .needs = static_cast<uint32_t>(program.needs.size()),
                             .bodies = static_cast<uint32_t>(program.bodies.size())});
    for (const ValueId id : record.node->inputs) {
      if (id != kNoValue) Read(Find(open_.back(), id));
    }
    AddOutputs(record, &program);
    ReadCaptured(*record.node);
  }

  // A value of an enclosing program is read by the step there that runs this graph.
  void Read(const Place& place) {
    if (!place.is_known) return;
    Program& maker = programs_[place.step_program];
    const bool is_made = place.step != kNone && place.step != LastStep(maker);
    if (is_made) maker.needs.push_back(place.step);
    if (place.buffer == kNone) return;
    Program& program = programs_[place.program];
    const uint32_t step = LastStep(program);
    uint32_t& last = last_reader_[place.program][place.buffer];
    if (std::exchange(last, step) != step) program.reads.push_back(place.buffer);
  }

  // Whatever a graph inside reads of what is outside is there as long as it runs.
  void ReadCaptured(const Node& node) {
    for (const Attribute& attribute : node.attributes) {
      for (const Graph* graph : attribute.graphs()) {
        for (const Value& value : graph->values) {
          if (value.outer() != kNoValue) Read(Find(open_.back(), value.outer()));
        }
      }
    }
  }

  void AddOutputs(const NodeRecord& record, Program* program) {
    const OpRule* const rule = record.callee().rule;
    Step& step = program->steps.back();
    const uint32_t number = LastStep(*program);
    const Storage storage = rule == nullptr ? Storage::kOwn : rule->storage;
    const absl::Span<const ValueId> inputs = record.node->inputs, outputs = record.node->outputs;
    const int carried = NumCarried(record);
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (static_cast<int>(i) == carried) step.gathered = Size(program->writes);
      if (outputs[i] == kNoValue) continue;
      Place& place = PlaceOf(outputs[i]);
      const bool is_view =
          storage == Storage::kView && i == 0 && !inputs.empty() && inputs[0] != kNoValue;
      if (is_view) place = Find(open_.back(), inputs[0]);
      if (is_view || storage == Storage::kFile) {
        place.step_program = open_.back().program;
        place.step = number;
        place.is_known = true;
        continue;
      }
      place = NewBuffer(outputs[i], number);
      program->writes.push_back(place.buffer);
    }
    if (static_cast<int>(outputs.size()) <= carried) step.gathered = Size(program->writes);
  }

  int NumCarried(const NodeRecord& record) const {
    const Callee& callee = record.callee();
    if (callee.rule == nullptr || callee.rule->num_carried == nullptr) return INT32_MAX;
    return callee.rule->num_carried(
        OpContext(inference_, *record.frame, *record.node, callee.opset));
  }

  static uint32_t LastStep(const Program& program) { return Size(program.steps) - 1; }

  template <typename T>
  static uint32_t Size(const std::vector<T>& list) {
    return static_cast<uint32_t>(list.size());
  }

  Inference& inference_;
  absl::flat_hash_set<const Value*> weight_inputs_;
  std::vector<Program> programs_;
  std::vector<std::vector<uint32_t>> last_reader_;  // by program and buffer: the latest step
  std::vector<OpenFrame> open_;                     // outermost first
  std::vector<Place> places_;                       // of the values of open frames
};

}  // namespace

void Program::Reserve(size_t nodes) {
  steps.reserve(nodes);
  buffers.reserve(nodes + nodes / 8);
  writes.reserve(nodes + nodes / 8);
  reads.reserve(2 * nodes);
  needs.reserve(2 * nodes);
}

std::vector<Program> MakePrograms(Inference& inference) { return Maker(inference).Run(); }

}  // namespace onnx_macs
