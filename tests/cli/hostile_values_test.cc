// Attacks by values and sizes: elements that are followed, ranks, symbols, expressions that grow,
// facts, numbers at the ends of their types.
#include <cmath>
#include <limits>

#include "tests/cli/hostile_models.h"
#include "tests/cli/hostile_output.h"

namespace onnx_macs::testing {
namespace {

constexpr char kFollowed[] = "not all of them are followed";
constexpr char kListed[] = "more sizes than can be listed";
constexpr char kTooLarge[] = "sizes are formulas too large to be worked out";
constexpr char kUnknown[] = "the shape of 'e' is not known";  // whose size grew
constexpr int kMostElements = 4096;                           // of a value that is followed

// `op` of what came before and of `other`, again and again.
void AddChain(onnx::GraphProto* graph, const std::string& op, const std::string& first,
              const std::string& other, int nodes) {
  for (int i = 0; i < nodes; ++i) {
    AddNode(graph, op, {i == 0 ? first : At("v", i - 1), other}, {At("v", i)});
  }
}

// The sizes of x, [a, b], as vectors of one element, "as" and "bs"; "two" and "three".
void AddSizes(onnx::GraphProto* graph) {
  AddSymbolicInput(graph, "x", {"a", "b"});
  AddInt(AddNode(graph, "Shape", {"x"}, {"as"}), "end", 1);
  AddInt(AddNode(graph, "Shape", {"x"}, {"bs"}), "start", 1);
  AddIntegers(graph, "two", {2});
  AddIntegers(graph, "three", {3});
}

// Sizes that go through `ops`, written "Mul bs" or "Mul ." for the value itself, again and again;
// then a tensor of that size.
void AddGrowth(onnx::ModelProto* model, const std::vector<std::string>& ops, int rounds) {
  onnx::GraphProto* const graph = model->mutable_graph();
  AddSizes(graph);
  std::string at = "as";
  int made = 0;
  for (int round = 0; round < rounds; ++round) {
    for (const std::string& op : ops) {
      const size_t space = op.find(' ');
      const std::string other = op.substr(space + 1);
      const std::string next = At("g", made++);
      AddNode(graph, op.substr(0, space), {at, other == "." ? at : other}, {next});
      at = next;
    }
  }
  AddNode(graph, "ConstantOfShape", {at}, {"e"});
  for (int i = 0; i < 3000; ++i) AddNode(graph, "Relu", {"e"}, {At("r", i)});
}

const HostileModel kFolded[] = {
    {"sums of 4096 elements",
     [](onnx::ModelProto* m) {
       AddIntegers(m->mutable_graph(), "t", std::vector<int64_t>(kMostElements, 1));
       AddNode(m->mutable_graph(), "Range", {"0", "n", "1"}, {"r"});
       for (const int i : {0, 1}) AddIntegers(m->mutable_graph(), At("", i), {i}, true);
       AddIntegers(m->mutable_graph(), "n", {kMostElements}, true);
       AddChain(m->mutable_graph(), "Add", "r", "r", 30'000);
     },
     kFollowed},
    {"ConstantOfShape of 4096 elements",
     [](onnx::ModelProto* m) {
       AddIntegers(m->mutable_graph(), "n", {kMostElements}, true);
       for (const int i : {0, 1}) AddIntegers(m->mutable_graph(), At("", i), {i}, true);
       for (int i = 0; i < 25'000; ++i) {
         AddNode(m->mutable_graph(), "Range", {"0", "n", "1"}, {At("v", i)});
       }
     },
     kFollowed},
    {"a vector that grows by one element at every step",
     [](onnx::ModelProto* m) {
       AddIntegers(m->mutable_graph(), "t", {1});
       for (int i = 0; i < 20'000; ++i) {
         const std::string from = i == 0 ? "t" : At("v", i - 1);
         AddInt(AddNode(m->mutable_graph(), "Concat", {from, "t"}, {At("v", i)}), "axis", 0);
       }
     },
     kFollowed},
    {"4096 symbolic elements",
     [](onnx::ModelProto* m) {
       AddSizes(m->mutable_graph());
       AddIntegers(m->mutable_graph(), "n", {kMostElements});
       AddNode(m->mutable_graph(), "Expand", {"as", "n"}, {"t"});
       AddChain(m->mutable_graph(), "Mul", "t", "t", 20'000);
     },
     kFollowed},
};

TEST_CASE("hostile models: what is followed of values is bounded") { CheckHostile(kFolded); }

const HostileModel kRanks[] = {
    {"Reshape to 4096 dims",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x", {1});
       AddIntegers(m->mutable_graph(), "t", std::vector<int64_t>(kMostElements, 1));
       AddNode(m->mutable_graph(), "Reshape", {"x", "t"}, {"y"});
       for (int i = 0; i < 10'000; ++i) AddNode(m->mutable_graph(), "Relu", {"y"}, {At("v", i)});
     },
     "output 0 has 4096 dimensions, more than the 64 that are followed"},
    {"Unsqueeze after Unsqueeze",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       AddIntegers(m->mutable_graph(), "z", {0});
       AddChain(m->mutable_graph(), "Unsqueeze", "x", "z", 20'000);
     },
     "output 0 has 65 dimensions, more than the 64 that are followed"},
    {"an input of 100,000 dims",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x", std::vector<int64_t>(100'000, 1));
       AddChain(m->mutable_graph(), "Add", "x", "x", 15'000);
     },
     "has 100000 dimensions, more than the 64 that are followed"},
    {"a weight of 300,000 dims",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       AddWeight(m->mutable_graph(), "w", std::vector<int64_t>(300'000, 1));
       AddChain(m->mutable_graph(), "MatMul", "x", "w", 15'000);
     },
     "has 300000 dimensions, more than the 64 that are followed"},
    {"60,000 values of 64 dims",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x", std::vector<int64_t>(64, 1));
       for (int i = 0; i < 60'000; ++i) AddNode(m->mutable_graph(), "Abs", {"x"}, {At("", i)});
     },
     kListed},
    {"60,000 values of 64 symbols",
     [](onnx::ModelProto* m) {
       std::vector<std::string> symbols;
       for (int i = 0; i < 64; ++i) symbols.push_back(At("s", i));
       AddSymbolicInput(m->mutable_graph(), "x", symbols);
       for (int i = 0; i < 60'000; ++i) AddNode(m->mutable_graph(), "Abs", {"x"}, {At("", i)});
     },
     kListed},
    {"64 dims that are assumed equal to 64 others",
     [](onnx::ModelProto* m) {
       std::vector<std::string> some, others;
       for (int i = 0; i < 64; ++i) {
         some.push_back(At("s", i));
         others.push_back(At("t", i));
       }
       AddSymbolicInput(m->mutable_graph(), "x", some);
       AddSymbolicInput(m->mutable_graph(), "y", others);
       AddChain(m->mutable_graph(), "Add", "x", "y", 8000);
     },
     "t63 = s63"},
};

TEST_CASE("hostile models: ranks are bounded") { CheckHostile(kRanks); }

const HostileModel kAlgebra[] = {
    {"x = x*x + b",
     [](onnx::ModelProto* m) {
       AddGrowth(m, {"Mul .", "Add bs"}, 8000);
     },
     kUnknown},
    {"x = (x + b)/3",
     [](onnx::ModelProto* m) {
       AddGrowth(m, {"Add bs", "Div three"}, 8000);
     },
     kUnknown},
    {"x = (x + 2)*b/a",
     [](onnx::ModelProto* m) {
       AddGrowth(m, {"Add two", "Mul bs", "Div as"}, 5000);
     },
     kUnknown},
    {"x = min(max(x, b) + a, 3*b)",
     [](onnx::ModelProto* m) {
       AddGrowth(m, {"Max bs", "Add as", "Min three", "Add as"}, 5000);
     },
     kUnknown},
    {"x = mod(x, 3)*x + b",
     [](onnx::ModelProto* m) {
       AddGrowth(m, {"Mod three", "Mul .", "Add bs"}, 5000);
     },
     kUnknown},
    {"products of 22 symbols with each other",
     [](onnx::ModelProto* m) {
       std::vector<std::string> symbols;
       for (int i = 0; i < 22; ++i) symbols.push_back(At("s", i));
       AddSymbolicInput(m->mutable_graph(), "x", symbols);
       AddNode(m->mutable_graph(), "Shape", {"x"}, {"s"});
       AddNode(m->mutable_graph(), "ReduceSum", {"s"}, {"t"});
       for (int i = 0; i < 500; ++i) AddIntegers(m->mutable_graph(), At("c", i), {i});
       for (int i = 0; i < 9000; ++i) {
         AddNode(m->mutable_graph(), "Mul", {"t", "t"}, {At("u", i)});
         AddNode(m->mutable_graph(), "Add", {At("u", i), At("c", i % 500)}, {At("v", i)});
         AddNode(m->mutable_graph(), "Div", {At("v", i), "t"}, {At("w", i)});
       }
     },
     kTooLarge},
    {"declared powers of sums",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 8000; ++i) {
         const std::string size = absl::StrCat("(a+b+c+d", i, ")^5*(e+f+g)^2");
         AddSymbolicInput(m->mutable_graph(), At("i", i), {size});
         AddNode(m->mutable_graph(), "Relu", {At("i", i)}, {At("r", i)});
       }
     },
     kTooLarge},
    {"an expression of 4000 letters in 20,000 rows",
     [](onnx::ModelProto* m) {
       std::string sum = "a";
       for (int i = 0; sum.size() < 3900; ++i) absl::StrAppend(&sum, "+s", i, "*t", i);
       AddSymbolicInput(m->mutable_graph(), "x", {sum});
       for (int i = 0; i < 20'000; ++i) AddNode(m->mutable_graph(), "Relu", {"x"}, {At("r", i)});
     },
     kTooLarge},
    {"60,000 symbols",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 1000; ++i) {
         std::vector<std::string> symbols;
         for (int axis = 0; axis < 60; ++axis) symbols.push_back(At("s", 60 * i + axis));
         AddSymbolicInput(m->mutable_graph(), At("i", i), symbols);
         AddNode(m->mutable_graph(), "Relu", {At("i", i)}, {At("r", i)});
       }
     },
     kTooLarge},
};

TEST_CASE("hostile models: expressions and facts are bounded") { CheckHostile(kAlgebra); }

// With sizes of 1, which open ones are unless formulas are asked for, there is nothing to say.
const HostileModel kFormulas[] = {
    {"x = x*b + a",
     [](onnx::ModelProto* m) {
       AddGrowth(m, {"Mul bs", "Add as"}, 8000);
     },
     kUnknown},
    {"sums of 500 symbols",
     [](onnx::ModelProto* m) {
       Names all;
       for (int i = 0; i < 500; ++i) {
         all.push_back(At("i", i));
         AddSymbolicInput(m->mutable_graph(), all.back(), {At("s", i)});
       }
       AddInt(AddNode(m->mutable_graph(), "Concat", all, {"all"}), "axis", 0);
       for (int i = 0; i < 10'000; ++i) {
         AddInt(AddNode(m->mutable_graph(), "Concat", {"all", At("i", i % 500)}, {At("c", i)}),
                "axis", 0);
         if (i > 0) AddNode(m->mutable_graph(), "Add", {At("c", i), At("c", i - 1)}, {At("d", i)});
       }
     },
     kTooLarge},
    {"10,000 equalities",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 10'000; ++i) {
         AddSymbolicInput(m->mutable_graph(), At("i", i), {At("s", i)});
         if (i > 0) AddNode(m->mutable_graph(), "Add", {At("i", i - 1), At("i", i)}, {At("a", i)});
       }
     },
     "more than can be listed"},
};

TEST_CASE("hostile models: expressions and facts of open sizes are bounded") {
  for (const HostileModel& hostile : kFormulas) {
    CAPTURE(hostile.name);
    CHECK(absl::StrContains(OutputOf(hostile, "--no-fold --formula"), hostile.says));
    CHECK(absl::EndsWith(OutputOf(hostile, "--format json"), "}\n"));
  }
}

// Every dim, attribute and operand is at an end of its type.
void AddExtremes(onnx::ModelProto* model) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  constexpr int64_t kNumbers[] = {
      kMost, -kMost - 1, int64_t{1} << 62, int64_t{1} << 61, -1, 0, 1, int64_t{1} << 32, 3};
  constexpr const char* kOps[] = {
      "Conv",         "ConvTranspose", "MaxPool",   "AveragePool", "MatMul", "Gemm",
      "Concat",       "Reshape",       "Resize",    "Pad",         "Slice",  "Tile",
      "Expand",       "OneHot",        "Split",     "Flatten",     "Range",  "DepthToSpace",
      "SpaceToDepth", "LpPool",        "LSTM",      "Unsqueeze",   "TopK",   "STFT",
      "ReduceSum",    "Upsample",      "MaxUnpool", "EyeLike"};
  constexpr const char* kAttributes[] = {
      "kernel_shape", "strides", "pads",         "dilations",   "group",     "axis", "axes",
      "blocksize",    "perm",    "output_shape", "hidden_size", "ceil_mode", "k",    "to"};
  onnx::GraphProto* const graph = model->mutable_graph();
  uint32_t state = 1;
  const auto next = [&state](size_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % below;
  };
  const auto number = [&] { return kNumbers[next(std::size(kNumbers))]; };
  for (int i = 0; i < 40; ++i) {
    std::vector<int64_t> dims;
    while (dims.size() < 1 + next(5)) dims.push_back(number());
    AddInput(graph, At("i", i), dims);
    AddIntegers(graph, At("t", i), {number(), number(), number(), number()});
  }
  onnx::TensorProto* const floats = AddWeight(graph, "t40", {4});
  for (const float value : {NAN, INFINITY, -1e38f, 1e-40f}) floats->add_float_data(value);
  for (int i = 0; i < 4000; ++i) {
    Names inputs;
    while (inputs.size() < 1 + next(4)) {
      inputs.push_back(next(2) == 0 ? At("i", next(40)) : At("t", next(41)));
    }
    onnx::NodeProto* const node = AddNode(graph, kOps[next(std::size(kOps))], inputs, {At("o", i)});
    for (const char* name : kAttributes) {
      if (next(4) == 0) AddInts(node, name, {number(), number()});
      if (next(4) == 0) AddInt(node, name, number());
    }
  }
}

const HostileModel kNumbers[] = {
    {"numbers at the ends of their types", AddExtremes, "Conv"},
    {"half an element",
     [](onnx::ModelProto* m) {
       AddWeight(m->mutable_graph(), "n", {1})->add_float_data(0.5f);
       AddNode(m->mutable_graph(), "ConstantOfShape", {"n"}, {"y"});
       AddNode(m->mutable_graph(), "Relu", {"y"}, {"z"});
     },
     "the shape of 'y' is not known"},
};

TEST_CASE("hostile models: numbers") { CheckHostile(kNumbers); }

}  // namespace
}  // namespace onnx_macs::testing
