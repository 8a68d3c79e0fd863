// Errors become phrases a person can act on.
#include "analyzer/descriptor.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace onnx_macs {

std::string ErrorPhrase(int error) {
  static constexpr std::pair<int, absl::string_view> kPhrases[] = {
      {ENOENT, "no such file"},
      {EACCES, "permission denied"},
      {EPERM, "permission denied"},
      {ENOTDIR, "no such file: a part of its path is not a folder"},
      {ELOOP, "a link that leads to itself, or that is not allowed here"},
      {EXDEV, "lies outside the folder"},
      {EMFILE, "too many files are open"},
      {ENFILE, "too many files are open"},
      {EBADF, "it is closed"},
      {EISDIR, "it is a folder"},
      {ENAMETOOLONG, "the name is too long"},
  };
  for (const auto& [number, phrase] : kPhrases) {
    if (number == error) return std::string(phrase);
  }
  return std::strerror(error);
}

int Descriptor::release() { return std::exchange(fd_, -1); }

void Descriptor::Reset(int fd) {
  if (fd_ >= 0) close(fd_);
  fd_ = fd;
}

absl::StatusOr<size_t> ReadFully(int fd, char* data, size_t size) {
  size_t done = 0;
  while (done < size) {
    const ssize_t got = read(fd, data + done, size - done);
    if (got > 0) done += static_cast<size_t>(got);
    if (got == 0) break;
    if (got > 0 || errno == EINTR) continue;
    if (errno != EAGAIN) return SystemError(absl::StrCat("cannot be read: ", ErrorPhrase(errno)));
    pollfd waited = {fd, POLLIN, 0};
    poll(&waited, 1, -1);
  }
  return done;
}

}  // namespace onnx_macs
