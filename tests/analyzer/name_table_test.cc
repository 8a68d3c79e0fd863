// Names of every length, met again at once, later, and never.
#include "analyzer/name_table.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

TEST_CASE("name table: a name keeps its value, however long and however often it is met") {
  constexpr int kNames = 20'000;
  std::vector<std::string> names;
  for (int i = 0; i < kNames; ++i) {
    const std::string number = std::to_string(i);
    // From one byte to sixty, and alike in all but the number.
    names.push_back(i < 100 ? std::string(1, static_cast<char>(i + 1))
                            : "/block." + number + std::string(i % 50, 'x') + "_output_0");
  }
  std::vector<Value> values;
  NameTable table(&values);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < kNames; ++i) {
      const std::string copy = names[i];  // Equal bytes at another place.
      const ValueId id = table.FindOrAdd(round == 0 ? absl::string_view(names[i]) : copy);
      if (id != i) FAIL("name " << i << " became " << id);
    }
  }
  CHECK(values.size() == kNames);
  CHECK(values[777].name.data() == names[777].data());
}

TEST_CASE("name table: names that differ where nobody looks are still different") {
  std::vector<Value> values;
  NameTable table(&values);
  const std::string one = std::string(100, 'a') + "1" + std::string(100, 'b');
  std::string other = one;
  other[3] = 'z';
  CHECK(table.FindOrAdd(one) == 0);
  CHECK(table.FindOrAdd(other) == 1);
  CHECK(table.FindOrAdd(one) == 0);
  CHECK(table.FindOrAdd(other) == 1);
}

TEST_CASE("name table: finding does not add") {
  std::vector<Value> values;
  NameTable table(&values);
  table.FindOrAdd("known");
  CHECK(table.Find("known") == 0);
  CHECK(table.Find("unknown") == kNoValue);
  CHECK(table.Find("") == kNoValue);
  CHECK(values.size() == 1);
}

TEST_CASE("name table: values that others added have their place") {
  std::vector<Value> values;
  NameTable table(&values);
  table.Reserve(10);
  values.emplace_back();
  CHECK(table.FindOrAdd("first") == 1);
  CHECK(table.Find("first") == 1);
}

}  // namespace
}  // namespace onnx_macs
