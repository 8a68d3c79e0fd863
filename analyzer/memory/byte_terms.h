// ByteTerms: sizes as lists of coefficients, which a walk adds and takes away millions of times.
// The algebra of Count interns every sum, which is too slow for that.
#ifndef ANALYZER_MEMORY_BYTE_TERMS_H_
#define ANALYZER_MEMORY_BYTE_TERMS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "analyzer/count.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {

// A sum of sizes: a coefficient for every column, all over one denominator.
using ByteSum = std::vector<Int128>;

struct ByteTerm {
  uint32_t column;
  Int128 coefficient;
};

// The columns of an analysis are the monomials that occur in its sizes; the first is the constant.
class ByteColumns {
 public:
  // Whether a symbol is certain to be at least 1.
  using IsPositiveFn = absl::FunctionRef<bool(const Atom&)>;

  // Counts are known. False where they are too many different ones to be compared.
  bool Add(absl::Span<const Count> sizes);
  // Once all are added.
  void Finish(IsPositiveFn is_positive);

  size_t size() const { return monomials_.size(); }
  // What a comparison costs; nothing where all is integers.
  int64_t work() const { return work_; }
  // Appends the terms of a size that was added.
  void Append(const Count& size, std::vector<ByteTerm>* terms) const;
  // Whether a <= b wherever input sizes are at least 1, as far as coefficients show.
  bool IsAtMost(const ByteSum& a, const ByteSum& b) const;
  static constexpr double kNominalSize = 64;  // of every symbol, where sums must be ranked
  double Approximate(const ByteSum& sum) const;
  bool IsLess(const ByteSum& a, const ByteSum& b) const;  // every symbol taken as 64
  Count ToCount(const ByteSum& sum) const;

 private:
  ExprPool* pool_ = nullptr;
  int64_t denominator_ = 1;
  std::vector<const Monomial*> monomials_ = {nullptr};
  absl::flat_hash_map<const Monomial*, uint32_t> columns_ = {{nullptr, 0}};
  std::vector<double> nominal_;
  // Every monomial with each positive symbol written as 1 more than something: the columns it has
  // then. What is never negative there is never negative for sizes of 1 and more.
  std::vector<std::vector<ByteTerm>> shifted_;
  size_t num_shifted_ = 0;
  int64_t work_ = 0;
  std::vector<bool> can_be_negative_;  // by shifted column
};

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_BYTE_TERMS_H_
