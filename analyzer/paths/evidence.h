// The kinds of evidence for the module of a node, in the order in which they are asked, and how
// many nodes each of them placed: reports say both, because a path is worth what it was read from.
#ifndef ANALYZER_PATHS_EVIDENCE_H_
#define ANALYZER_PATHS_EVIDENCE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs {

// In this order: the first that knows a node's module places it. A weight is asked before a name
// only where both agree but for containers that a name leaves out.
enum class Evidence : uint8_t {
  kMetadata,    // paths/dynamo.h
  kWeights,     // paths/owners.h, paths/holders.h
  kNodeName,    // paths/dialect.h: one file for each way of naming
  kOutputName,  // paths/dialect.h: of nodes that were renamed when they were fused
  kFunction,    // paths/functions.h: the function it calls
  kEnclosing,   // the call or control flow whose body it is in
  kConsumers,   // what reads it
  kProducers,   // what it reads
  kNone,        // it is the whole model's
};

struct EvidenceRow {
  Evidence evidence;
  absl::string_view key;     // in JSON
  absl::string_view phrase;  // "by the node's name"
};

// By value of the enumeration, which is the order in which they are asked.
absl::Span<const EvidenceRow> EvidenceTable();

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_EVIDENCE_H_
