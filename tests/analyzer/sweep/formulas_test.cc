// Formulas at points, and how they grow; literals are worked out by hand.
#include "analyzer/sweep/formulas.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using Kind = Condition::Kind;

std::vector<SweepAxis> Axes() { return {*ParseAxis("res=512,1024"), *ParseAxis("batch=1,2")}; }

Validity LatentsOf(std::vector<Condition> conditions = {}) {
  return {{{"latent_height_8", Extent::kLatentHeight, {8, 8}},
           {"latent_width_8", Extent::kLatentWidth, {8, 8}},
           {"packed_length_8", Extent::kPackedLength, {8, 8}}},
          std::move(conditions),
          false};
}

Amount Formula(const char* text) { return Amount::Formula(text, 0); }

TEST_CASE("formulas are evaluated at the sizes that follow from a point") {
  Formulas formulas(Axes());
  formulas.AddValidity(LatentsOf());
  const size_t area = formulas.Add({Formula("3*batch*latent_height_8*latent_width_8 + 5")});
  const size_t packed = formulas.Add({Formula("packed_length_8")});
  const size_t number = formulas.Add({Amount::Integer(7)});
  const size_t open = formulas.Add({Formula("batch*words")});
  REQUIRE(formulas.GoTo({{512, 512}, {1, 1}}));
  CHECK(formulas.At(area).value() == 3 * 64 * 64 + 5);
  CHECK(formulas.At(packed).value() == 1024);
  CHECK(formulas.At(number).value() == 7);
  REQUIRE(formulas.GoTo({{512, 768}, {2, 2}}));
  CHECK(formulas.At(area).value() == 3 * 2 * 64 * 96 + 5);
  CHECK(formulas.At(packed).value() == 32 * 48);
  CHECK(formulas.At(open).formula() == "2*words");
  CHECK(formulas.At(formulas.Add({Amount::Unknown()})).is_unknown());
}

TEST_CASE("of several amounts the largest counts, point by point") {
  Formulas formulas(Axes());
  formulas.AddValidity(LatentsOf());
  const size_t id =
      formulas.Add({Formula("100*batch"), Formula("latent_height_8"), Amount::Integer(90)});
  REQUIRE(formulas.GoTo({{512, 512}, {1, 1}}));
  CHECK(formulas.At(id).value() == 100);
  REQUIRE(formulas.GoTo({{1024, 1024}, {1, 1}}));
  CHECK(formulas.At(id).value() == 128);
  CHECK(formulas.Order(id, 0) == 1);
  CHECK(formulas.Order(id, 1) == 1);
  CHECK(formulas.At(formulas.Add({Amount::Unknown(), Amount::Integer(1)})).is_unknown());
}

TEST_CASE("a max() may have more operands than the algebra takes at once") {
  Formulas formulas(Axes());
  formulas.AddValidity(LatentsOf());
  std::string text = "max(batch";
  for (int i = 1; i < 40; ++i) {
    text += ", " + std::to_string(i) + "*batch + min(" + std::to_string(40 - i) +
            ", latent_height_8)*latent_width_8";
  }
  const size_t many = formulas.Add({Formula((text + ")").c_str())});
  const size_t sum = formulas.Add({Formula("max(batch, 3) + max(batch, 5)")});
  REQUIRE(formulas.GoTo({{512, 512}, {1, 1}}));
  CHECK(formulas.At(many).value() == 1 + 39 * 64);  // i = 1
  CHECK(formulas.At(sum).value() == 8);
  REQUIRE(formulas.GoTo({{512, 512}, {100, 100}}));
  CHECK(formulas.At(many).value() == 39 * 100 + 64);  // i = 39
}

TEST_CASE("a point where an assumption does not hold is told") {
  const auto holds = [](Condition condition, int64_t res) {
    Formulas formulas(Axes());
    formulas.AddValidity(LatentsOf({std::move(condition)}));
    return formulas.GoTo({{res, res}, {1, 1}});
  };
  CHECK(holds({Kind::kZero, "mod(latent_height_8, 8)"}, 512));
  CHECK_FALSE(holds({Kind::kZero, "mod(latent_height_8, 8)"}, 520));
  CHECK(holds({Kind::kZero, "latent_height_8 - (latent_width_8)"}, 520));
  CHECK(holds({Kind::kNotOne, "latent_height_8"}, 16));
  CHECK_FALSE(holds({Kind::kNotOne, "latent_height_8"}, 8));
  CHECK(holds({Kind::kNotNegative, "latent_height_8 - 2"}, 16));
  CHECK_FALSE(holds({Kind::kNotNegative, "latent_height_8 - 2"}, 8));
  // What cannot be decided is not taken to hold.
  CHECK_FALSE(holds({Kind::kZero, "words - words2"}, 512));
  CHECK_FALSE(holds({Kind::kNever, ""}, 512));
}

TEST_CASE("orders of growth are read from the formula") {
  struct Row {
    const char* formula;
    int in_res, in_batch;
  };
  const Row rows[] = {
      {"7", 0, 0},
      {"batch*latent_height_8*latent_width_8", 2, 1},
      {"batch*latent_height_8^2*latent_width_8^2 + 900000*latent_height_8^3", 4, 1},
      {"packed_length_8^2 + batch^3*packed_length_8", 4, 3},
      {"floor(latent_height_8*latent_width_8/3)", 2, 0},
      {"max(latent_height_8, batch^2)", 1, 2},
      {"min(latent_height_8^2, 5)", 0, 0},
      {"words^5", 0, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.formula);
    Formulas formulas(Axes());
    formulas.AddValidity(LatentsOf());
    const size_t id = formulas.Add({Formula(row.formula)});
    CHECK(formulas.Order(id, 0) == row.in_res);
    CHECK(formulas.Order(id, 1) == row.in_batch);
  }
}

}  // namespace
}  // namespace onnx_macs
