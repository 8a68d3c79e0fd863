// Options that bound nothing. What the messages look like is held by tests/golden.
#include "cli/usage.h"

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

BindingUse Use(std::vector<std::string> dims, std::vector<std::string> inputs) {
  BindingUse use;
  use.known_dims = std::move(dims);
  use.known_inputs = std::move(inputs);
  return use;
}

std::string Message(const BindOptions& options, const std::vector<BindingUse>& uses) {
  return std::string(CheckBindings(options, uses).message());
}

TEST_CASE("binding in one file is enough") {
  BindOptions options;
  options.dims = {{"h", "64"}};
  options.batch = 2;
  BindingUse first = Use({"h", "w"}, {"x"}), second = Use({"n"}, {"y"});
  first.dims = {false};
  second.dims = {true};
  first.batch = true;
  CHECK(CheckBindings(options, {first, second}).ok());
  second.dims = {false};
  CHECK(Message(options, {first, second}) ==
        "--dim: there is no dim 'h'; did you mean h? (dims: h, w, n); example: --dim h=64");
}

TEST_CASE("where no file could be analysed, nothing is said about options") {
  BindOptions options;
  options.seq = 77;
  CHECK(CheckBindings(options, {}).ok());
}

TEST_CASE("a model without names or inputs still gets an answer") {
  BindOptions options;
  options.dims = {{"h", "64"}};
  CHECK(Message(options, {Use({}, {})}) ==
        "--dim: there is no dim 'h', for none has a name; leave it out");
  options = {};
  options.inputs = {{"x", {"1", "3"}}};
  CHECK(Message(options, {Use({}, {})}) ==
        "--input: there is no input 'x', nor any other; leave it out");
  options = {};
  options.res = {512, 512};
  CHECK(Message(options, {Use({}, {})}) ==
        "--res binds nothing: there is no input of rank 4 whose last two sizes are open; leave it "
        "out");
}

TEST_CASE("lengths are for loops of open length in any of the files") {
  ControlFlowOptions options;
  options.loop_trips = 3;
  BindingUse closed, open;
  open.open_loops = {"decode"};
  CHECK(CheckLoopTrips(options, {}).ok());
  CHECK(CheckLoopTrips(options, {closed, open}).ok());
  CHECK(std::string(CheckLoopTrips(options, {closed}).message()) ==
        "--loop-trips binds nothing: there is no loop of open length; leave it out");
  options = {};
  options.node_loop_trips = {{"decode", 5}};
  CHECK(CheckLoopTrips(options, {closed, open}).ok());
  options.node_loop_trips = {{"decod", 5}};
  CHECK(std::string(CheckLoopTrips(options, {closed, open}).message()) ==
        "--loop-trips: there is no open loop 'decod'; did you mean decode? (open loops: decode); "
        "example: --loop-trips decode=5");
  CHECK(CheckLoopTrips({}, {closed}).ok());
}

TEST_CASE("long lists of names are cut") {
  std::vector<std::string> dims;
  for (int i = 10; i < 40; ++i) dims.push_back("dim" + std::to_string(i));
  BindOptions options;
  options.dims = {{"zzz", "1"}};
  const std::string message = Message(options, {Use(dims, {})});
  CHECK(message.find("dim21, ...") != std::string::npos);
  CHECK(message.find("dim22") == std::string::npos);
}

}  // namespace
}  // namespace onnx_macs
