// Report: the result of an analysis as plain data. Writers are functions over it and compute
// nothing; whatever a view shows is already here.
#ifndef ANALYZER_REPORT_H_
#define ANALYZER_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/amount.h"
#include "analyzer/bound/time_bound.h"
#include "analyzer/data_type.h"
#include "analyzer/memory/memory_plan.h"
#include "analyzer/memory/memory_report.h"
#include "analyzer/shared_text.h"

namespace onnx_macs {

// What every row of every view has.
struct Figures {
  Amount macs, ops, flops, params, weight_bytes;
  Amount traffic_bytes;  // 0 unless AnalyzeOptions::memory
  int64_t nodes = 0;
};

// One dotted module path, inclusive: the sum of all below it. "" is the whole model.
struct ComponentRow {
  SharedText path;
  int depth = 0;  // 0 for ""
  Figures figures;
};

struct OpRow {
  SharedText op, domain;
  Figures figures;
};

struct PartAmount {
  SharedText name;
  Amount macs;
};

struct NodeRow {
  SharedText name;  // as in the file, or "#17" for a nameless node
  SharedText op, domain, path;
  SharedText placed;  // by which evidence: "by its name"
  Amount macs, ops, flops;
  Amount traffic_bytes;                          // 0 unless AnalyzeOptions::memory
  DataType operand_type = DataType::kUndefined;  // of what it computes with: its first float input
  std::vector<PartAmount> parts;
  SharedText outputs;     // "float32[1, 320, 64, 64]", comma separated
  SharedText attributes;  // "kernel_shape=[3, 3], group=1"
  int64_t block = -1;     // the innermost one it is in; -1: none, or none were asked for
  enum class Status { kCounted, kFree, kGap } status = Status::kCounted;
  // For --explain.
  SharedText rule;                 // "Conv since 11" or empty
  SharedText counting;             // the rule's phrase
  std::vector<SharedText> inputs;  // "sample: float32[1, 4, 64, 64]"
};

// The parameters that are stored as one type.
struct WeightTypeRow {
  std::string dtype;
  Amount params, weight_bytes;
};

// What a token needs: all but the experts that are not chosen for it.
struct ActiveFigures {
  Amount macs, params;
};

// Nodes that are one attention, norm, MLP ...; inclusive: with the blocks that lie in it.
struct BlockRow {
  int64_t id = 0;
  int64_t parent = -1;     // of a smaller id; -1: none
  std::string kind, path;  // "attention"; the innermost module that holds it
  Figures figures;
  int64_t gaps = 0;           // how many of its nodes are not counted
  bool is_attention = false;  // also a linear one; what follows is only of these
  Amount heads, head_size, q_len, k_len;
  bool is_mixture = false;  // of experts; what follows is only of these
  Amount tokens, experts, top_k;
  ActiveFigures active;
  std::vector<PartAmount> parts;  // "qk", "softmax", "av"; "router", "experts", "shared_experts"
};

struct GapRow {
  SharedText node, op, domain, reason;
  SharedText path;  // of its component
  // Nothing is wrong with the node itself: what it reads could not be inferred.
  bool is_consequence = false;
};

struct ValueRow {
  SharedText name;
  SharedText kind;  // "tensor", "sequence", "optional", "map"
  SharedText dtype;
  bool has_rank = false;
  struct DimText {
    enum class Kind { kInteger, kExpression, kUnknown } kind = Kind::kUnknown;
    int64_t value = 0;
    SharedText text;
  };
  std::vector<DimText> shape;
  DimText length;  // of a sequence
  // "512", "4*h", "?"; empty unless AnalyzeOptions::value_elements, and where it is not followed
  std::vector<SharedText> elements;
};

// What module paths were read from.
struct PathSources {
  std::string exporter;                                   // "PyTorch (TorchScript)"
  std::vector<std::string> tools;                         // what changed the model since
  std::vector<std::pair<std::string, int64_t>> evidence;  // kind -> nodes it placed
};

struct ModelReport {
  std::string file, role, producer;
  int64_t ir_version = 0;
  std::vector<std::pair<std::string, int64_t>> opsets;
  std::vector<std::pair<std::string, int64_t>> bindings;  // dim name -> size
  std::vector<std::string> unbound;                       // dim names still symbolic
  std::vector<ValueRow> inputs, outputs;                  // as the file declares them
  std::vector<WeightTypeRow> weight_types;                // most bytes first
  std::vector<std::string> hints;  // how to bind what is unbound: "--seq N binds sequence_length"
  std::vector<std::string> facts;  // "assumes height and width are divisible by 8"
  std::vector<std::string> notes;
  Figures figures;                     // of the whole model; nodes: all of them
  ActiveFigures active;                // the same as the figures where no experts are mixed
  std::optional<MemoryReport> memory;  // none unless AnalyzeOptions::memory
  MemoryPlan memory_plan;              // empty unless AnalyzeOptions::plan
  std::optional<TimeBound> bound;      // none unless AnalyzeOptions::device
  int64_t nodes_counted = 0, nodes_free = 0;
  std::vector<GapRow> gaps;
  std::vector<ComponentRow> components;  // in the order of the model, parents before children
  PathSources paths;
  std::vector<OpRow> by_op;      // most MACs first
  std::vector<BlockRow> blocks;  // empty unless AnalyzeOptions::blocks; parents first
  BlockRow outside_blocks;       // what is in none of them
  std::vector<NodeRow> nodes;    // empty unless AnalyzeOptions::node_rows
  std::vector<ValueRow> values;  // empty unless AnalyzeOptions::value_rows
  std::string display_prefix;    // a wrapper's prefix ("vae."): views hide it, data keeps it
  int64_t graph_bytes = 0;       // size of the file
};

struct StageTime {
  std::string stage;  // "load", "bind", "infer", "place", "cost", "roll up", "memory"
  double milliseconds = 0;
};

}  // namespace onnx_macs

#endif  // ANALYZER_REPORT_H_
