// Contraction: two operands multiplied and summed up, whichever operator does it, seen as
// [batch..., rows, contracted] x [batch..., contracted, columns].
#ifndef ANALYZER_BLOCKS_CONTRACTION_H_
#define ANALYZER_BLOCKS_CONTRACTION_H_

#include <optional>

#include "analyzer/blocks/graph_view.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {

inline constexpr OpSet kProducts = {Op::kMatMul, Op::kFusedMatMul, Op::kGemm, Op::kEinsum};
inline constexpr OpSet kLinears = kProducts | OpSet{Op::kWeightMatMul};

struct Contraction {
  NodeId node = kNoNode;
  ValueId a = kNoValue, b = kNoValue;
  Dim contracted{}, rows{}, columns{};
  // The axes of rows and columns in the output.
  int row_axis = 0, column_axis = 0;
  DimVector batch{};
};

// A product with a weight: its other operand; kNoValue of others.
ValueId LinearInput(const GraphView& view, NodeId n);
// Whether neither operand can be a weight: what attention multiplies, and no Linear does.
bool MultipliesActivations(const GraphView& view, NodeId n);

std::optional<Contraction> ReadContraction(const GraphView& view, NodeId n);

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_CONTRACTION_H_
