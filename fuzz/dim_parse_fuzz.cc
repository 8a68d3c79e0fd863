// Feeds texts to the parser of size expressions, computes with what it reads, and checks that what
// is printed can be read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "analyzer/count.h"
#include "analyzer/dim.h"
#include "analyzer/dim_parse.h"
#include "analyzer/expr_pool.h"
#include "analyzer/sum_parse.h"

namespace onnx_macs {
namespace {

// Past this a text need not be read again.
constexpr size_t kMostText = 4096;

absl::StatusOr<Dim> Parse(absl::string_view text, ExprPool& pool) {
  return ParseDim(text, pool, [&pool](absl::string_view name) { return pool.Symbol(name); });
}

bool HasBothQuotes(absl::string_view text) {
  return text.find('"') != absl::string_view::npos && text.find('\'') != absl::string_view::npos;
}

void CheckReadsBack(Dim d, ExprPool& pool) {
  const std::string text = ToString(d);
  if (text.size() > kMostText || HasBothQuotes(text)) return;
  const auto again = Parse(text, pool);
  // Printing may nest more parentheses than the parser takes, but never means something else.
  if (again.ok() && *again != d) std::abort();
}

// Term by term it means the same, where that can be told.
void CheckSum(absl::string_view text, Dim d, ExprPool& pool) {
  const Count sum = ParseSum(text, pool);
  if (d.is_known() && sum.is_known() && sum != Count(d)) std::abort();
}

// The first line is one side of an equation, the second the other.
void Explore(absl::string_view text) {
  ExprPool pool;
  const size_t line = text.find('\n');
  const auto a = Parse(text.substr(0, line), pool);
  if (!a.ok()) return;
  CheckReadsBack(*a, pool);
  CheckSum(text.substr(0, line), *a, pool);
  const auto b = line == absl::string_view::npos ? a : Parse(text.substr(line + 1), pool);
  if (!b.ok()) return;
  CheckReadsBack(CeilDiv(*a, *b), pool);
  ExactDiv(*a * *b, *b);
  Assignment ones;
  for (const Atom* symbol : pool.symbols()) ones[symbol] = 1;
  Approximate(Substitute(Count(*a) * Count(*b), ones), 1);
  pool.AssumeEqual(*a, *b);
  pool.AssumeDivisible(*a, 8);
  pool.Resolve(*a * *b);
  pool.DescribeFacts();
}

}  // namespace
}  // namespace onnx_macs

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onnx_macs::Explore(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
