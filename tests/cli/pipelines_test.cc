// What one image costs, against figures put together by hand from PyTorch's counts: each stage's
// MACs times its calls, in GMACs to the digit that is printed.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/file_analysis.h"
#include "cli/number_format.h"
#include "rules/rules.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;

const fs::path kTestdata = fs::path(ONNX_MACS_SOURCE_DIR) / "testdata";

// Folders of whole pipelines, put together from what testdata/deployments.tar.xz says of them.
class Layouts {
 public:
  Layouts() {
    folder_.Unpack(kTestdata / "deployments.tar.xz");
    pipelines_.Unpack(kTestdata / "pipelines.tar.xz");
    const fs::path list = folder_.path() / "layouts" / "models.json";
    models_ = nlohmann::json::parse(ReadWholeFile(list.string()));
  }

  // Linked, not copied: nothing is written to them.
  std::string Folder(const std::string& name) const {
    const fs::path root = folder_.path() / "layouts" / name;
    for (const auto& [place, source] : models_.at(name).items()) {
      const fs::path from = SourceOf(source.get<std::string>());
      REQUIRE(fs::exists(from));
      fs::remove(root / place);
      fs::create_symlink(from, root / place);
    }
    return root.string();
  }

 private:
  fs::path SourceOf(const std::string& source) const {
    const std::pair<std::string, std::string> split =
        absl::StrSplit(source, absl::MaxSplits('/', 1));
    if (split.first == "deployments.tar.xz") return folder_.path() / split.second;
    if (split.first == "pipelines.tar.xz") return pipelines_.path() / split.second;
    return kTestdata / source;
  }

  testing::ScratchFolder folder_, pipelines_;
  nlohmann::json models_;
};

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
  REQUIRE(run.pipeline);
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
      // 2 * 558.493 + 20 * 2 * 617.9930 + 1257.2595
      {{"pixart_alpha", 512, 20, ""}, "27,094.0", 20},
  };
  for (const Row& row : rows) {
    CAPTURE(row.request.folder, row.request.res, row.request.scheduler);
    const RunAnalyses run = Run({layouts.Folder(row.request.folder)}, row.request);
    CHECK(GigaMacs(run.pipeline->figures) == row.giga_macs);
    CHECK(run.pipeline->evals == row.evals);
    CHECK(run.pipeline->kind == "diffusion");
    CHECK_FALSE(run.pipeline->is_lower_bound);
  }
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
  const PipelineReport &a = *forwards.pipeline, &b = *backwards.pipeline;
  REQUIRE(a.stages.size() == b.stages.size());
  for (size_t i = 0; i < a.stages.size(); ++i) {
    CHECK(a.stages[i].file == b.stages[i].file);
    CHECK(a.stages[i].title == b.stages[i].title);
    CHECK(a.stages[i].figures.macs.value() == b.stages[i].figures.macs.value());
  }
  CHECK(a.figures.macs.value() == b.figures.macs.value());
}

}  // namespace onnx_macs
