// Counting an operator that onnx-macs does not know, from a program: once by a row in C++, once by
// a file of rules.
//
//   custom_operator MODEL.onnx RULES.json
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"
#include "rules/user/user_rules.h"

namespace {

using onnx_macs::Cost;
using onnx_macs::Count;
using onnx_macs::OpContext;
using onnx_macs::OpRule;

// (batch, tokens) becomes (batch, tokens, 2).
absl::Status InferBkCore(OpContext& ctx) {
  const onnx_macs::Shape v = ctx.InputShape(0);
  if (v.rank() != 2) return absl::InvalidArgumentError("the potential has not two dims");
  ctx.SetOutput(0, ctx.InputType(0), {v[0], v[1], 2});
  return absl::OkStatus();
}

Cost CountBkCore(const OpContext& ctx) { return {.ops = ctx.NumInputElements(0) * Count(34)}; }

Cost CountBkCoreBackward(const OpContext& ctx) {
  return {.ops = ctx.NumInputElements(0) * Count(26)};
}

const OpRule kRows[] = {{.op_type = "BKCore",
                         .domain = "bk",
                         .since_version = 1,
                         .infer = InferBkCore,
                         .cost = CountBkCore,
                         .counting = "34 per token",
                         .backward = {.cost = CountBkCoreBackward}}};

int Fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  return 1;
}

// The FLOPs of 32 sequences of 128 tokens; what is not counted is said.
int Print(const char* title, const onnx_macs::Model& model, const onnx_macs::RuleSet& rules) {
  onnx_macs::AnalyzeOptions options;
  options.bind.batch = 32;
  options.bind.seq = 128;
  const auto result = onnx_macs::Analyze(model, rules, options);
  if (!result.ok()) return Fail(result.status().ToString());
  const onnx_macs::ModelReport& report = result->report;
  std::printf("%s: %lld FLOPs, %zu nodes not counted\n", title,
              static_cast<long long>(report.figures.flops.value()), report.gaps.size());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return Fail("usage: custom_operator MODEL.onnx RULES.json");
  const auto model = onnx_macs::LoadModel(argv[1]);
  if (!model.ok()) return Fail(model.status().ToString());

  onnx_macs::RuleSet with_row = onnx_macs::BuiltinRules();
  with_row.Add(kRows);
  if (Print("a row in C++", **model, with_row) != 0) return 1;

  std::ifstream file(argv[2]);
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  // What was read must outlive the rules that it is laid over.
  const auto read = onnx_macs::UserRules::FromJson(argv[2], json);
  if (!read.ok()) return Fail(std::string(argv[2]) + ":" + std::string(read.status().message()));
  onnx_macs::RuleSet with_file = onnx_macs::BuiltinRules();
  if (const absl::Status added = read->AddTo(&with_file); !added.ok()) {
    return Fail(std::string(added.message()));
  }
  return Print("a file of rules", **model, with_file);
}
