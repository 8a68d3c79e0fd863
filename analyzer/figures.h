// Sums of amounts for folded rows and totals: integers exactly, formulas by the algebra of Dim.
#ifndef ANALYZER_FIGURES_H_
#define ANALYZER_FIGURES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "analyzer/report.h"

namespace onnx_macs {

// A sum that holds a formula is left as it was put together; Simplified() writes it as one
// polynomial, which is worth it only for the few rows that are shown.
Amount Add(const Amount& a, const Amount& b);
Amount Subtract(const Amount& a, const Amount& b);
Amount Simplified(const Amount& amount);
// About what a formula that is read back is, for sorting and shares; 0 where it is none.
double ApproximateFormula(const std::string& formula);

// The sum of many. Formulas are worked out once, at the end: a list of nodes may have as many as
// it has nodes.
class FiguresSum {
 public:
  void Add(const Figures& figures);
  Figures Total() const;

 private:
  struct Part {
    Amount formula;
    int64_t times;  // how often it is added
  };
  struct Formulas {
    std::vector<Part> parts;                                // as they came
    absl::flat_hash_map<absl::string_view, size_t> places;  // in `parts`, once they are many
    double approximate = 0;
    size_t bytes = 0;  // of their texts
  };
  struct Sum {
    Amount integers;                     // unknown once one of the parts was
    std::unique_ptr<Formulas> formulas;  // null where there are none, as nearly always
  };
  static void Add(const Amount& amount, Sum* sum);
  static Part& PartOf(const Amount& formula, Formulas* formulas);
  static Amount TotalOf(const Sum& sum);

  std::array<Sum, 6> sums_;  // in the order of the amounts in Figures
  int64_t nodes_ = 0;
};

Figures Add(const Figures& a, const Figures& b);
Figures Subtract(const Figures& a, const Figures& b);
Figures Simplified(const Figures& figures);

// What calls cost together: parameters are there once, however often they are used.
Figures Scale(const Figures& call, int64_t times);
// The same where costs are formulas of `symbol`, which grows from `first` by one with every call.
Figures SumOver(const Figures& call, absl::string_view symbol, int64_t first, int64_t times);

}  // namespace onnx_macs

#endif  // ANALYZER_FIGURES_H_
