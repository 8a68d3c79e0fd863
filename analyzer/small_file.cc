// The file is looked at once it is open, so that it cannot become another one in between.
#include "analyzer/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "analyzer/descriptor.h"

namespace onnx_macs {
namespace {

absl::StatusOr<std::string> ReadOpened(int descriptor, int64_t most_bytes) {
  struct stat file;
  if (fstat(descriptor, &file) != 0 || !S_ISREG(file.st_mode)) {
    return absl::FailedPreconditionError("not a file");
  }
  if (file.st_size > most_bytes) return absl::FailedPreconditionError("the file is too large");
  std::string text(static_cast<size_t>(file.st_size), '\0');
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = read(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return absl::FailedPreconditionError("the file cannot be read");
    done += static_cast<size_t>(count);
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::string& path, int64_t most_bytes) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return absl::NotFoundError(errno == ENOENT ? "there is no such file" : ErrorPhrase(errno));
  }
  absl::StatusOr<std::string> text = ReadOpened(descriptor, most_bytes);
  close(descriptor);
  return text;
}

}  // namespace onnx_macs
