// Recognition: which nodes of an analysis form blocks. It follows inference, because attentions are
// told by their shapes, and comes before costs are added up.
#ifndef ANALYZER_BLOCKS_RECOGNIZE_H_
#define ANALYZER_BLOCKS_RECOGNIZE_H_

#include "analyzer/blocks/block.h"
#include "analyzer/inference.h"

namespace onnx_macs {

// Of every graph that was walked, bodies of functions and subgraphs too.
Blocks RecognizeBlocks(Inference& inference);
// The same of mixtures of experts alone: what is active cannot be told without them. Few models
// have operators that may choose experts, and in others nothing is looked at.
Blocks RecognizeMixtures(Inference& inference);

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_RECOGNIZE_H_
