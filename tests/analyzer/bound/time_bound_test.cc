// Bounds on time, worked out by hand for round devices.
#include "analyzer/bound/time_bound.h"

#include <set>
#include <string>

#include "analyzer/report.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

constexpr double kEpsilon = 1e-12;  // rounding of doubles, nothing else

bool Near(double a, double b) { return a > b * (1 - kEpsilon) && a < b * (1 + kEpsilon); }

// 1000 FLOPs of float32 and 10 bytes a second.
Device RoundDevice() {
  Device device;
  device.bytes_per_second = 10;
  device.memory_bytes = 100;
  device.rates = {{DataType::kFloat, 1000}, {DataType::kFloat16, 4000}};
  return device;
}

NodeRow Node(const char* path, int64_t flops, int64_t bytes, DataType type = DataType::kFloat) {
  NodeRow node;
  node.path = path;
  node.flops = Amount::Integer(flops);
  node.traffic_bytes = Amount::Integer(bytes);
  node.operand_type = type;
  return node;
}

ModelReport Report() {
  ModelReport report;
  for (const char* path : {"", "a", "a.b", "c"}) {
    ComponentRow row;
    row.path = path;
    report.components.push_back(row);
  }
  report.nodes = {Node("a.b", 8000, 10),                   // 8 s to compute, 1 s to move
                  Node("a", 1000, 30),                     // 1 and 3
                  Node("c", 8000, 5, DataType::kFloat16),  // 2 and 0.5
                  Node("c", 0, 40)};                       // 0 and 4
  return report;
}

TEST_CASE("a node takes the longer of computing and moving, a component what its nodes take") {
  const TimeBound bound = BoundOf(Report(), RoundDevice());
  CHECK(Near(bound.whole.seconds, 8 + 3 + 2 + 4));
  CHECK(Near(bound.whole.compute_seconds, 8 + 1 + 2));
  CHECK(Near(bound.whole.memory_seconds, 1 + 3 + 0.5 + 4));
  CHECK(Near(bound.whole.compute_bound_seconds, 8 + 2));
  REQUIRE(bound.components.size() == 4);
  CHECK(Near(bound.components[0].times.seconds, 17));
  CHECK(Near(bound.components[1].times.seconds, 11));
  CHECK(Near(bound.components[2].times.seconds, 8));
  CHECK(Near(bound.components[3].times.seconds, 6));
  CHECK(bound.unknown_nodes == 0);
}

TEST_CASE("what has no number is left out and counted") {
  ModelReport report = Report();
  report.nodes[0].flops = Amount::Unknown();
  report.nodes[1].traffic_bytes = Amount::Formula("8*n", 8);
  const TimeBound bound = BoundOf(report, RoundDevice());
  CHECK(bound.unknown_nodes == 2);
  CHECK(Near(bound.whole.seconds, 6));
}

TEST_CASE("types without units of their own count as what would do them") {
  const Device device = RoundDevice();
  CHECK(device.FlopsOf(DataType::kFloat) == 1000);
  CHECK(device.FlopsOf(DataType::kBfloat16) == 4000);    // float16's
  CHECK(device.FlopsOf(DataType::kFloat8E5M2) == 4000);  // float8's, float16's
  CHECK(device.FlopsOf(DataType::kInt64) == 4000);       // not known: the fastest
  Device old = device;
  old.rates = {{DataType::kFloat, 1000}};
  CHECK(old.FlopsOf(DataType::kFloat16) == 1000);
}

TEST_CASE("the recommended batch is where throughput ends to grow, or memory ends") {
  const auto row = [](int64_t batch, double seconds, bool fits = true) {
    return BatchBound{.batch = batch, .seconds = seconds, .fits = fits};
  };
  // 1, 1.9, 2.0 (5.3 % more), 2.05 a second.
  CHECK(RecommendBatch({row(1, 1), row(2, 2 / 1.9), row(4, 2), row(8, 8 / 2.05)}) == 4);
  CHECK(RecommendBatch({row(1, 1), row(2, 1), row(4, 1, false)}) == 2);
  CHECK(RecommendBatch({row(1, 1, false)}) == 0);
  CHECK(RecommendBatch({}) == 0);
}

TEST_CASE("the table of devices is plausible") {
  std::set<std::string> names;
  for (const Device& device : KnownDevices()) {
    CAPTURE(device.name);
    CHECK(names.insert(device.name).second);
    CHECK(device.bytes_per_second > 1e9);
    CHECK(device.memory_bytes > 1e9);
    CHECK_FALSE(device.source.empty());
    CHECK(device.FlopsOf(DataType::kFloat16) >= device.FlopsOf(DataType::kFloat));
    for (const char c : device.name) CHECK((std::islower(c) || std::isdigit(c) || c == '-'));
  }
  REQUIRE(FindDevice("h100") != nullptr);
  CHECK(FindDevice("h100")->FlopsOf(DataType::kFloat16) == 989.4e12);
  CHECK(FindDevice("h100")->bytes_per_second == 3350e9);
  CHECK(FindDevice("H100") == nullptr);
}

TEST_CASE("devices from files, and what is wrong with them") {
  const auto device = ParseDevice(
      R"({"name": "mine", "gigabytes_per_second": 900, "gigabytes": 24, "teraflops": {"float32": 35}})");
  REQUIRE(device.ok());
  CHECK(device->name == "mine");
  CHECK(device->bytes_per_second == 900e9);
  CHECK(device->FlopsOf(DataType::kFloat) == 35e12);
  const std::pair<const char*, const char*> rows[] = {
      {"", "this is no JSON object"},
      {"[1]", "this is no JSON object"},
      {R"({"teraflops": {"float32": 1}})", "there is no \"gigabytes_per_second\""},
      {R"({"gigabytes_per_second": "x"})", "\"gigabytes_per_second\" is no positive number"},
      {R"({"gigabytes_per_second": 0})", "\"gigabytes_per_second\" is no positive number"},
      {R"({"gigabytes_per_second": 1, "gigabytes": -1})", "\"gigabytes\" is no positive number"},
      {R"({"gigabytes_per_second": 1})", "there is no object \"teraflops\""},
      {R"({"gigabytes_per_second": 1, "teraflops": {}})", "\"teraflops\" is empty"},
      {R"({"gigabytes_per_second": 1, "teraflops": {"fp32": 1}})",
       "\"teraflops\" has no type \"fp32\""},
      {R"({"gigabytes_per_second": 1, "teraflops": {"int8": 1e400}})", "this is no JSON object"},
  };
  for (const auto& [json, message] : rows) {
    CAPTURE(json);
    const auto bad = ParseDevice(json);
    REQUIRE_FALSE(bad.ok());
    CHECK(std::string(bad.status().message()).find(message) == 0);
  }
}

}  // namespace
}  // namespace onnx_macs
