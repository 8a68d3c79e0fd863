// Trees, folding, and the choice of rows.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/fold.h"
#include "cli/view_rows.h"
#include "cli/view_tree.h"
#include "tests/cli/sample_report.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

constexpr int kBudget = 20;

std::vector<std::string> Lines(const std::vector<ViewRow>& rows) {
  std::vector<std::string> lines;
  for (const ViewRow& row : rows) {
    lines.push_back(absl::StrCat(std::string(2 * row.indent, ' '), row.label.view(), " ",
                                 static_cast<int64_t>(row.figures.macs.value())));
  }
  return lines;
}

std::vector<std::string> Shown(const ModelReport& report, const ViewOptions& options = {},
                               const std::string& filter = "") {
  TreeNode tree = ComponentTree(report, NameFilter::Make(filter).value());
  if (options.fold) FoldNumbered(&tree);
  JoinChains(&tree);
  return Lines(ChooseRows(tree, options, kBudget));
}

using Expected = std::vector<std::string>;

TEST_CASE("numbered siblings fold into one row with their number, and so do their parts") {
  CHECK(Shown(SampleReport()) ==
        Expected{"layers.* (x2) 900", "  attn (x2) 600", "  mlp (x2) 300", "head 100"});
}

TEST_CASE("without folding every sibling has its row") {
  ViewOptions options;
  options.fold = false;
  CHECK(Shown(SampleReport(), options) == Expected{"layers 900", "  1 500", "    attn 300",
                                                   "    mlp 200", "  0 400", "    attn 300",
                                                   "    mlp 100", "head 100"});
}

TEST_CASE("depth opens everything down to there and nothing below") {
  ViewOptions options;
  options.depth = 1;
  CHECK(Shown(SampleReport(), options) == Expected{"layers.* (x2) 900", "head 100"});
  options.depth = 3;
  CHECK(Shown(SampleReport(), options).size() == 4);
}

TEST_CASE("top cuts every list and sums up the rest") {
  ViewOptions options;
  options.top = 1;
  CHECK(Shown(SampleReport(), options) ==
        Expected{"layers.* (x2) 900", "  attn (x2) 600", "  [1 other] 300", "[1 other] 100"});
}

TEST_CASE("rows are sorted by what is asked for") {
  ViewOptions options;
  options.sort = SortKey::kName;
  options.depth = 1;
  CHECK(Shown(SampleReport(), options) == Expected{"head 100", "layers.* (x2) 900"});
}

TEST_CASE("names are sorted as people count") {
  ModelReport report;
  for (const char* path : {"", "b10", "b9", "b09", "a"}) {
    report.components.push_back(Component(path, SampleFigures(1, 0)));
  }
  report.figures = SampleFigures(4, 0, 4);
  ViewOptions options;
  options.sort = SortKey::kName;
  options.depth = 1;
  CHECK(Shown(report, options) == Expected{"a 1", "b9 1", "b09 1", "b10 1"});
}

TEST_CASE("a filter keeps what matches with all below, and sums it up above") {
  CHECK(Shown(SampleReport(), {}, "attn$") == Expected{"layers.*.attn (x2) 600"});
  CHECK(Shown(SampleReport(), {}, "^head") == Expected{"head 100"});
  CHECK(Shown(SampleReport(), {}, "nothing").empty());
}

TEST_CASE("what belongs to no part has a row of its own") {
  ModelReport report;
  report.figures = SampleFigures(100, 0, 3);
  report.components = {Component("", SampleFigures(100, 0, 3)),
                       Component("attn", SampleFigures(90, 0, 2)),
                       Component("attn.to_q", SampleFigures(40, 0, 1))};
  CHECK(Shown(report) == Expected{"attn 90", "  to_q 40", "  [itself] 50", "[in no component] 10"});
}

TEST_CASE("different layers of a list are not folded") {
  ModelReport report;
  report.figures = SampleFigures(30, 3, 2);
  report.components = {Component("", report.figures), Component("net", report.figures),
                       Component("net.0", SampleFigures(10, 1)),
                       Component("net.0.proj", SampleFigures(10, 1)),
                       Component("net.2", SampleFigures(20, 2))};
  CHECK(Shown(report) == Expected{"net 30", "  2 20", "  0.proj 10"});
}

TEST_CASE("a wrapper's prefix is hidden") {
  ModelReport report = SampleReport();
  for (ComponentRow& row : report.components) {
    if (!row.path.empty()) row.path = absl::StrCat("vae.", row.path.view());
  }
  report.components.insert(report.components.begin() + 1,
                           Component("vae", SampleFigures(1000, 50)));
  report.display_prefix = "vae.";
  CHECK(Shown(report) == Shown(SampleReport()));
}

TEST_CASE("a component with a gap is marked up to the root, and has a row") {
  ModelReport report = SampleReport();
  report.components.push_back(Component("odd", SampleFigures(0, 0)));
  report.gaps = {{"n", "Whirl", "", "no rule", "odd"}};
  TreeNode tree = ComponentTree(report, NameFilter());
  CHECK(tree.has_gap);
  const std::vector<ViewRow> rows = ChooseRows(tree, ViewOptions(), kBudget);
  REQUIRE(rows.back().label == "odd");
  CHECK(rows.back().has_gap);
  CHECK_FALSE(rows.front().has_gap);
}

TEST_CASE("a path of ten thousand levels is no danger") {
  ModelReport report;
  std::string path = "a";
  for (int i = 0; i < 10000; ++i) path += ".a";
  report.components = {Component("", SampleFigures(1, 0)), Component(path, SampleFigures(1, 0))};
  report.figures = SampleFigures(1, 0);
  CHECK(Shown(report).size() == 1);
}

TEST_CASE("however many siblings there are, the rows stay few") {
  ModelReport report;
  report.figures = SampleFigures(5000, 0, 5000);
  report.components = {Component("", report.figures)};
  for (int i = 0; i < 5000; ++i) {
    report.components.push_back(Component("block" + std::to_string(i), SampleFigures(1, 0)));
  }
  const Expected rows = Shown(report);
  CHECK(rows == Expected{"[5000 others] 5000"});
}

NodeRow Node(std::string name, std::string op, std::string path, int64_t macs) {
  NodeRow node;
  node.name = std::move(name);
  node.op = std::move(op);
  node.path = std::move(path);
  node.macs = Amount::Integer(macs);
  node.flops = Amount::Integer(2 * macs);
  return node;
}

TEST_CASE("a list of groupings drills down") {
  ModelReport report;
  report.figures = SampleFigures(60, 0, 3);
  report.components = {Component("", report.figures), Component("a", SampleFigures(50, 0, 2)),
                       Component("b", SampleFigures(10, 0, 1))};
  report.nodes = {Node("n1", "Conv", "a", 30), Node("n2", "Gemm", "a", 20),
                  Node("n3", "Conv", "b", 10)};
  ViewOptions options;
  options.by = {Grouping::kComponent, Grouping::kOp};
  CHECK(Shown(report, options) == Expected{"a 50", "  Conv 30", "  Gemm 20", "b 10", "  Conv 10"});

  options.by = {Grouping::kOp, Grouping::kComponent, Grouping::kNode};
  const TreeNode by_op = GroupMembers(AllMembers(report), Grouping::kOp, NameFilter());
  CHECK(Lines(ChooseRows(by_op, options, kBudget)) == Expected{"Conv 40", "  a 30", "    n1 30",
                                                               "  b 10", "    n3 10", "Gemm 20",
                                                               "  a 20", "    n2 20"});
}

}  // namespace
}  // namespace onnx_macs
