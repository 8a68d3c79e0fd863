// What one image costs, against figures put together by hand from PyTorch's counts: each stage's
// MACs times its calls, in GMACs to the digit that is printed.
#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/file_analysis.h"
#include "cli/number_format.h"
#include "rules/rules.h"
#include "tests/cli/pipeline_layouts.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

struct Request {
  std::string folder;
  int64_t res, steps;
  std::string scheduler;  // empty: as the folder has it
};

RunAnalyses Run(const std::vector<std::string>& files, const Request& request) {
  AnalyzeOptions options;
  options.bind.res = {request.res, request.res};
  PipelineOptions pipeline;
  pipeline.steps = request.steps;
  pipeline.scheduler = request.scheduler;
  RunAnalyses run = AnalyzeFiles(ExpandArguments(files), *RulesForConvention("contractions"),
                                 options, pipeline, 0);
  for (const FileAnalysis& file : run.files) {
    INFO(file.file << file.file_error << file.usage_error);
    REQUIRE(file.result);
    for (const GapRow& gap : file.result->report.gaps) FAIL_CHECK(gap.node << ": " << gap.reason);
  }
  REQUIRE(run.pipelines.size() == 1);
  return run;
}

std::string GigaMacs(const Figures& figures) {
  REQUIRE(figures.macs.is_integer());
  return FormatIn(figures.macs.value(), 1'000'000'000, 1);
}

}  // namespace

// Text encoders + evaluations * guidance * denoiser + decoder. Where a denoiser's calls are the
// scheduler's business, the folder's scheduler decides.
TEST_CASE("whole pipelines cost what their parts do, as often as they are called") {
  struct Row {
    Request request;
    const char* giga_macs;
    int64_t evals;
  };
  const Layouts layouts;
  const std::vector<Row> rows = {
      // 2 * 6.6493 + 50 * 2 * 401.6367 + 1257.2595, and with the 51 evaluations of PNDM
      {{"sd15", 512, 50, "ddim"}, "41,434.2", 50},
      {{"sd15", 512, 50, ""}, "42,237.5", 51},
      // 6.6493 + 48.9316 + 50 * 2 * 3380.6182 + 5235.1963; at 512 55.5809 + 79,438.9 + 1257.2595
      {{"sdxl", 1024, 50, ""}, "343,352.6", 50},
      {{"sdxl", 512, 50, ""}, "80,751.8", 50},
      // 2 * (6.6498 + 48.9316 + 1198.2959) + 28 * 2 * 4452.1688 + 5236.1020
      {{"sd3", 1024, 28, ""}, "257,065.3", 28},
      // 6.6493 + 2422.362 + 28 * 37192.3267 + 5236.1020; at 512 28 * 10751.3001 and 1257.4859
      {{"flux", 1024, 28, ""}, "1,049,050.3", 28},
      {{"flux", 512, 28, ""}, "304,722.9", 28},
      // 2 * 616.8675 + 20 * 2 * 1483.3306 + 4184.3058
      {{"sana", 1024, 20, ""}, "64,751.3", 20},
      // 2 * 558.493 + 20 * 2 * 617.9930 + 1257.2595
      {{"pixart_alpha", 512, 20, ""}, "27,094.0", 20},
      // 2 * 1406.848 + 20 * 2 * 3316.7899 + 5235.1963
      {{"pixart_sigma", 1024, 20, ""}, "140,720.5", 20},
      // 1103.8066 + 25 * 2 * 1624.1754 + 17060.4828
      {{"kandinsky3", 1024, 25, ""}, "99,373.1", 25},
      // 2 * 525.194 + 30 * 2 * 11914.5617 + 5236.1020
      {{"lumina2", 1024, 30, ""}, "721,160.2", 30},
      // 6.6493 + 4 * 401.6368 + 1257.2595
      {{"lcm", 512, 4, ""}, "2,870.5", 4},
  };
  for (const Row& row : rows) {
    CAPTURE(row.request.folder, row.request.res, row.request.scheduler);
    const RunAnalyses run = Run({layouts.Folder(row.request.folder)}, row.request);
    CHECK(GigaMacs(run.pipelines[0].figures) == row.giga_macs);
    CHECK(run.pipelines[0].evals == row.evals);
    CHECK(run.pipelines[0].kind == "diffusion");
    CHECK_FALSE(run.pipelines[0].is_lower_bound);
  }
}

TEST_CASE("several folders are several pipelines") {
  const Layouts layouts;
  const std::string first = layouts.Folder("sdxl"), second = layouts.Folder("pixart_alpha");
  AnalyzeOptions options;
  options.bind.res = {512, 512};
  const RunAnalyses run = AnalyzeFiles(ExpandArguments({first, second}),
                                       *RulesForConvention("contractions"), options, {}, 0);
  REQUIRE(run.pipelines.size() == 2);
  CHECK(run.pipelines[0].folder == first);
  CHECK(GigaMacs(run.pipelines[0].figures) == "80,751.8");
  CHECK(run.pipelines[1].folder == second);
  CHECK(GigaMacs(run.pipelines[1].figures) == "27,094.0");
  CHECK(run.files.front().file.rfind(first, 0) == 0);
  CHECK(run.files.back().file.rfind(second, 0) == 0);
}

TEST_CASE("the order of files changes nothing but the order") {
  const Layouts layouts;
  const Request request{"sd15", 512, 20, ""};
  std::vector<std::string> files;
  for (const ModelFile& file : ExpandArguments({layouts.Folder("sd15")}))
    files.push_back(file.path);
  const RunAnalyses forwards = Run(files, request);
  std::reverse(files.begin(), files.end());
  const RunAnalyses backwards = Run(files, request);
  REQUIRE(forwards.files.size() == backwards.files.size());
  for (size_t i = 0; i < files.size(); ++i) {
    const ModelReport& a = forwards.files[i].result->report;
    const ModelReport& b = backwards.files[files.size() - 1 - i].result->report;
    CHECK(a.file == b.file);
    CHECK(a.role == b.role);
    CHECK(a.figures.macs.value() == b.figures.macs.value());
    CHECK(a.notes == b.notes);
  }
  const PipelineReport &a = forwards.pipelines[0], &b = backwards.pipelines[0];
  REQUIRE(a.stages.size() == b.stages.size());
  for (size_t i = 0; i < a.stages.size(); ++i) {
    CHECK(a.stages[i].file == b.stages[i].file);
    CHECK(a.stages[i].title == b.stages[i].title);
    CHECK(a.stages[i].figures.macs.value() == b.stages[i].figures.macs.value());
  }
  CHECK(a.figures.macs.value() == b.figures.macs.value());
}

}  // namespace onnx_macs
