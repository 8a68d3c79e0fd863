// What is written of formulas is bounded by their pool, each time anew: rows become text again.
#include "analyzer/amount_maker.h"

#include <string>
#include <utility>

namespace onnx_macs {

Amount MakeAmount(const Count& count) {
  if (count.is_integer()) return Amount::Integer(count.value());
  if (!count.is_expr()) return Amount::Unknown();
  std::string text = ToString(count);
  if (text == "?") return Amount::Unknown();
  return Amount::Formula(std::move(text), Approximate(count, kNominalSize));
}

Amount AmountMaker::Make(const Count& count) {
  if (!count.is_expr()) return MakeAmount(count);
  if (const auto known = formulas_.find(count.expr()); known != formulas_.end()) {
    ExprPool& pool = *count.expr()->pool;
    if (!pool.MayWriteText()) return Amount::Unknown();
    pool.SpendText(known->second.formula().size());
    return known->second;
  }
  Amount amount = MakeAmount(count);
  if (amount.is_formula()) formulas_.emplace(count.expr(), amount);
  return amount;
}

Figures AmountMaker::Make(const Totals& totals) {
  const Count macs = Resolve(totals.macs.Total()), ops = Resolve(totals.ops.Total());
  return {.macs = Make(macs),
          .ops = Make(ops),
          .flops = Make(macs * Count(2) + ops),
          .params = Make(totals.params.Total()),
          .weight_bytes = Make(totals.weight_bytes.Total()),
          .traffic_bytes = Make(Resolve(totals.traffic_bytes.Total())),
          .nodes = totals.nodes};
}

}  // namespace onnx_macs
