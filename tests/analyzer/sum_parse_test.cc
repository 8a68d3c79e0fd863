// Sums of repeated terms, and what only looks like one.
#include "analyzer/sum_parse.h"

#include <string>

#include "analyzer/dim_parse.h"
#include "tests/support/catch.h"
#include "tests/support/processor_time.h"

namespace onnx_macs {
namespace {

TEST_CASE("sums are added up term by term") {
  struct Row {
    const char* text;
    const char* sum;
  };
  const Row rows[] = {
      {"h", "h"},
      {"7", "7"},
      {"-h", "-h"},
      {"4*h + 12*w + 8*h", "12*h + 12*w"},
      {"4*h + 2 - 3*h - 5", "h - 3"},
      {"h - h", "0"},
      {"2*h - (h + 1) - (w - 3)", "h - w + 2"},
      {"2*h - (h - (w - (h + 1)))", "w - 1"},
      {"12*(4*h + 2) + 3*(h - (w - 1)) + h", "52*h - 3*w + 27"},
      {"2*(3*(h)) - 2*(3*(h))", "0"},
      {"2*(h + 1)*(h - 1)", "2*h^2 - 2"},
      {"7*\"a + b\" + \"a + b\"", "8*\"a + b\""},
      {"3*h^2/4 + h^2/4", "h^2"},
      {"2*min(h, 3) + min(h, 3)", "3*min(h, 3)"},
      {"5*h * 2 + h*(w + 1)", "h*w + 11*h"},
      {"4*h+3*w", "4*h + 3*w"},
      {"4*h-3*h + 1", "h + 1"},
      {"12*h//5 + 0", "floor(12*h/5)"},
      {"3*h % 4", "3*h - 4*floor(3*h/4)"},
      {"2**3*h + h", "9*h"},
      {"-7 % 4", "1"},
      {"w2 - w^2+ w", "w2 - w^2 + w"},
      {"h -w- 2*-h", "3*h - w"},
      {"h - 7 % 4 - -7 % 4", "h - 4"},
      {"1/2 + 3/2 + h", "h + 2"},
      {"170141183460469231731687303715884105727*0 + h", "h"},
  };
  for (const Row& row : rows) {
    ExprPool pool;
    const auto meaning =
        ParseDim(row.sum, pool, [&](absl::string_view name) { return pool.Symbol(name); });
    REQUIRE(meaning.ok());
    const Count sum = ParseSum(row.text, pool);
    INFO(row.text << " is " << ToString(sum));
    CHECK(sum == Count(*meaning));
  }
}

TEST_CASE("what is no sum is unknown") {
  for (const char* text : {"", " ", "h +", "h + + ", "()", "(h", "h)", "h + (w", "\"h", "4*", "h w",
                           "340282366920938463463374607431768211456*h"}) {
    ExprPool pool;
    INFO(text);
    CHECK_FALSE(ParseSum(text, pool).is_known());
  }
}

TEST_CASE("a long text of one term, or of nothing but parentheses, ends soon") {
  const testing::ProcessorTime time;
  ExprPool pool;
  std::string sum = "h";
  while (sum.size() < 8000) sum += " + h";
  CHECK(ToString(ParseSum(sum, pool)) == "2001*h");
  CHECK_FALSE(ParseSum(std::string(4000, '(') + std::string(4000, ')'), pool).is_known());
  CHECK_FALSE(ParseSum(std::string(1'000'000, '-'), pool).is_known());
  CHECK(time.seconds() < 1);
}

}  // namespace
}  // namespace onnx_macs
