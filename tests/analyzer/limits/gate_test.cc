// --fail-over: what it can say. Messages as a whole are held by tests/golden.
#include "analyzer/limits/gate.h"

#include <string>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

struct GateCase {
  const char* text;
  Metric metric;
  const char* component;
  bool is_relative;
  int64_t most;
};

TEST_CASE("gates name a metric, a component and a growth") {
  const GateCase cases[] = {
      {"2%", Metric::kMacs, "", true, 20000},
      {"0%", Metric::kMacs, "", true, 0},
      {"5G", Metric::kMacs, "", false, 5'000'000'000},
      {"0", Metric::kMacs, "", false, 0},
      {"macs:1.5%", Metric::kMacs, "", true, 15000},
      {"params:1M", Metric::kParams, "", false, 1'000'000},
      {"bytes:24MiB", Metric::kBytes, "", false, 25165824},
      {"bytes:24M", Metric::kBytes, "", false, 24'000'000},
      {"memory:10%", Metric::kMemory, "", true, 100000},
      {"unet.mid_block=1%", Metric::kMacs, "unet.mid_block", true, 10000},
      {"params:unet.mid_block=1%", Metric::kParams, "unet.mid_block", true, 10000},
      {"a=b=1%", Metric::kMacs, "a=b", true, 10000},
      {"onnx::Conv_1=7", Metric::kMacs, "onnx::Conv_1", false, 7},
      {"layer:0=1%", Metric::kMacs, "layer:0", true, 10000},
      {"macs:params:x=1%", Metric::kMacs, "params:x", true, 10000},
      {"2%=3%", Metric::kMacs, "2%", true, 30000},
      {"9223372036854775807", Metric::kMacs, "", false, INT64_MAX},
  };
  for (const GateCase& c : cases) {
    CAPTURE(c.text);
    const auto gate = ParseGate(c.text);
    REQUIRE(gate.ok());
    CHECK(gate->text == c.text);
    CHECK(gate->metric == c.metric);
    CHECK(gate->component == c.component);
    CHECK(gate->is_relative == c.is_relative);
    CHECK(gate->most == c.most);
  }
}

TEST_CASE("what is no gate says why") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "'' is neither a percentage nor an amount (2%, 5G)"},
      {"much", "'much' is neither a percentage nor an amount (2%, 5G)"},
      {"-2%", "'-2%' is less than 0"},
      {"-5G", "'-5G' is less than 0"},
      {"2.00001%", "'2.00001%' is finer than a ten-thousandth of a percent"},
      {"5GB",
       "'5GB' is in bytes, which a gate on MACs has none of: write bytes: or memory: before it"},
      {"5x", "'5x' is no amount (1000, 420G, 1.5M)"},
      {"bytes:5x", "'5x' is no amount of bytes (1000, 1.5G, 24GiB)"},
      {"=2%", "'=2%' names no component before '='"},
      {"params:=2%", "'params:=2%' names no component before '='"},
      {"unet=", "'' is neither a percentage nor an amount (2%, 5G)"},
      {"9223372036854775808", "'9223372036854775808' is too large"},
      {"parms:2%",
       "there is no metric 'parms'; did you mean params? (metrics: macs, params, bytes, memory)"},
      {"memory:unet=2%",
       "'memory:unet=2%' limits the memory of 'unet', but what is alive at the peak belongs to the "
       "whole model, not to a component"}};
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    CHECK(std::string(ParseGate(text).status().message()) == message);
  }
}

}  // namespace
}  // namespace onnx_macs
