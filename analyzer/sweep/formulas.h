// Formulas of a swept analysis, read once and evaluated at many points.
#ifndef ANALYZER_SWEEP_FORMULAS_H_
#define ANALYZER_SWEEP_FORMULAS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/count.h"
#include "analyzer/expr_pool.h"
#include "analyzer/report.h"
#include "analyzer/sweep/axis.h"
#include "analyzer/sweep/swept.h"

namespace onnx_macs {

// Unknown where they cannot be compared.
Amount Largest(absl::Span<const Amount> amounts);

class Formulas {
 public:
  explicit Formulas(std::vector<SweepAxis> axes) : axes_(std::move(axes)) {}

  // What the files found; extents of the same symbol mean the same.
  void AddValidity(const Validity& validity);
  // The largest of some amounts. Returns what At() is asked with.
  size_t Add(absl::Span<const Amount> amounts);

  // Puts a point's sizes in. False where a condition does not hold, or cannot be decided: there
  // the formulas say nothing.
  bool GoTo(const std::vector<AxisValue>& point);
  Amount At(size_t formula) const;

  // The power of the axis with which a formula grows; -1 where that is no power.
  int Order(size_t formula, size_t axis) const;

 private:
  struct Check {
    Condition::Kind kind;
    Count value;
  };
  struct Variable {
    const Atom* atom;
    size_t axis;
    Extent extent;      // of a resolution
    LatentScale scale;  // likewise
    bool is_extent;
  };

  Count Parse(const std::string& text);
  void AddVariable(const std::string& name, size_t axis, const SweptExtent* extent);
  int DegreeOf(const Atom& atom, size_t axis) const;
  int DegreeOf(Dim dim, size_t axis) const;
  int DegreeOf(const Expr& expr, size_t axis) const;

  const std::vector<SweepAxis> axes_;
  ExprPool pool_;
  std::vector<std::vector<Count>> formulas_;
  std::vector<Check> checks_;
  std::vector<Variable> variables_;
  Assignment sizes_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_SWEEP_FORMULAS_H_
