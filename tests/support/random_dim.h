// Random size expressions, written down as trees, and evaluators that share nothing with the
// algebra under test: plain 128-bit arithmetic on the tree, and on the terms of an expression.
#ifndef ONNX_MACS_TESTS_SUPPORT_RANDOM_DIM_H_
#define ONNX_MACS_TESTS_SUPPORT_RANDOM_DIM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "analyzer/dim.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs::testing {

__extension__ typedef __int128 Wide;
using Random = std::mt19937;

// The symbols of the tests: what they are called and where they live.
struct Variable {
  const char* name;
  Interval interval;
  Wide low, high;  // where points are drawn; within the interval
};
// A point gives every variable a value, in the order of the table.
using Point = std::vector<Wide>;

// Sizes, a positive one, a bounded one, and two that may be negative.
const std::vector<Variable>& Variables();
std::vector<Dim> SymbolsOf(ExprPool& pool, const std::vector<Variable>& variables = Variables());
Point RandomPoint(Random& random, const std::vector<Variable>& variables = Variables());

enum class TreeOp {
  kVariable,
  kConstant,
  kAdd,
  kSub,
  kMul,
  kFloorDiv,
  kCeilDiv,
  kFloorMod,
  kMin,
  kMax
};

struct Tree {
  TreeOp op;
  int64_t value = 0;  // the constant, or the index of the variable
  std::shared_ptr<const Tree> left, right;
};

// Constants are small mostly, and up to `largest` in size otherwise.
Tree RandomTree(Random& random, int depth, int64_t largest = 12);
Dim Build(const Tree& tree, const std::vector<Dim>& symbols);
std::string Describe(const Tree& tree);

// A fraction with a positive denominator, as it comes: not in lowest terms.
struct Fraction {
  Wide above, below;
};
bool operator==(const Fraction& a, const Fraction& b);

// Nothing where a divisor is zero or 128 bits do not do.
std::optional<Wide> Evaluate(const Tree& tree, const Point& point);
// Symbols are found by their names among the variables.
std::optional<Fraction> Evaluate(Dim d, const Point& point,
                                 const std::vector<Variable>& variables = Variables());
// The value where it is an integer.
std::optional<Wide> EvaluateInteger(Dim d, const Point& point,
                                    const std::vector<Variable>& variables = Variables());

Wide FloorQuotient(Wide a, Wide b);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_RANDOM_DIM_H_
