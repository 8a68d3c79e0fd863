// Attacks by graphs: functions and subgraphs that multiply, loops in loops, very many nodes, inputs
// and outputs, and chains that recognition and the simulation of memory have to walk.
#include "tests/cli/hostile_models.h"
#include "tests/cli/hostile_output.h"

namespace onnx_macs::testing {
namespace {

constexpr char kExpands[] = "functions and subgraphs expand to more than";

// f0 .. fn, each of which calls the one before twice.
void AddDoubling(onnx::ModelProto* model, int levels, const std::string& op,
                 const std::string& call_name, const std::string& name) {
  for (int i = 0; i <= levels; ++i) {
    onnx::FunctionProto* const function = AddFunction(model, At("f", i));
    if (i == 0) {
      AddNode(function, op, "x", "y")->set_name(name);
      continue;
    }
    AddNode(function, At("f", i - 1), "x", "t")->set_name(call_name);
    AddNode(function, At("f", i - 1), "t", "y")->set_name(call_name);
  }
  AddInput(model->mutable_graph(), "x");
  AddCall(model->mutable_graph(), At("f", levels), "y");
}

// If in If: `levels` deep, both branches alike.
void FillIf(onnx::GraphProto* graph, int levels) {
  graph->set_name("g");
  if (levels == 0) {
    AddNode(graph, "Relu", {"x"}, {"y"});
  } else {
    onnx::NodeProto* const node = AddNode(graph, "If", {"c"}, {"y"});
    for (const char* branch : {"then_branch", "else_branch"}) {
      FillIf(AddGraphAttribute(node, branch)->mutable_g(), branch[0] == 't' ? levels - 1 : 0);
    }
  }
  graph->add_output()->set_name("y");
}

// Loop in Loop, each of 64 rounds in which the innermost value grows.
void FillLoop(onnx::GraphProto* graph, int levels) {
  graph->set_name("g");
  for (const char* input : {"i", "d", "v"}) graph->add_input()->set_name(input);
  AddNode(graph, "Identity", {"d"}, {"e"});
  if (levels == 0) {
    AddInt(AddNode(graph, "Concat", {"v", "v"}, {"w"}), "axis", 0);
  } else {
    FillLoop(AddGraphAttribute(AddNode(graph, "Loop", {"n", "", "v"}, {"w"}), "body")->mutable_g(),
             levels - 1);
  }
  for (const char* output : {"e", "w"}) graph->add_output()->set_name(output);
}

void AddLoops(onnx::ModelProto* model, int levels) {
  onnx::GraphProto* const graph = model->mutable_graph();
  AddInput(graph, "x");
  AddIntegers(graph, "n", {64}, /*is_scalar=*/true);
  FillLoop(AddGraphAttribute(AddNode(graph, "Loop", {"n", "", "x"}, {"y"}), "body")->mutable_g(),
           levels);
}

// `op` after `op`.
void AddChain(onnx::ModelProto* model, const std::string& op, int nodes) {
  onnx::GraphProto* const graph = model->mutable_graph();
  AddInput(graph, "x", {4, 4});
  for (int i = 0; i < nodes; ++i) AddNode(graph, op, {i == 0 ? "x" : At("", i - 1)}, {At("", i)});
}

const HostileModel kExpanding[] = {
    {"a function that calls one twice that calls one twice, 40 deep",
     [](onnx::ModelProto* m) { AddDoubling(m, 40, "Relu", "", ""); }, kExpands},
    {"16 deep, of an operator that nobody knows",
     [](onnx::ModelProto* m) { AddDoubling(m, 16, "Q", "", ""); }, kExpands},
    {"13 deep, with long names of calls",
     [](onnx::ModelProto* m) { AddDoubling(m, 13, "Relu", std::string(20'000, 'n'), ""); },
     kExpands},
    {"12 deep, with a node whose name is long",
     [](onnx::ModelProto* m) { AddDoubling(m, 12, "Relu", "", std::string(100'000, 'n')); },
     kExpands},
    {"functions that call each other",
     [](onnx::ModelProto* m) {
       for (const auto& [name, other] : {std::pair("fa", "fb"), std::pair("fb", "fa")}) {
         onnx::FunctionProto* const function = AddFunction(m, name);
         AddNode(function, other, "x", "y");
         AddNode(function, other, "x", "z");
       }
       AddInput(m->mutable_graph(), "x");
       AddCall(m->mutable_graph(), "fa", "y");
     },
     "calls itself"},
    {"a chain of 200 functions",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 200; ++i) AddNode(AddFunction(m, At("f", i)), At("f", i + 1), "x", "y");
       AddNode(AddFunction(m, "f200"), "Relu", "x", "y");
       AddInput(m->mutable_graph(), "x");
       AddCall(m->mutable_graph(), "f0", "y");
     },
     "nested more than 100 deep"},
    {"calls of a function with 60,000 inputs",
     [](onnx::ModelProto* m) {
       onnx::FunctionProto* const function = AddFunction(m, "f");
       for (int i = 0; i < 60'000; ++i) function->add_input(At("i", i));
       AddNode(function, "Relu", "x", "y");
       function->mutable_node(0)->clear_domain();
       AddInput(m->mutable_graph(), "x");
       for (int i = 0; i < 15'000; ++i) AddCall(m->mutable_graph(), "f", At("o", i));
     },
     kExpands},
    {"calls of a function with 30,000 defaults of attributes",
     [](onnx::ModelProto* m) {
       onnx::FunctionProto* const function = AddFunction(m, "f");
       for (int i = 0; i < 30'000; ++i) {
         onnx::AttributeProto attribute;
         attribute.set_name(At("a", i));
         attribute.set_type(onnx::AttributeProto::INT);
         AddUnknown(function, /*attribute_proto=*/11, attribute);
       }
       AddNode(function, "Relu", "x", "y");
       AddInput(m->mutable_graph(), "x");
       for (int i = 0; i < 10'000; ++i) {
         AddInt(AddCall(m->mutable_graph(), "f", At("o", i)), "a0", 1);
       }
     },
     kExpands},
    {"functions each of which imports its own operator sets",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 90; ++i) {
         onnx::FunctionProto* const function = AddFunction(m, At("f", i));
         function->mutable_opset_import(0)->set_version(i);
         AddNode(function, At("f", i + 1), "x", "y");
       }
       AddInput(m->mutable_graph(), "x");
       AddCall(m->mutable_graph(), "f0", "y");
       for (int i = 0; i < 60'000; ++i) AddNode(m->mutable_graph(), At("", i), {}, {});
     },
     kExpands},
    {"40,000 operator sets",
     [](onnx::ModelProto* m) {
       AddChain(m, "Relu", 1);
       for (int i = 0; i < 40'000; ++i) m->add_opset_import()->set_domain(At("d", i));
     },
     "imports more than 256 operator sets"},
    {"If in If, 60 deep",
     [](onnx::ModelProto* m) {
       FillIf(m->mutable_graph(), 60);
       AddInput(m->mutable_graph(), "x");
       AddInput(m->mutable_graph(), "c", {});
     },
     "121"},
    {"If in If, 65 deep",
     [](onnx::ModelProto* m) {
       FillIf(m->mutable_graph(), 65);
       AddInput(m->mutable_graph(), "x");
       AddInput(m->mutable_graph(), "c", {});
     },
     "its graphs lie more than 64 deep in one another"},
    {"Loop in Loop, 60 deep", [](onnx::ModelProto* m) { AddLoops(m, 60); }, kExpands},
};

TEST_CASE("hostile models: what graphs expand to is bounded") { CheckHostile(kExpanding); }

// One round stands for all where there are too many to walk: what grows in them is not known.
TEST_CASE("hostile models: rounds of loops are bounded") {
  const HostileModel loops = {"Loop in Loop, 3 deep", [](onnx::ModelProto* m) { AddLoops(m, 3); },
                              "Loop"};
  CheckHostile({&loops, 1});
  CHECK(absl::StrContains(OutputOf(loops, ""), "9 activations are of unknown size"));
}

const HostileModel kWide[] = {
    {"40,000 nodes, one after another", [](onnx::ModelProto* m) { AddChain(m, "Relu", 40'000); },
     "40000"},
    {"100,000 nodes of ten bytes that nobody knows",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 100'000; ++i) AddNode(m->mutable_graph(), "Qqqqqq", {}, {});
     },
     "no rule for"},
    {"180,000 nodes of five bytes",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 180'000; ++i) AddNode(m->mutable_graph(), "Q", {}, {});
     },
     "no rule for"},
    {"100,000 nodes of ten bytes that are counted",
     [](onnx::ModelProto* m) {
       AddSymbolicInput(m->mutable_graph(), "x", {"a", "b"});
       for (int i = 0; i < 100'000; ++i) AddNode(m->mutable_graph(), "Abs", {"x"}, {});
     },
     "Abs"},
    {"50,000 operators",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 50'000; ++i) AddNode(m->mutable_graph(), At("", i), {}, {});
     },
     "no rule for"},
    {"one node that reads a value 300,000 times",
     [](onnx::ModelProto* m) {
       AddSymbolicInput(m->mutable_graph(), "x", {"a", "b"});
       onnx::NodeProto* const node = AddNode(m->mutable_graph(), "Concat", {}, {"y"});
       AddInt(node, "axis", 0);
       for (int i = 0; i < 300'000; ++i) node->add_input("x");
     },
     "a size of the output is too large"},
    {"one node with 120,000 outputs",
     [](onnx::ModelProto* m) {
       AddSymbolicInput(m->mutable_graph(), "x", {"a", "b"});
       onnx::NodeProto* const node = AddNode(m->mutable_graph(), "Split", {"x"}, {});
       for (int i = 0; i < 120'000; ++i) node->add_output(At("", i));
     },
     "a divisible by 120000"},
    {"50,000 initializers",
     [](onnx::ModelProto* m) {
       AddChain(m, "Relu", 1);
       for (int i = 0; i < 50'000; ++i) AddWeight(m->mutable_graph(), At("w", i), {3});
     },
     "Relu"},
    {"20,000 inputs with symbols",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 20'000; ++i) {
         AddSymbolicInput(m->mutable_graph(), At("i", i), {At("s", i)});
       }
     },
     "sizes are formulas too large to be worked out"},
    {"25,000 values alive at once",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       Names all;
       for (int i = 0; i < 25'000; ++i) {
         AddNode(m->mutable_graph(), "Relu", {"x"}, {At("", i)});
         all.push_back(At("", i));
       }
       AddInt(AddNode(m->mutable_graph(), "Concat", all, {"y"}), "axis", 0);
     },
     "25001"},
    {"nodes in reverse",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       for (int i = 30'000; i-- > 0;) {
         AddNode(m->mutable_graph(), "Relu", {i == 0 ? "x" : At("", i - 1)}, {At("", i)});
       }
     },
     "were not in topological order"},
    {"paths that double at every step",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x", {4, 4});
       for (int i = 0; i < 10'000; ++i) {
         const std::string from = i == 0 ? "x" : At("c", i - 1);
         AddNode(m->mutable_graph(), "Relu", {from}, {At("a", i)});
         AddNode(m->mutable_graph(), "Sigmoid", {from}, {At("b", i)});
         AddNode(m->mutable_graph(), "Mul", {At("a", i), At("b", i)}, {At("c", i)});
       }
     },
     "30000"},
};

TEST_CASE("hostile models: many nodes, inputs, outputs and weights") { CheckHostile(kWide); }

}  // namespace
}  // namespace onnx_macs::testing
