// Random trees and the two evaluators.
#include "tests/support/random_dim.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace onnx_macs::testing {
namespace {

// Arithmetic on values that may be missing; overflow makes them so.
using Maybe = std::optional<Wide>;

Maybe Plus(Maybe a, Maybe b) {
  Wide sum;
  if (!a || !b || __builtin_add_overflow(*a, *b, &sum)) return std::nullopt;
  return sum;
}
Maybe Times(Maybe a, Maybe b) {
  Wide product;
  if (!a || !b || __builtin_mul_overflow(*a, *b, &product)) return std::nullopt;
  return product;
}

int Pick(Random& random, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

int64_t RandomConstant(Random& random, int64_t largest) {
  if (Pick(random, 0, 3) != 0) return Pick(random, -9, 9);
  return std::uniform_int_distribution<int64_t>(-largest, largest)(random);
}

std::optional<Fraction> EvaluateAtom(const Atom& atom, const Point& point,
                                     const std::vector<Variable>& variables) {
  if (atom.kind == AtomKind::kSymbol) {
    const auto found = std::find_if(variables.begin(), variables.end(),
                                    [&](const Variable& v) { return atom.name == v.name; });
    if (found == variables.end()) return std::nullopt;
    return Fraction{point[found - variables.begin()], 1};
  }
  const auto a = Evaluate(atom.a, point, variables), b = Evaluate(atom.b, point, variables);
  if (!a || !b) return std::nullopt;
  const Maybe x = Times(a->above, b->below), y = Times(b->above, a->below);
  if (!x || !y) return std::nullopt;
  if (atom.kind != AtomKind::kFloor) return (atom.kind == AtomKind::kMin) == (*x < *y) ? a : b;
  if (*y == 0) return std::nullopt;
  return Fraction{FloorQuotient(*x, *y), 1};
}

std::string Operator(TreeOp op) {
  static const char* const kNames[] = {"",     "",          " + ", " - ",   "*",
                                       " // ", " ceildiv ", " % ", " min ", " max "};
  return kNames[static_cast<int>(op)];
}

}  // namespace

Wide FloorQuotient(Wide a, Wide b) {
  const Wide quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

bool operator==(const Fraction& a, const Fraction& b) {
  return a.above * b.below == b.above * a.below;
}

const std::vector<Variable>& Variables() {
  static const std::vector<Variable> kVariables = {{"h", {0, INT64_MAX}, 0, 70},
                                                   {"w", {1, INT64_MAX}, 1, 40},
                                                   {"n", {0, 77}, 0, 77},
                                                   {"s", {-9, 9}, -9, 9},
                                                   {"z", {INT64_MIN, INT64_MAX}, -1000, 1000}};
  return kVariables;
}

std::vector<Dim> SymbolsOf(ExprPool& pool, const std::vector<Variable>& variables) {
  std::vector<Dim> symbols;
  for (const Variable& v : variables) symbols.push_back(pool.Symbol(v.name, v.interval));
  return symbols;
}

Point RandomPoint(Random& random, const std::vector<Variable>& variables) {
  Point point;
  for (const Variable& v : variables) {
    const auto low = static_cast<int64_t>(v.low), high = static_cast<int64_t>(v.high);
    // Ends are where things break.
    const int choice = Pick(random, 0, 7);
    point.push_back(choice == 0   ? v.low
                    : choice == 1 ? v.high
                                  : std::uniform_int_distribution<int64_t>(low, high)(random));
  }
  return point;
}

Tree RandomTree(Random& random, int depth, int64_t largest) {
  if (depth == 0 || Pick(random, 0, 5) == 0) {
    if (Pick(random, 0, 2) == 0)
      return {TreeOp::kConstant, RandomConstant(random, largest), {}, {}};
    return {TreeOp::kVariable, Pick(random, 0, static_cast<int>(Variables().size()) - 1), {}, {}};
  }
  const auto op = static_cast<TreeOp>(
      Pick(random, static_cast<int>(TreeOp::kAdd), static_cast<int>(TreeOp::kMax)));
  auto left = std::make_shared<const Tree>(RandomTree(random, depth - 1, largest));
  // Divisors are constants mostly, as in models.
  const bool divides = op == TreeOp::kFloorDiv || op == TreeOp::kCeilDiv || op == TreeOp::kFloorMod;
  const int right_depth = divides && Pick(random, 0, 2) != 0 ? 0 : depth - 1;
  auto right = std::make_shared<const Tree>(RandomTree(random, right_depth, largest));
  return {op, 0, std::move(left), std::move(right)};
}

Dim Build(const Tree& tree, const std::vector<Dim>& symbols) {
  if (tree.op == TreeOp::kVariable) return symbols[static_cast<size_t>(tree.value)];
  if (tree.op == TreeOp::kConstant) return tree.value;
  const Dim a = Build(*tree.left, symbols), b = Build(*tree.right, symbols);
  switch (tree.op) {
    case TreeOp::kAdd:
      return a + b;
    case TreeOp::kSub:
      return a - b;
    case TreeOp::kMul:
      return a * b;
    case TreeOp::kFloorDiv:
      return FloorDiv(a, b);
    case TreeOp::kCeilDiv:
      return CeilDiv(a, b);
    case TreeOp::kFloorMod:
      return FloorMod(a, b);
    case TreeOp::kMin:
      return Min(a, b);
    default:
      return Max(a, b);
  }
}

std::string Describe(const Tree& tree) {
  if (tree.op == TreeOp::kVariable) return Variables()[static_cast<size_t>(tree.value)].name;
  if (tree.op == TreeOp::kConstant) return absl::StrCat(tree.value);
  return absl::StrCat("(", Describe(*tree.left), Operator(tree.op), Describe(*tree.right), ")");
}

std::optional<Wide> Evaluate(const Tree& tree, const Point& point) {
  if (tree.op == TreeOp::kVariable) return point[static_cast<size_t>(tree.value)];
  if (tree.op == TreeOp::kConstant) return Wide{tree.value};
  const Maybe a = Evaluate(*tree.left, point), b = Evaluate(*tree.right, point);
  if (!a || !b) return std::nullopt;
  switch (tree.op) {
    case TreeOp::kAdd:
      return Plus(a, b);
    case TreeOp::kSub:
      return Plus(a, Times(b, Wide{-1}));
    case TreeOp::kMul:
      return Times(a, b);
    case TreeOp::kMin:
      return std::min(*a, *b);
    case TreeOp::kMax:
      return std::max(*a, *b);
    default:
      break;
  }
  if (*b == 0) return std::nullopt;
  const Wide quotient = FloorQuotient(*a, *b);
  if (tree.op == TreeOp::kFloorDiv) return quotient;
  if (tree.op == TreeOp::kCeilDiv) return quotient * *b == *a ? quotient : quotient + 1;
  return *a - *b * quotient;
}

std::optional<Fraction> Evaluate(Dim d, const Point& point,
                                 const std::vector<Variable>& variables) {
  if (d.is_integer()) return Fraction{d.value(), 1};
  if (!d.is_expr()) return std::nullopt;
  // Over one common denominator: atoms may stand for fractions where facts replaced them.
  Maybe above = 0, below = 1;
  for (const Term& t : d.expr()->terms) {
    Maybe term_above = static_cast<Wide>(t.coefficient), term_below = 1;
    if (t.monomial != nullptr) {
      for (const Factor& f : t.monomial->factors) {
        const auto value = EvaluateAtom(*f.atom, point, variables);
        if (!value) return std::nullopt;
        for (uint32_t i = 0; i < f.power; ++i) {
          term_above = Times(term_above, value->above);
          term_below = Times(term_below, value->below);
        }
      }
    }
    above = Plus(Times(above, term_below), Times(term_above, below));
    below = Times(below, term_below);
  }
  below = Times(below, Wide{d.expr()->denominator});
  if (!above || !below) return std::nullopt;
  return Fraction{*above, *below};
}

std::optional<Wide> EvaluateInteger(Dim d, const Point& point,
                                    const std::vector<Variable>& variables) {
  const auto value = Evaluate(d, point, variables);
  if (!value || value->above % value->below != 0) return std::nullopt;
  return value->above / value->below;
}

}  // namespace onnx_macs::testing
