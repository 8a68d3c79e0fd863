// Substitution, and degrees of polynomials: the order of growth is read off the formula, so it is
// that of large sizes, whatever the points.
#include "analyzer/sweep/formulas.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "analyzer/dim_parse.h"
#include "analyzer/sweep/evaluate.h"

namespace onnx_macs {
namespace {

// What a symbol that a plain axis stands for is called.
std::string SymbolName(const SweepAxis& axis) {
  if (axis.kind == SweepAxis::Kind::kBatch) return std::string(kSweptBatch);
  if (axis.kind == SweepAxis::Kind::kSeq) return std::string(kSweptSequence);
  return axis.name;
}

bool Holds(Condition::Kind kind, const Count& value) {
  if (!value.is_integer()) return false;
  switch (kind) {
    case Condition::Kind::kZero:
      return value.value() == 0;
    case Condition::Kind::kNotOne:
      return value.value() != 1;
    case Condition::Kind::kNotNegative:
      return value.value() >= 0;
    case Condition::Kind::kNever:
      break;
  }
  return false;
}

}  // namespace

Count Formulas::Parse(const std::string& text) {
  const auto parsed =
      ParseDim(text, pool_, [&](absl::string_view name) { return pool_.Symbol(name); });
  return parsed.ok() ? Count(*parsed) : Count::Unknown();
}

void Formulas::AddVariable(const std::string& name, size_t axis, const SweptExtent* extent) {
  const Atom* atom = SymbolOf(pool_.Symbol(name));
  if (absl::c_any_of(variables_, [&](const Variable& other) { return other.atom == atom; })) return;
  variables_.push_back({.atom = atom,
                        .axis = axis,
                        .extent = extent == nullptr ? Extent::kTextLength : extent->extent,
                        .scale = extent == nullptr ? LatentScale() : extent->scale,
                        .is_extent = extent != nullptr});
}

void Formulas::AddValidity(const Validity& validity) {
  for (size_t i = 0; i < axes_.size(); ++i) {
    if (axes_[i].kind == SweepAxis::Kind::kRes) {
      for (const SweptExtent& extent : validity.extents) AddVariable(extent.symbol, i, &extent);
    } else if (axes_[i].kind != SweepAxis::Kind::kSteps) {
      AddVariable(SymbolName(axes_[i]), i, nullptr);
    }
  }
  for (const Condition& condition : validity.conditions) {
    checks_.push_back({condition.kind, Parse(condition.formula)});
  }
}

Amount Largest(absl::Span<const Amount> amounts) {
  if (amounts.size() == 1) return amounts[0];
  Amount largest;
  for (const Amount& amount : amounts) {
    if (!amount.is_integer()) return Amount::Unknown();
    if (amount.value() > largest.value()) largest = amount;
  }
  return largest;
}

// The operands of a formula that is one max(): there may be more than the algebra takes while sizes
// are symbols. A formula that is none is its only operand.
std::vector<std::string> OperandsOfMax(absl::string_view formula) {
  constexpr absl::string_view kBegin = "max(";
  std::vector<std::string> operands = {""};
  if (!absl::StartsWith(formula, kBegin)) return {std::string(formula)};
  int depth = 1;
  bool is_quoted = false;
  for (size_t i = kBegin.size(); i < formula.size(); ++i) {
    const char c = formula[i];
    if (c == '"') is_quoted = !is_quoted;
    if (!is_quoted) depth += (c == '(') - (c == ')');
    if (depth == 0)
      return i + 1 == formula.size() ? operands : std::vector<std::string>{std::string(formula)};
    if (c == ',' && depth == 1 && !is_quoted) {
      operands.emplace_back();
    } else {
      operands.back().push_back(c);
    }
  }
  return {std::string(formula)};
}

size_t Formulas::Add(absl::Span<const Amount> amounts) {
  std::vector<Count>& counts = formulas_.emplace_back();
  for (const Amount& amount : amounts) {
    if (!amount.is_formula()) {
      counts.push_back(amount.is_unknown() ? Count::Unknown() : Count(amount.value()));
      continue;
    }
    for (const std::string& operand : OperandsOfMax(amount.formula())) {
      counts.push_back(Parse(operand));
    }
  }
  return formulas_.size() - 1;
}

bool Formulas::GoTo(const std::vector<AxisValue>& point) {
  sizes_.clear();
  for (const Variable& variable : variables_) {
    const AxisValue value = point[variable.axis];
    sizes_[variable.atom] =
        variable.is_extent ? SizeOfExtent(variable.extent, variable.scale, value.size, value.width)
                           : value.size;
  }
  return absl::c_all_of(checks_, [&](const Check& check) {
    const auto value = Evaluate(check.value, sizes_);
    return Holds(check.kind, value ? Count(*value) : Substitute(check.value, sizes_));
  });
}

Amount Formulas::At(size_t formula) const {
  std::vector<Amount> amounts;
  for (const Count& count : formulas_[formula]) {
    if (const auto number = Evaluate(count, sizes_)) {
      amounts.push_back(Amount::Integer(*number));
      continue;
    }
    const Count value = Substitute(count, sizes_);
    constexpr double kNominal = 1000;
    amounts.push_back(!value.is_known() ? Amount::Unknown()
                      : value.is_integer()
                          ? Amount::Integer(value.value())
                          : Amount::Formula(ToString(value), Approximate(value, kNominal)));
  }
  return Largest(amounts);
}

int Formulas::Order(size_t formula, size_t axis) const {
  int order = 0;
  for (const Count& count : formulas_[formula]) {
    const int degree = !count.is_known() ? -1 : count.is_expr() ? DegreeOf(*count.expr(), axis) : 0;
    if (degree < 0) return -1;
    order = std::max(order, degree);
  }
  return order;
}

int Formulas::DegreeOf(const Expr& expr, size_t axis) const {
  int degree = 0;
  for (const Term& term : expr.terms) {
    if (term.monomial == nullptr) continue;
    int sum = 0;
    for (const Factor& factor : term.monomial->factors) {
      const int of_atom = DegreeOf(*factor.atom, axis);
      if (of_atom < 0) return -1;
      sum += of_atom * static_cast<int>(factor.power);
    }
    degree = std::max(degree, sum);
  }
  return degree;
}

int Formulas::DegreeOf(Dim dim, size_t axis) const {
  return dim.is_expr() ? DegreeOf(*dim.expr(), axis) : 0;
}

int Formulas::DegreeOf(const Atom& atom, size_t axis) const {
  if (atom.kind != AtomKind::kSymbol) {
    const int a = DegreeOf(atom.a, axis), b = DegreeOf(atom.b, axis);
    if (a < 0 || b < 0) return -1;
    if (atom.kind == AtomKind::kFloor) return a - b;
    return atom.kind == AtomKind::kMin ? std::min(a, b) : std::max(a, b);
  }
  for (const Variable& variable : variables_) {
    if (variable.atom != &atom) continue;
    if (variable.axis != axis) return 0;
    return variable.is_extent && variable.extent == Extent::kPackedLength ? 2 : 1;
  }
  return 0;
}

}  // namespace onnx_macs
