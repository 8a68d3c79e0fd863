// Analyses a model of one MatMul through the installed package: 2x3 times 3x4 is 24 MACs.
#include <cstdio>
#include <string>

#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "rules/rules.h"

namespace {

// A length-delimited protobuf field; every one here is shorter than 128 bytes.
std::string Field(int number, const std::string& bytes) {
  const char header[] = {static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())};
  return std::string(header, 2) + bytes;
}

// A varint field whose value is below 128.
std::string Varint(int number, int value) {
  const char bytes[] = {static_cast<char>(number << 3), static_cast<char>(value)};
  return std::string(bytes, 2);
}

std::string FloatMatrix(const std::string& name, int rows, int columns) {
  const std::string shape = Field(1, Varint(1, rows)) + Field(1, Varint(1, columns));
  return Field(1, name) + Field(2, Field(1, Varint(1, 1) + Field(2, shape)));
}

std::string MatMulModel() {
  const std::string node = Field(1, "a") + Field(1, "b") + Field(2, "y") + Field(4, "MatMul");
  const std::string graph = Field(1, node) + Field(2, "g") + Field(11, FloatMatrix("a", 2, 3)) +
                            Field(11, FloatMatrix("b", 3, 4)) + Field(12, FloatMatrix("y", 2, 4));
  return Varint(1, 8) + Field(7, graph) + Field(8, Varint(2, 17));
}

int Fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  return 1;
}

}  // namespace

int main() {
  auto model = onnx_macs::LoadModelFromBytes(MatMulModel());
  if (!model.ok()) return Fail(model.status().ToString());
  const auto result = onnx_macs::Analyze(**model, onnx_macs::BuiltinRules(), {});
  if (!result.ok()) return Fail(result.status().ToString());
  if (result->report.figures.macs.value() != 24) return Fail("the MatMul does not cost 24 MACs");
  return 0;
}
