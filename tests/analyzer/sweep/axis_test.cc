// Ranges of a sweep, and the grid they make.
#include "analyzer/sweep/axis.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

std::string Values(absl::string_view text) {
  const auto axis = ParseAxis(text);
  if (!axis.ok()) return std::string(axis.status().message());
  std::vector<std::string> values;
  for (const AxisValue value : axis->values) values.push_back(ToString(*axis, value));
  return absl::StrJoin(values, " ");
}

TEST_CASE("ranges of a sweep") {
  const std::pair<const char*, const char*> rows[] = {
      {"batch=1,2,4,8", "1 2 4 8"},
      {"res=256:1024:128", "256 384 512 640 768 896 1024"},
      {"res=256:1023:128", "256 384 512 640 768 896"},
      {"seq=1:64:x2", "1 2 4 8 16 32 64"},
      {"seq=3:100:x3", "3 9 27 81"},
      {"res=512,512x768", "512 512x768"},
      {"some_dim=7", "7"},
      {"x=1:1:1", "1"},
      {"seq=9223372036854775806:9223372036854775807:2", "9223372036854775806"},
  };
  for (const auto& [text, values] : rows) CHECK(Values(text) == values);
}

TEST_CASE("ranges that are none are refused") {
  const std::pair<const char*, const char*> rows[] = {
      {"batch", "'batch' is not NAME=RANGE"},
      {"=1", "'=1' is not NAME=RANGE"},
      {"batch=", "'batch=' is not NAME=RANGE"},
      {"batch=0", "'0' is less than 1"},
      {"batch=1,x", "'x' is not a whole number"},
      {"batch=1:2", "'1:2' is not FIRST:LAST:STEP"},
      {"batch=4:2:1", "'4:2:1' ends before it begins"},
      {"batch=1:8:x1", "'1:8:x1' never ends: multiply by 2 or more"},
      {"batch=1099511627776,1099511627777", "'1099511627777' is more than 1099511627776"},
      {"steps=1,1099511627777", "'1099511627777' is more than 1099511627776"},
      {"steps=1:9223372036854775807:x2", "'9223372036854775807' is more than 1099511627776"},
      {"batch=1:8:0", "'0' is less than 1"},
      {"batch=512x768", "'512x768' is not a whole number"},
      {"res=512x", "'' is not a whole number"},
      {"batch=1:9000000:1", "'1:9000000:1' has too many values"},
  };
  for (const auto& [text, message] : rows) CHECK(Values(text) == message);
}

TEST_CASE("the last axis varies fastest") {
  const std::vector<SweepAxis> axes = {*ParseAxis("res=256,512"), *ParseAxis("batch=1,2,4")};
  REQUIRE(*CountPoints(axes) == 6);
  std::vector<std::string> points;
  for (size_t i = 0; i < 6; ++i) {
    const std::vector<AxisValue> point = PointAt(axes, i);
    points.push_back(ToString(axes[0], point[0]) + "/" + ToString(axes[1], point[1]));
  }
  CHECK(absl::StrJoin(points, " ") == "256/1 256/2 256/4 512/1 512/2 512/4");
}

TEST_CASE("a grid is bounded, and no axis is named twice") {
  const SweepAxis axis = *ParseAxis("a=1:2000:1"), other = *ParseAxis("b=1:2000:1");
  CHECK(CountPoints({axis}).ok());
  CHECK(CountPoints({axis, other}).status().message() == "the grid has more than 100000 points");
  CHECK(CountPoints({axis, axis}).status().message() == "a is named twice");
}

}  // namespace
}  // namespace onnx_macs
