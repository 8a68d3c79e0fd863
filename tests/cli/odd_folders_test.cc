// Folders as they are met: empty, in loops, unreadable, full of other things, or called like
// models.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;
using testing::TempFolder;

std::string Model() { return testing::ReluModel().SerializeAsString(); }

// The files that have a row, and the lines on standard error.
struct Listing {
  std::string files, err;
  int exit_code;
};

// Without the rights that root has over the files of others.
constexpr char kPlainUser[] = "setpriv --inh-caps=-all --bounding-set=-all ";

Listing List(const TempFolder& folder, const std::string& arguments,
             const std::string& before = "") {
  const CommandOutcome outcome = RunCommand(
      before + "onnx-macs " + arguments + " --by file --format csv | tail -n +2 | cut -d, -f1; " +
          before + "onnx-macs --quiet " + arguments + " >/dev/null 2>&1; exit $?",
      folder.path());
  return {outcome.out, outcome.err, outcome.exit_code};
}

TEST_CASE("folders: links are files where they lead to one, and lead nowhere else") {
  const TempFolder folder;
  fs::create_directories(folder / "d/sub");
  folder.Write("d/a.onnx", Model());
  folder.Write("d/sub/b.onnx", Model());
  folder.Write("elsewhere.onnx", Model());
  fs::create_directory_symlink("..", folder / "d/sub/loop");
  fs::create_directory_symlink(".", folder / "d/self");
  fs::create_directory_symlink("self", folder / "d/link_to_self.onnx");
  fs::create_symlink("../elsewhere.onnx", folder / "d/c.onnx");
  fs::create_symlink("c.onnx", folder / "d/link_to_link.onnx");
  fs::create_symlink("loop.onnx", folder / "d/loop.onnx");
  const Listing good = List(folder, "d");
  CHECK(good.files == "d/a.onnx\nd/c.onnx\nd/link_to_link.onnx\nd/sub/b.onnx\n");
  fs::create_symlink("nowhere", folder / "d/dangling.onnx");
  const Listing dangling = List(folder, "d");
  CHECK(dangling.files == good.files);
  CHECK(dangling.err == "onnx-macs: d/dangling.onnx: a link to a file that does not exist\n");
  CHECK(dangling.exit_code == 1);
  // A link that is given is followed.
  fs::create_directory_symlink("d", folder / "link");
  CHECK(List(folder, "link/sub link/a.onnx").files == "link/sub/b.onnx\nlink/a.onnx\n");
}

TEST_CASE("folders: called like models, and what is no file") {
  const TempFolder folder;
  fs::create_directories(folder / "x.onnx/y.onnx");
  folder.Write("x.onnx/y.onnx/z.onnx", Model());
  REQUIRE(mkfifo((folder / "x.onnx/pipe.onnx").c_str(), 0600) == 0);
  CHECK(List(folder, "x.onnx").files == "x.onnx/y.onnx/z.onnx\n");
  CHECK(List(folder, "x.onnx/").files == "x.onnx/y.onnx/z.onnx\n");
  CHECK(List(folder, ".").err == "");
  fs::remove_all(folder / "x.onnx/y.onnx");
  const Listing none = List(folder, "x.onnx");
  CHECK(none.err ==
        "onnx-macs: x.onnx: no model file in this folder or below (looked for .onnx, .onnxtxt, "
        ".onnxtext, .onnxjson, .textproto)\n");
  CHECK(none.exit_code == 1);
}

TEST_CASE("folders: those that cannot be read are said, and the rest is done") {
  const TempFolder folder;
  fs::create_directories(folder / "d/locked");
  folder.Write("d/a.onnx", Model());
  folder.Write("d/locked/b.onnx", Model());
  folder.Write("d/z.onnx", Model());
  REQUIRE(chmod((folder / "d/locked").c_str(), 0) == 0);
  REQUIRE(chmod((folder / "d/z.onnx").c_str(), 0) == 0);
  const std::string before = geteuid() == 0 ? kPlainUser : "";
  const Listing inside = List(folder, "d", before);
  CHECK(inside.files == "d/a.onnx\n");
  CHECK(inside.err ==
        "onnx-macs: d/locked: permission denied\nonnx-macs: d/z.onnx: permission denied\n");
  CHECK(inside.exit_code == 1);
  CHECK(List(folder, "d/locked", before).err == "onnx-macs: d/locked: permission denied\n");
  CHECK(List(folder, "d/locked/b.onnx", before).err ==
        "onnx-macs: d/locked/b.onnx: permission denied\n");
  REQUIRE(chmod((folder / "d/locked").c_str(), 0700) == 0);
}

TEST_CASE("read-only media: nothing but reading is asked of a model and its folder") {
  const TempFolder folder;
  fs::create_directory(folder / "d");
  folder.Write("d/small.onnx", Model());
  onnx::ModelProto large = testing::ReluModel();
  large.set_doc_string(std::string(100'000, 'x'));
  folder.Write("d/large.onnx", large.SerializeAsString());
  for (const char* file : {"d/small.onnx", "d/large.onnx"}) {
    REQUIRE(chmod((folder / file).c_str(), 0400) == 0);
  }
  REQUIRE(chmod((folder / "d").c_str(), 0500) == 0);
  const std::string before = geteuid() == 0 ? kPlainUser : "";
  const Listing listing = List(folder, "d d/small.onnx", before);
  CHECK(listing.files == "d/large.onnx\nd/small.onnx\nd/small.onnx\n");
  CHECK(listing.err == "");
  CHECK(listing.exit_code == 0);
  const CommandOutcome outside =
      RunCommand("cd d && " + before + "onnx-macs small.onnx --output report", folder.path());
  CHECK(outside.err == "onnx-macs: cannot write report: Permission denied\n");
  CHECK(outside.exit_code == 1);
  REQUIRE(chmod((folder / "d").c_str(), 0700) == 0);
}

TEST_CASE("folders: one model among 100,000 other files, and below 500 folders") {
  const TempFolder folder;
  fs::create_directory(folder / "d");
  folder.Write("d/0.bin", "");
  for (int i = 1; i < 100'000; ++i) {
    const std::string from = folder / absl::StrCat("d/", i / 50'000 * 50'000, ".bin");
    const std::string to = folder / absl::StrCat("d/", i, ".bin");
    if (i % 50'000 == 0) {
      folder.Write(absl::StrCat("d/", i, ".bin"), "");
    } else {
      REQUIRE(link(from.c_str(), to.c_str()) == 0);
    }
  }
  std::string deep = "d";
  for (int i = 0; i < 500; ++i) deep += "/sub";
  fs::create_directories(folder / deep);
  folder.Write(deep + "/m.onnx", Model());
  const Listing listing = List(folder, "d", "ulimit -n 32; ");
  CHECK(listing.files == deep + "/m.onnx\n");
  CHECK(listing.err == "");
  CHECK(listing.exit_code == 0);
}

}  // namespace
}  // namespace onnx_macs
