// --explain: everything about one node, as the lines of a list.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/number_format.h"
#include "cli/text.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

constexpr int kLabelColumns = 11;

void AddLine(absl::string_view label, absl::string_view value, std::string* text) {
  if (value.empty()) return;
  absl::StrAppend(text, "  ", PadRight(label, kLabelColumns), Printable(value), "\n");
}

// Digits that can be copied, and how much that is.
std::string Both(const Amount& amount) {
  if (!amount.is_integer() || amount.value() < 1000) return FormatExact(amount);
  return absl::StrCat(FormatExact(amount), " (", FormatSi(amount.value()), ")");
}

const GapRow* FindGap(const ModelReport& model, absl::string_view node) {
  for (const GapRow& gap : model.gaps) {
    if (gap.node == node) return &gap;
  }
  return nullptr;
}

void AddNumbers(const ModelReport& model, const NodeRow& node, std::string* text) {
  if (node.status == NodeRow::Status::kGap) {
    const GapRow* gap = FindGap(model, node.name);
    AddLine("counted", absl::StrCat("no: ", gap == nullptr ? "?" : gap->reason.view()), text);
    return;
  }
  AddLine("counted", node.status == NodeRow::Status::kFree ? "free by rule" : node.counting.view(),
          text);
  AddLine("MACs", Both(node.macs), text);
  for (const PartAmount& part : node.parts) {
    AddLine(absl::StrCat("  ", part.name.view()), Both(part.macs), text);
  }
  AddLine("other ops", Both(node.ops), text);
  AddLine("FLOPs", Both(node.flops), text);
}

std::string Explain(const ModelReport& model, const NodeRow& node, const TextStyle& style) {
  std::string text = absl::StrCat(Bold(Printable(node.name), style), "  ",
                                  Faint(Printable(model.file), style), "\n");
  AddLine("operator",
          absl::StrCat(node.domain.view(), node.domain.empty() ? "" : "::", node.op.view()), &text);
  AddLine("component", node.path, &text);
  AddLine("placed", node.placed, &text);
  AddLine("rule", node.rule.empty() ? "none" : node.rule.view(), &text);
  AddLine("attributes", node.attributes, &text);
  for (const SharedText& input : node.inputs) AddLine("input", input, &text);
  AddLine("outputs", node.outputs, &text);
  AddNumbers(model, node, &text);
  return text;
}

}  // namespace

std::string WriteExplanation(const Results& results, const WriteContext& context) {
  std::vector<std::string> texts;
  for (const ModelReport& model : results.models) {
    for (const NodeRow& node : model.nodes) {
      if (node.name == context.view.explain) texts.push_back(Explain(model, node, context.style));
    }
  }
  return absl::StrJoin(texts, "\n");
}

}  // namespace onnx_macs
