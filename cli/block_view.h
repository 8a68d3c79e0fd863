// Blocks as views show them: their names, and the tree they form.
#ifndef CLI_BLOCK_VIEW_H_
#define CLI_BLOCK_VIEW_H_

#include <string>

#include "analyzer/report.h"
#include "cli/name_filter.h"
#include "cli/view_tree.h"

namespace onnx_macs {

// The innermost block of a node, or the row of what is in none.
const BlockRow& BlockOf(const ModelReport& model, const NodeRow& node);

// "attention 8 x 40, 4096 to 77": the same for equal blocks of repeated layers.
std::string BlockLabel(const BlockRow& block);
// "attention down_blocks.0.attentions.0.transformer_blocks.0.attn1".
std::string BlockName(const BlockRow& block);

// By the kind of block or by its path.
bool Matches(const BlockRow& block, const NameFilter& filter);

// The forest of blocks below one root, and "(none)"; the rows are one model.
TreeNode BlockTree(const ModelReport& model, const NameFilter& filter, bool with_paths);

}  // namespace onnx_macs

#endif  // CLI_BLOCK_VIEW_H_
