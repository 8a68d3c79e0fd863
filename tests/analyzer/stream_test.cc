// Pipes that are read, and files that are written to while they are.
#include "analyzer/stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

#include "analyzer/loader.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

absl::Status Anything(absl::string_view) { return absl::OkStatus(); }

// What comes out of a pipe into which `content` is written piece by piece.
absl::StatusOr<std::string> Piped(const std::string& content, StreamCheck check) {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  std::thread writer([&] {
    for (size_t at = 0; at < content.size();) {
      const ssize_t written = write(ends[1], content.data() + at, content.size() - at);
      if (written <= 0) break;
      at += static_cast<size_t>(written);
    }
    close(ends[1]);
  });
  const auto pages = ReadStream(ends[0], check);
  std::string rest(1 << 20, '\0');
  while (read(ends[0], rest.data(), rest.size()) > 0) {
  }
  writer.join();
  close(ends[0]);
  if (!pages.ok()) return pages.status();
  return std::string(pages->data() == nullptr ? "" : pages->data(), pages->size());
}

TEST_CASE("stream: whatever comes is there, page by page") {
  for (const size_t size : {0, 1, 4096, 65'535, 65'536, 65'537, 131'072, 1'000'000}) {
    INFO(size);
    std::string content(size, 'x');
    if (size > 0) content.back() = 'y';
    const auto read = Piped(content, Anything);
    REQUIRE(read.ok());
    CHECK(*read == content);
  }
}

TEST_CASE("stream: is asked about twice as much every time, and ends where that is said") {
  std::string sizes;
  const auto check = [&sizes](absl::string_view begun) {
    sizes += std::to_string(begun.size()) + " ";
    return begun.size() < 200'000 ? absl::OkStatus() : absl::InvalidArgumentError("enough");
  };
  CHECK(Piped(std::string(1'000'000, 'x'), check).status().message() == "enough");
  CHECK(sizes == "65536 131072 262144 ");
  sizes.clear();
  CHECK(Piped(std::string(65'535, 'x'), check).ok());
  CHECK(sizes == "");
}

TEST_CASE("stream: a reader that must not wait waits all the same") {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
  std::thread writer([&] {
    usleep(50'000);
    REQUIRE(write(ends[1], "late", 4) == 4);
    close(ends[1]);
  });
  const auto pages = ReadStream(ends[0], Anything);
  writer.join();
  close(ends[0]);
  REQUIRE(pages.ok());
  CHECK(absl::string_view(pages->data(), pages->size()) == "late");
}

std::string Beginning(const std::string& bytes, const std::string& path = "-") {
  return std::string(CheckBeginning(bytes, path).message());
}

TEST_CASE("stream: a beginning is refused only where nothing can follow that mends it") {
  const std::string text(70'000, 'y');
  CHECK(Beginning(text) == "a text, not a model");
  CHECK(Beginning(text, "pipe.onnxtxt") == "");
  CHECK(Beginning("<" + text) == "");
  CHECK(Beginning("{" + text) == "");
  CHECK(Beginning("{" + std::string(size_t{256} << 20, ' ')) ==
        "a text of more than 256 MiB: save it to a file and name that");
  CHECK(Beginning("\x1f\x8b" + text) == "compressed with gzip: unpack it first (`gzip -d`)");
  // Every beginning of a model is one, wherever it was cut.
  onnx::ModelProto model = ReluModel();
  model.set_doc_string(std::string(1000, 'y'));
  const std::string bytes = model.SerializeAsString();
  for (size_t size = 1; size <= bytes.size(); ++size) {
    INFO(size);
    CHECK(Beginning(bytes.substr(0, size)) == "");
  }
  // Also where a group, which is skipped, was cut.
  CHECK(Beginning(bytes + "\x33\x08") == "");
  CHECK(Beginning(bytes + '\0').find("no field begins here") != std::string::npos);
}

TEST_CASE("stream: a mapped file that is written to, or closed, is told apart") {
  const TempFolder folder;
  folder.Write("f", std::string(100'000, 'x'));
  auto bytes = FileBytes::Open(folder / "f");
  REQUIRE(bytes.ok());
  CHECK(bytes->CheckUnchanged().ok());
  // Reading and renaming are no writing.
  std::ifstream(folder / "f").get();
  REQUIRE(rename((folder / "f").c_str(), (folder / "g").c_str()) == 0);
  CHECK(bytes->CheckUnchanged().ok());
  const timespec later[2] = {{2'000'000'000, 0}, {2'000'000'000, 1}};
  REQUIRE(utimensat(AT_FDCWD, (folder / "g").c_str(), later, 0) == 0);
  CHECK(bytes->CheckUnchanged().message() == "the file was written to while it was read");
  REQUIRE(truncate((folder / "g").c_str(), 50'000) == 0);
  CHECK(bytes->CheckUnchanged().message() == "the file became shorter while it was read");
  bytes->CloseFile();
  CHECK(bytes->CheckUnchanged().ok());
  CHECK(bytes->view().substr(0, 3) == "xxx");
}

TEST_CASE("stream: what came through a pipe is not given back to the system") {
  const TempFolder folder;
  REQUIRE(mkfifo((folder / "p").c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(folder / "p") << std::string(200'000, 'x'); });
  const auto bytes = FileBytes::OpenOrReceive(folder / "p", Anything);
  writer.join();
  REQUIRE(bytes.ok());
  bytes->Release(bytes->view().substr(10'000, 150'000));
  CHECK(bytes->view() == std::string(200'000, 'x'));
  CHECK(bytes->CheckUnchanged().ok());
}

}  // namespace
}  // namespace onnx_macs::testing
