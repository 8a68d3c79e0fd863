// Mixtures of experts that were exported as a loop: each expert takes the rows a router sent to it,
// and which those are tells only the data. How many they are together does not: every token goes to
// exactly k experts.
#ifndef RULES_EXPERT_ROWS_H_
#define RULES_EXPERT_ROWS_H_

#include "analyzer/op_context.h"

namespace onnx_macs {

// The rows of one expert, where the node (a NonZero) looks for them in that expert's part of the
// one-hot form of a router's choice: the tokens * k rows are dealt out evenly, over all experts or
// over those that were traced, so that together they are exact, and a note says so. Unknown where
// the node is anything else.
Dim RowsOfExpert(const OpContext& ctx);

// How many experts an example hit, where the node (a NonZero) lists those that any token chose and
// what follows was unrolled over them. Unknown where the node is anything else.
Dim TracedExperts(const OpContext& ctx);

}  // namespace onnx_macs

#endif  // RULES_EXPERT_ROWS_H_
