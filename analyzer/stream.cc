// Read in steps that double, so that what cannot become a model is refused before it fills memory.
#include "analyzer/stream.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/descriptor.h"

namespace onnx_macs {
namespace {

constexpr size_t kFirstStep = 64 * 1024;
constexpr size_t kMostBytes = size_t{4} << 30;
constexpr auto kLongestWait = std::chrono::seconds(5);

// As opposed to one that a shell or a parent made, whose other end is there from the beginning.
bool IsNamedPipe(int fd) {
  struct stat file;
  if (fstat(fd, &file) != 0 || !S_ISFIFO(file.st_mode)) return false;
  std::string target(16, '\0');
  const std::string link = absl::StrCat("/proc/self/fd/", fd);
  const ssize_t length = readlink(link.c_str(), target.data(), target.size());
  return length > 0 && target[0] == '/';
}

// The first bytes of a named pipe; none once its other end was opened. It was opened without
// waiting, and so reads as if it had ended as long as nobody has opened the other end.
absl::StatusOr<size_t> AwaitWriter(int fd, char* data, size_t size) {
  using Clock = std::chrono::steady_clock;
  constexpr int kStepMilliseconds = 20;
  const Clock::time_point deadline = Clock::now() + kLongestWait;
  for (bool has_begun = false;;) {
    const ssize_t got = read(fd, data, size);
    if (got > 0) return static_cast<size_t>(got);
    // An error is that nothing was written yet, or one that is met again.
    if (got < 0 || has_begun) return size_t{0};
    pollfd waited = {fd, POLLIN, 0};
    has_begun = poll(&waited, 1, kStepMilliseconds) > 0;
    if (!has_begun && Clock::now() >= deadline) {
      return SystemError("a pipe that nothing is written to");
    }
  }
}

}  // namespace

PageBuffer::PageBuffer(PageBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

PageBuffer::~PageBuffer() {
  if (data_ != nullptr) munmap(data_, size_);
}

absl::Status PageBuffer::Resize(size_t size) {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void* const pages = data_ == nullptr ? mmap(nullptr, size, PROT_READ | PROT_WRITE, kFlags, -1, 0)
                                       : mremap(data_, size_, size, MREMAP_MAYMOVE);
  if (pages == MAP_FAILED) return SystemError("there is not enough memory for it");
  data_ = static_cast<char*>(pages);
  size_ = size;
  return absl::OkStatus();
}

char* PageBuffer::Release() {
  size_ = 0;
  return std::exchange(data_, nullptr);
}

absl::StatusOr<PageBuffer> ReadStream(int fd, StreamCheck check) {
  PageBuffer buffer;
  size_t done = 0;
  for (size_t room = kFirstStep;; room *= 2) {
    absl::Status status = buffer.Resize(room);
    if (!status.ok()) return status;
    absl::StatusOr<size_t> got = size_t{0};
    if (done == 0 && IsNamedPipe(fd)) got = AwaitWriter(fd, buffer.data(), room);
    if (!got.ok()) return got.status();
    done += *got;
    got = ReadFully(fd, buffer.data() + done, room - done);
    if (!got.ok()) return got.status();
    done += *got;
    if (done < room) break;
    status = check(absl::string_view(buffer.data(), done));
    if (status.ok() && done >= kMostBytes) {
      status = SystemError("gives more than 4 GiB: save it to a file and name that");
    }
    if (!status.ok()) return status;
  }
  if (done == 0) return PageBuffer();
  if (absl::Status status = buffer.Resize(done); !status.ok()) return status;
  return buffer;
}

}  // namespace onnx_macs
