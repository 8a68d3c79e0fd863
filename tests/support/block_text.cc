// The texts of block_text.h.
#include "tests/support/block_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

std::string PartsText(const BlockRow& block) {
  std::string text;
  for (const PartAmount& part : block.parts) {
    absl::StrAppend(&text, " ", part.name.view(), "=", TextOf(part.macs));
  }
  return text;
}

std::string BlockText(const BlockRow& block) {
  if (!block.is_attention) return block.kind;
  return absl::StrCat(block.kind, " ", TextOf(block.heads), "x", TextOf(block.head_size), " ",
                      TextOf(block.q_len), ">", TextOf(block.k_len), PartsText(block));
}

std::string TreesText(const ModelReport& report, int64_t parent) {
  std::vector<std::string> trees;
  for (const BlockRow& block : report.blocks) {
    if (block.parent != parent) continue;
    const std::string inside = TreesText(report, block.id);
    trees.push_back(inside.empty() ? block.kind : absl::StrCat(block.kind, "(", inside, ")"));
  }
  return absl::StrJoin(trees, "; ");
}

}  // namespace

std::string MixtureText(const BlockRow& block) {
  return absl::StrCat(block.kind, " ", TextOf(block.top_k), "/", TextOf(block.experts), " of ",
                      TextOf(block.tokens), PartsText(block), " active=", TextOf(block.active.macs),
                      "/", TextOf(block.active.params), " of ", TextOf(block.figures.params));
}

std::string BlocksText(const ModelReport& report) {
  return absl::StrJoin(report.blocks, "; ", [](std::string* out, const BlockRow& block) {
    absl::StrAppend(out, BlockText(block));
  });
}

std::string ForestText(const ModelReport& report) { return TreesText(report, -1); }

ModelReport AnalyzeNodes(const std::string& inputs, const std::string& nodes,
                         const std::string& imports) {
  return AnalyzeModel(absl::StrCat("<ir_version: 8, opset_import: [", imports, "]>\ng (", inputs,
                                   ") => (y) {", nodes, "}"));
}

}  // namespace onnx_macs::testing
