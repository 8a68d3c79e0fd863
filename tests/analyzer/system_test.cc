// Files as they are met in the wild: missing, unreadable, folders, links, pipes, shrinking ones.
#include "analyzer/system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "analyzer/loader.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

std::string OpenError(const std::string& path) {
  const auto bytes = FileBytes::Open(path);
  return bytes.ok() ? "no error" : std::string(bytes.status().message());
}

TEST_CASE("system: small and large files arrive whole") {
  const TempFolder folder;
  for (size_t size : {0, 1, 100, 65'535, 65'536, 65'537, 1'000'000}) {
    std::string content(size, 'x');
    if (size > 0) content.back() = 'y';
    folder.Write("f", content);
    const auto bytes = FileBytes::Open(folder / "f");
    REQUIRE(bytes.ok());
    CHECK(bytes->view() == content);
    CHECK_FALSE(bytes->has_shrunk());
  }
}

TEST_CASE("system: bytes can be moved, short and long") {
  for (const std::string& content : {std::string("short"), std::string(1000, 'l')}) {
    FileBytes first = FileBytes::FromString(content);
    FileBytes second = std::move(first);
    CHECK(second.view() == content);
    FileBytes third;
    third = std::move(second);
    CHECK(third.view() == content);
    CHECK_FALSE(third.has_shrunk());
  }
}

TEST_CASE("system: released parts of a file can still be read") {
  const TempFolder folder;
  folder.Write("f", std::string(200'000, 'x'));
  const auto bytes = FileBytes::Open(folder / "f");
  REQUIRE(bytes.ok());
  bytes->Release(bytes->view().substr(10'000, 150'000));
  CHECK(bytes->view() == std::string(200'000, 'x'));
}

TEST_CASE("system: what cannot be opened, in plain words") {
  const TempFolder folder;
  folder.Write("plain", "x");
  std::filesystem::create_symlink(folder / "gone", folder / "dangling");
  std::filesystem::create_symlink(folder / "loop", folder / "loop");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(OpenError(folder / "missing") == "no such file");
  CHECK(OpenError(folder.path()) == "a folder, not a file");
  CHECK(OpenError(folder / "dangling") == "a link to a file that does not exist");
  CHECK(OpenError(folder / "loop") == "a link that leads to itself, or that is not allowed here");
  CHECK(OpenError(folder / "plain/x") == "no such file: a part of its path is not a folder");
  CHECK(OpenError(folder / "pipe") == "a pipe, not a file: give `-` to read standard input");
  CHECK(OpenError("/dev/null") == "not a regular file");
  std::filesystem::permissions(folder / "plain", std::filesystem::perms::none);
  if (geteuid() != 0) CHECK(OpenError(folder / "plain") == "permission denied");
}

TEST_CASE("system: standard input is read to its end") {
  const std::string content(300'000, 's');
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    for (size_t at = 0; at < content.size();) {
      const ssize_t written = write(ends[1], content.data() + at, content.size() - at);
      if (written <= 0) _exit(1);
      at += static_cast<size_t>(written);
    }
    _exit(0);
  }
  close(ends[1]);
  const int saved = dup(STDIN_FILENO);
  dup2(ends[0], STDIN_FILENO);
  close(ends[0]);
  const auto bytes = FileBytes::Open("-");
  dup2(saved, STDIN_FILENO);
  close(saved);
  waitpid(child, nullptr, 0);
  REQUIRE(bytes.ok());
  CHECK(bytes->view() == content);
}

std::string Inside(const TempFolder& folder, absl::string_view location, uint64_t offset = 0,
                   uint64_t length = 4) {
  const auto bytes = ReadInside(folder.path(), location, offset, length);
  return bytes.ok() ? *bytes : std::string(bytes.status().message());
}

TEST_CASE("system: reading inside a folder") {
  const TempFolder folder;
  folder.Write("data", "0123456789");
  std::filesystem::create_directory(folder / "sub");
  folder.Write("sub/data", "abcdef");
  CHECK(Inside(folder, "data") == "0123");
  CHECK(Inside(folder, "data", 6) == "6789");
  CHECK(Inside(folder, "sub/data", 1, 3) == "bcd");
  CHECK(Inside(folder, "./data") == "0123");
  CHECK(Inside(folder, "data", 10, 0).empty());
  CHECK(Inside(folder, "data", 7) == "external data \"data\" is too short");
  CHECK(Inside(folder, "data", UINT64_MAX) == "external data \"data\" is too short");
  CHECK(Inside(folder, "data", 1, UINT64_MAX) == "external data \"data\" is too short");
  CHECK(Inside(folder, "none") == "external data \"none\" no such file");
  CHECK(Inside(folder, "") == "external data \"\" names no file");
  CHECK(Inside(folder, "sub") == "external data \"sub\" is not a regular file");
}

TEST_CASE("system: nothing is read outside the folder, nor through links") {
  const TempFolder outside;
  outside.Write("secret", "secret");
  const TempFolder folder;
  folder.Write("data", "0123456789");
  std::filesystem::create_symlink(outside / "secret", folder / "link");
  std::filesystem::create_symlink(folder / "data", folder / "local_link");
  std::filesystem::create_directory_symlink(outside.path(), folder / "linked");
  std::filesystem::create_hard_link(folder / "data", folder / "twin");
  const std::string up = "../" + std::filesystem::path(outside.path()).filename().string();
  CHECK(Inside(folder, outside / "secret").find("is an absolute path") != std::string::npos);
  CHECK(Inside(folder, up + "/secret").find("leaves the folder of the model") != std::string::npos);
  CHECK(Inside(folder, "sub/../../x").find("leaves the folder") != std::string::npos);
  CHECK(Inside(folder, "link").find("not allowed here") != std::string::npos);
  CHECK(Inside(folder, "local_link").find("not allowed here") != std::string::npos);
  CHECK(Inside(folder, "linked/secret").find("not allowed here") != std::string::npos);
  CHECK(Inside(folder, "data").find("second hard link") != std::string::npos);
  CHECK(Inside(folder, absl::string_view("data\0x", 6)).find("not a file name") !=
        std::string::npos);
}

// In a process of its own, which must end by itself: SIGBUS would end it otherwise.
template <typename Fn>
int InChild(Fn body) {
  const pid_t child = fork();
  if (child == 0) {
    // Without a sanitizer's handler in the way of what is tested.
    std::signal(SIGBUS, SIG_DFL);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

TEST_CASE("system: a mapped file that shrinks reads as zeros past its end") {
  const TempFolder folder;
  folder.Write("f", std::string(1'000'000, 'x'));
  const auto read = [&](bool survive) {
    if (survive) SurviveShrinkingFiles();
    const auto bytes = FileBytes::Open(folder / "f");
    if (!bytes.ok() || truncate((folder / "f").c_str(), 4096) != 0) return 2;
    int sum = 0;
    for (size_t at = 0; at < bytes->view().size(); at += 1000) sum += bytes->view()[at];
    // Five bytes of the first page are still there.
    return bytes->has_shrunk() && sum == 5 * 'x' ? 0 : 3;
  };
  CHECK(InChild([&] { return read(true); }) == 0);
  folder.Write("f", std::string(1'000'000, 'x'));
  CHECK(InChild([&] { return read(false); }) == 1000 + SIGBUS);
}

TEST_CASE("system: another SIGBUS still ends the program") {
  CHECK(InChild([] {
          SurviveShrinkingFiles();
          std::raise(SIGBUS);
          return 0;
        }) == 1000 + SIGBUS);
}

TEST_CASE("system: peak memory is known") { CHECK(PeakMemoryBytes() > 1'000'000); }

TEST_CASE("system: a module that is not there") {
  const auto symbol = LoadModuleSymbol("onnx-macs-none.so", "f");
  REQUIRE_FALSE(symbol.ok());
  CHECK(symbol.status().message() ==
        "the module onnx-macs-none.so cannot be loaded: it is not installed");
}

TEST_CASE("system: a model knows the folder it came from") {
  const TempFolder folder;
  folder.Write("m.onnx", ReluModel().SerializeAsString());
  const auto model = LoadModel(folder / "m.onnx");
  REQUIRE(model.ok());
  CHECK((*model)->folder == folder.path() + "/");
}

}  // namespace
}  // namespace onnx_macs::testing
