// What the user probably meant.
#include "analyzer/spelling.h"

#include <vector>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

TEST_CASE("edit distance counts insertions, deletions, changes and swaps") {
  CHECK(EditDistance("", "") == 0);
  CHECK(EditDistance("", "abc") == 3);
  CHECK(EditDistance("abc", "") == 3);
  CHECK(EditDistance("height", "height") == 0);
  CHECK(EditDistance("heigth", "height") == 1);  // a swap
  CHECK(EditDistance("hight", "height") == 1);
  CHECK(EditDistance("heoght", "height") == 1);
  CHECK(EditDistance("kitten", "sitting") == 3);
  CHECK(EditDistance("ca", "abc") == 3);  // restricted: no edit inside a swap
}

TEST_CASE("the nearest name is found where one is near") {
  const std::vector<std::string> dims = {"batch_size", "height", "width", "sequence_length"};
  CHECK(Nearest("heigth", dims) == "height");
  CHECK(Nearest("HEIGHT", dims) == "height");
  CHECK(Nearest("seq", dims) == "sequence_length");
  CHECK(Nearest("batchsize", dims) == "batch_size");
  CHECK(Nearest("depth", dims) == "");
  CHECK(Nearest("", dims) == "");
  CHECK(Nearest("x", std::vector<std::string>{"y"}) == "");
  CHECK(Nearest("X", std::vector<std::string>{"y", "x"}) == "x");
  CHECK(Nearest("x", std::vector<std::string>{}) == "");
}

TEST_CASE("of equally near names the first is taken") {
  const std::vector<std::string> names = {"ab", "ac"};
  CHECK(Nearest("ad", names) == "ab");
}

TEST_CASE("a suggestion is part of a sentence") {
  CHECK(DidYouMean("--res") == "; did you mean --res?");
  CHECK(DidYouMean("") == "");
  CHECK(WithExample("no", "--res 512") == "no; example: --res 512");
  CHECK(WithExample("did you?", "--res 512") == "did you? example: --res 512");
}

}  // namespace
}  // namespace onnx_macs
