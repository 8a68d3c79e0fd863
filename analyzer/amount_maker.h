// AmountMaker: counts as the amounts of a report. A formula that many rows have is written once.
#ifndef ANALYZER_AMOUNT_MAKER_H_
#define ANALYZER_AMOUNT_MAKER_H_

#include "absl/container/flat_hash_map.h"
#include "analyzer/amount.h"
#include "analyzer/component_tree.h"
#include "analyzer/count.h"
#include "analyzer/report.h"

namespace onnx_macs {

// What a symbol is taken to be where formulas must be ranked.
inline constexpr double kNominalSize = 64;

// One by itself.
Amount MakeAmount(const Count& count);

// Of counts of one pool, which outlives it.
class AmountMaker {
 public:
  Amount Make(const Count& count);
  Figures Make(const Totals& totals);

 private:
  absl::flat_hash_map<const Expr*, Amount> formulas_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_AMOUNT_MAKER_H_
