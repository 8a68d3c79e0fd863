#include "cli/diff_view.h"

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

ComponentDiff Row(const std::string& path, int depth, int64_t before, int64_t after) {
  ComponentDiff row;
  row.old_path = row.new_path = path;
  row.depth = depth;
  row.differs = before != after;
  row.before.ops = Amount::Integer(before);
  row.after.ops = Amount::Integer(after);
  return row;
}

}  // namespace

TEST_CASE("a part whose parent costs the same stands below what is shown around both") {
  ModelDiff model;
  model.components = {Row("", 0, 100, 130),    Row("p", 1, 90, 120),      Row("p.self", 2, 10, 40),
                      Row("p.out", 2, 20, 20), Row("p.out.x", 3, 12, 10), Row("p.out.y", 3, 8, 10)};
  const Table table = DiffComponentsTable(model, ViewOptions(), NameFilter());
  std::vector<std::string> rows;
  for (const TableRow& row : table.rows) {
    rows.push_back(std::string(2 * row.indent, ' ') + row.cells[0]);
  }
  CHECK(rows == std::vector<std::string>{"(model)", "  p", "    self", "    out.x", "    out.y"});
}

TEST_CASE("differences are exact, whatever their size") {
  const auto number = [](int64_t value) { return Amount::Integer(value); };
  CHECK(DeltaText(number(1000), number(1001)) == "+1");
  CHECK(DeltaText(number(5), number(5)) == "");
  CHECK(DeltaText(number(5'000'000'000), number(0)) == "-5.000 G");
  CHECK(DeltaText(number(10), number(2010), /*is_bytes=*/true) == "+2.000 kB");
  CHECK(DeltaText(Amount::Unknown(), number(1)) == "?");
  CHECK(DeltaText(Amount::Formula("2*n", 128), Amount::Formula("3*n", 192)) == "n");
  CHECK(PercentText(number(1000), number(1125)) == "+12.5%");
  CHECK(PercentText(number(0), number(5)) == "");
  CHECK(PercentText(number(100000), number(100001)) == "+<0.1%");
}

}  // namespace onnx_macs
