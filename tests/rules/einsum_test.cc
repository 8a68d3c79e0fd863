// Einsum against the naive counter, and equations that mean nothing.
#include <map>

#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/sweep.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

std::vector<Ints> ShapesOf(const std::string& equation) {
  const std::map<char, int64_t> sizes = {{'b', 2}, {'h', 3}, {'i', 4}, {'j', 5}, {'k', 6}};
  std::vector<Ints> shapes(1);
  for (char c : equation.substr(0, equation.find('-'))) {
    if (c == ',') {
      shapes.emplace_back();
    } else {
      shapes.back().push_back(sizes.at(c));
    }
  }
  return shapes;
}

const Sweep kEinsum({"ai.onnx Einsum"});

TEST_CASE("two operands: every combination of labels, where one is summed") {
  const SweepCheck check(kEinsum);
  for (const std::string equation :
       {"ij,jk->ik", "bij,bjk->bik", "bhij,bhkj->bhik", "i,i->", "ij,j->i", "ij,ij->",
        "bij,kj->bik", "bihj,bkhj->bhik", "ij,kb->", "ji,jk->ki", "bi,jk->bj"}) {
    const std::vector<Ints> shapes = ShapesOf(equation);
    const NaiveResult oracle = CountEinsum(equation, shapes);
    RunOpCase({.op = "Einsum",
               .attrs = {"equation=\"" + equation + "\""},
               .inputs = {F32(shapes[0]), F32(shapes[1])},
               .expected = F32(oracle.shape),
               .macs = oracle.macs,
               .ops = 0});
  }
}

struct EinsumRow {
  const char* equation;
  std::vector<std::string> inputs;
  const char* expected;
  int64_t macs, ops;
};

TEST_CASE("equations") {
  const EinsumRow rows[] = {
      // One operand: moved, its diagonal taken, or added up.
      {"ij->ji", {"f32[2,3]"}, "f32[3,2]", 0, 0},
      {"ii->i", {"f32[3,3]"}, "f32[3]", 0, 0},
      {"ii", {"f32[3,3]"}, "f32[]", 0, 3},
      {"ij->i", {"f32[2,3]"}, "f32[2]", 0, 6},
      // Without a sum it is a product.
      {"i,j->ij", {"f32[2]", "f32[3]"}, "f32[2,3]", 0, 6},
      {"ij,ij->ij", {"f32[2,3]", "f32[2,3]"}, "f32[2,3]", 0, 6},
      // Without an arrow: letters that occur once, in order.
      {"kj, ji", {"f32[2,3]", "f32[3,4]"}, "f32[4,2]", 24, 0},
      {"aB,BC", {"f32[2,3]", "f32[3,4]"}, "f32[4,2]", 24, 0},
      // The ellipsis broadcasts.
      {"...ij,...jk->...ik", {"f32[5,2,3]", "f32[3,4]"}, "f32[5,2,4]", 120, 0},
      {"...ij,jk", {"f32[7,5,2,3]", "f32[3,4]"}, "f32[7,5,2,4]", 840, 0},
      {"i...,i...->...", {"f32[3,5,1]", "f32[3,1,4]"}, "f32[5,4]", 60, 0},
      {"...,...->...", {"f32[]", "f32[2]"}, "f32[2]", 0, 2},
      // A size of 1 broadcasts under any label.
      {"ij,ij->i", {"f32[2,1]", "f32[2,3]"}, "f32[2]", 6, 0},
      // Left to right: 2*3*4, then 2*4*5.
      {"ij,jk,kl->il", {"f32[2,3]", "f32[3,4]", "f32[4,5]"}, "f32[2,5]", 64, 0},
      // A product of 2*3 first, then a sum over 2*3*4.
      {"i,j,ijk->k", {"f32[2]", "f32[3]", "f32[2,3,4]"}, "f32[4]", 24, 6},
      {"bhid,bhjd->bhij", {"f32[1,8,64,40]", "f32[1,8,77,40]"}, "f32[1,8,64,77]", 1576960, 0},
  };
  for (const EinsumRow& row : rows) {
    RunOpCase({.op = "Einsum",
               .attrs = {absl::StrCat("equation=\"", row.equation, "\"")},
               .inputs = row.inputs,
               .expected = row.expected,
               .macs = row.macs,
               .ops = row.ops});
  }
}

TEST_CASE("a symbolic equation") {
  RunOpCase({.op = "Einsum",
             .attrs = {"equation=\"bhid,bhjd->bhij\""},
             .inputs = {"f32[b,8,s,40]", "f32[b,8,t,40]"},
             .expected = "f32[b,8,s,t]",
             .macs_formula = "320*b*s*t"});
}

TEST_CASE("equations that mean nothing") {
  const std::pair<const char*, const char*> rows[] = {
      {"ij,jk->i->k", "two arrows"},
      {"ij->i", "1 terms for 2 inputs"},
      {"", "1 terms for 2 inputs"},
      {"ijk,jk->i", "term 1 names 3 dims of an input with 2"},
      {"i,jk->i", "term 1 names 1 dims of an input with 2"},
      {"i?,jk->i", "cannot read 'i?'"},
      {"i......,jk->i", "cannot read"},
      {"ij,jk->im", "wrong label 'm'"},
      {"ij,jk->ii", "wrong label 'i'"},
      {"ij,ik->jk", "sizes under one label differ: 2 and 3"},
      {"ij,jk->i.k", "cannot read 'i.k'"},
  };
  for (const auto& [equation, reason] : rows) {
    RunOpCase({.op = "Einsum",
               .attrs = {absl::StrCat("equation=\"", equation, "\"")},
               .inputs = {"f32[2,3]", "f32[3,4]"},
               .expected = absl::StrCat("gap: ", reason)});
  }
}

}  // namespace
}  // namespace onnx_macs::testing
