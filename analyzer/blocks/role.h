// RoutingRole: what a value is in a routing, as it is handed on from node to node.
#ifndef ANALYZER_BLOCKS_ROLE_H_
#define ANALYZER_BLOCKS_ROLE_H_

#include <cstdint>

#include "analyzer/blocks/graph_view.h"

namespace onnx_macs {

// What a value is in a routing. Where inputs differ, a node gives what comes last here.
enum class RoutingRole : uint8_t {
  kNone,
  kChoice,    // of the router: indices, or the weight of each chosen expert
  kHot,       // its one-hot form
  kFound,     // positions in that
  kVector,    // biases of chosen experts
  kWeight,    // matrices of chosen experts
  kRows,      // tokens that were sent to an expert, or weighed before
  kExpert,    // what experts give
  kWeighted,  // times the weight of the expert
  kSum,       // of all chosen experts
};

struct Mark {
  int32_t routing = -1;
  RoutingRole role = RoutingRole::kNone;
};

// What goes into a node, seen from the latest routing among its inputs.
struct RoutingInputs {
  int32_t routing = -1;
  RoutingRole role = RoutingRole::kNone;  // the last one
  bool has_choice = false;
  ValueId mixed = kNoValue;  // what has no role, is not constant and not a single number
};

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_ROLE_H_
