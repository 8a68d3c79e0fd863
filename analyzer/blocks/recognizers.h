// The recognisers, each in a file of its own. One adds to the forest whatever it finds in a graph;
// it may build on blocks that were found before.
#ifndef ANALYZER_BLOCKS_RECOGNIZERS_H_
#define ANALYZER_BLOCKS_RECOGNIZERS_H_

#include "analyzer/blocks/forest.h"
#include "analyzer/blocks/graph_view.h"

namespace onnx_macs {

using Recognizer = void (*)(const GraphView& view, Forest& forest);

void FindFusedBlocks(const GraphView& view, Forest& forest);
void FindNorms(const GraphView& view, Forest& forest);
void FindSoftmaxAttention(const GraphView& view, Forest& forest);
void FindLinearAttention(const GraphView& view, Forest& forest);
void FindActivations(const GraphView& view, Forest& forest);
void FindRope(const GraphView& view, Forest& forest);
void FindGatedUnits(const GraphView& view, Forest& forest);
void FindMlps(const GraphView& view, Forest& forest);
void FindMoes(const GraphView& view, Forest& forest);
void FindResiduals(const GraphView& view, Forest& forest);

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_RECOGNIZERS_H_
