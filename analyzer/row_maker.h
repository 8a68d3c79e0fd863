// RowMaker: the rows of the nodes and values of one inference. What they repeat they share.
#ifndef ANALYZER_ROW_MAKER_H_
#define ANALYZER_ROW_MAKER_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "analyzer/amount_maker.h"
#include "analyzer/cost_walk.h"
#include "analyzer/inference.h"
#include "analyzer/report.h"
#include "analyzer/shared_text.h"

namespace onnx_macs {

class RowMaker {
 public:
  explicit RowMaker(Inference& inference);

  // Without its path, traffic, block and how it was placed.
  NodeRow Node(size_t record, const NodeCost& cost);
  ValueRow Value(absl::string_view name, const TensorInfo& info, bool with_elements);
  AmountMaker& amounts() { return amounts_; }
  const SharedText& Share(absl::string_view text) { return texts_.Of(text); }
  // Whether sizes were left out because there are too many.
  bool is_full() const { return sizes_ > most_sizes_; }

 private:
  bool MayList(const Shape& shape);
  std::string TypeText(const TensorInfo& info);
  std::string InputText(const NodeRecord& record, ValueId value);
  std::string OutputsText(const NodeRecord& record);
  void AddRule(const OpRule& rule, NodeRow* row);
  ValueRow::DimText MakeDim(Dim dim);

  Inference& inference_;
  SharedTexts texts_;
  AmountMaker amounts_;
  const size_t most_sizes_;
  size_t sizes_ = 0;  // listed
};

}  // namespace onnx_macs

#endif  // ANALYZER_ROW_MAKER_H_
