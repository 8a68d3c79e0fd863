#include "analyzer/diff/align.h"

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using Pairs = std::vector<std::pair<size_t, size_t>>;

TEST_CASE("what two lists have in common is paired in order") {
  CHECK(Align({1, 2, 3}, {1, 2, 3}) == Pairs{{0, 0}, {1, 1}, {2, 2}});
  CHECK(Align({1, 2, 3}, {1, 9, 2, 3}) == Pairs{{0, 0}, {1, 2}, {2, 3}});
  CHECK(Align({1, 2, 3, 4}, {2, 3, 1, 4}) == Pairs{{1, 0}, {2, 1}, {3, 3}});
  CHECK(Align({7, 7}, {7, 7, 7}) == Pairs{{0, 0}, {1, 1}});
  CHECK(Align({}, {1}).empty());
  CHECK(Align({1}, {2}).empty());
}

TEST_CASE("lists too long for a table are paired at their ends") {
  // Between them b is a, backwards.
  std::vector<uint64_t> a(3000), b(3000);
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = i;
    b[i] = i > 0 && i + 1 < a.size() ? a.size() - 1 - i : i;
  }
  CHECK(Align(a, b) == Pairs{{0, 0}, {2999, 2999}});
}

}  // namespace
}  // namespace onnx_macs
