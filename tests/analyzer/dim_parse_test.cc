// Size expressions as exporters and people write them; and what is printed can be read again.
#include "analyzer/dim_parse.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/processor_time.h"
#include "tests/support/random_dim.h"

namespace onnx_macs {
namespace {

using namespace testing;  // NOLINT: the evaluators and the random trees of this file's tests.

absl::StatusOr<Dim> Parse(const std::string& text, ExprPool& pool) {
  return ParseDim(text, pool, [&pool](absl::string_view name) { return pool.Symbol(name); });
}

TEST_CASE("expressions read as they are meant") {
  struct Row {
    const char* text;
    const char* meaning;
  };
  const Row rows[] = {
      {"0", "0"},
      {" 42 ", "42"},
      {"-3", "-3"},
      {"--3", "3"},
      {"h", "h"},
      {"latent_height * 8", "8*latent_height"},
      {"8*(((s30 - 1)//8)) + 8", "8*ceil(s30/8)"},
      {"Max(1, s0)", "max(s0, 1)"},
      {"MIN(a,b , 3)", "min(min(a, b), 3)"},
      {"floor(h/2 + 1/2)", "ceil(h/2)"},
      {"ceil(h/8)", "ceil(h/8)"},
      {"CEILING(h / 8)", "ceil(h/8)"},
      {"floor(h/2 - 1/2) + 1", "ceil(h/2)"},
      {"(h + 1) // 2", "ceil(h/2)"},
      {"h/8", "h/8"},
      {"8*(h/8)", "h"},
      {"h*w/w", "h"},
      {"5/2*h", "5*h/2"},
      {"floor(5/2)", "2"},
      {"ceil(5/2)", "3"},
      {"-5//2", "-3"},
      {"h % 4", "h - 4*floor(h/4)"},
      {"Mod(7, 4)", "3"},
      {"-7 % 4", "1"},
      {"h + 3/2 % 86777777777777777777770", "h + 3/2"},  // the divisor has more than 64 bits
      {"2^10", "1024"},
      {"2**3", "8"},
      {"-h**2", "-h^2"},
      {"h^20", "h^20"},
      {"3 - 2 - 1", "0"},
      {"12 // 5 // 2", "1"},
      {"\"batch size\" + 1", "\"batch size\" + 1"},
      {"'a \"b\"'", "'a \"b\"'"},
      {"encoder.hidden_1", "encoder.hidden_1"},
      {"9223372036854775807", "9223372036854775807"},
      {"floor((seq + 3)/w)", "floor((seq + 3)/w)"},
      {"h/-2", "-h/2"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    ExprPool pool;
    const auto parsed = Parse(row.text, pool);
    REQUIRE(parsed.ok());
    CHECK(ToString(*parsed) == row.meaning);
  }
}

TEST_CASE("what cannot be read says where") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"", "unexpected end at character 1"},
      {"h +", "unexpected end at character 4"},
      {"(h", "expected ) at character 3"},
      {"h)", "unexpected text at character 2"},
      {"3h", "unexpected text at character 2"},
      {"h w", "unexpected text at character 3"},
      {"$", "expected a number or a name at character 1"},
      {"sqrt(h)", "unknown function sqrt at character 8"},
      {"floor(h, 2)", "unknown function floor at character 12"},
      {"'h", "missing closing quote at character 1"},
      {"h^h", "a power must be a small integer at character 4"},
      {"2^65", "a power must be a small integer at character 5"},
      {"h/0", "not a size that can be computed"},
      {"h//0", "not a size that can be computed"},
      {"h % 0", "not a size that can be computed"},
      {"0/0", "not a size that can be computed"},
      {"5/2", "not a size that can be computed"},
      {"h/w", "not a size that can be computed"},
      {"9999999999999999999999999999999999999999999", "number is too large at character 44"},
      {"1.5", "unexpected text at character 2"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    ExprPool pool;
    const auto parsed = Parse(row.text, pool);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.status().message() == row.message);
  }
}

TEST_CASE("names stand for what the resolver says") {
  ExprPool pool;
  const auto bound = ParseDim("2*h + w", pool, [&pool](absl::string_view name) {
    return name == "h" ? Dim(21) : pool.Symbol(name);
  });
  REQUIRE(bound.ok());
  CHECK(*bound == pool.Symbol("w") + 42);
  const auto unknown = ParseDim("h", pool, [](absl::string_view) { return Dim(); });
  CHECK_FALSE(unknown.ok());
}

TEST_CASE("what is printed reads as the same expression") {
  ExprPool pool;
  const std::vector<Dim> symbols = SymbolsOf(pool);
  Random random(7);
  int parsed_count = 0;
  for (int i = 0; i < 3000; ++i) {
    Dim d = Build(RandomTree(random, i % 6, i % 2 == 0 ? 12 : int64_t{1} << 60), symbols);
    if (i % 7 == 0) d = RationalDiv(d, 6);
    const std::string text = ToString(d);
    if (!d.is_known() || text.size() > 4096) continue;
    const auto parsed = Parse(text, pool);
    if (!parsed.ok()) FAIL(text << ": " << parsed.status().message());
    if (*parsed != d) FAIL(text << " became " << ToString(*parsed));
    ++parsed_count;
  }
  CHECK(parsed_count > 2000);
}

TEST_CASE("long and deep texts end soon") {
  const testing::ProcessorTime taken;
  std::string sum = "a0", factors = "(a0+b0)", quotients = "h", powers = "(a+b+c+d+e)";
  for (int i = 1; i < 250; ++i) sum += "+a" + std::to_string(i);
  for (int i = 1; i < 250; ++i) factors += "*(a" + std::to_string(i) + "+b)";
  for (int i = 1; i < 250; ++i) quotients = "(" + quotients + "+" + std::to_string(i) + ")//a";
  for (int i = 1; i < 250; ++i) powers += "^16*(a+b+c)";
  const std::string tower = std::string(60, '(') + "h" + std::string(60, ')');
  const std::string texts[] = {factors,
                               quotients,
                               powers,
                               "(" + sum + ")*(" + sum + ")//(" + sum + ")",
                               std::string(4000, '('),
                               std::string(4000, '-'),
                               std::string(5000, '1')};
  for (const std::string& text : texts) {
    ExprPool pool;
    CHECK_FALSE(Parse(text, pool).ok());
  }
  ExprPool pool;
  CHECK(Parse(tower, pool).ok());
  CHECK(Parse(sum, pool).ok());
  CHECK(taken.seconds() < 5);
}

}  // namespace
}  // namespace onnx_macs
