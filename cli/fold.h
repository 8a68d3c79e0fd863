// Makes a tree of components shorter without losing a number.
#ifndef CLI_FOLD_H_
#define CLI_FOLD_H_

#include "cli/view_tree.h"

namespace onnx_macs {

// Numbered siblings that are alike (layers.0, layers.1, ...) become one row "*" that holds their
// sum, and so does what lies below them, name by name.
void FoldNumbered(TreeNode* root);

// A component that is nothing but its only child is written with it on one row: "layers.*".
void JoinChains(TreeNode* root);

}  // namespace onnx_macs

#endif  // CLI_FOLD_H_
