// Whether anybody opens a file, asked of the system: what is never opened cannot change a result,
// but a result that stays the same is no proof that nothing was opened.
#ifndef ONNX_MACS_TESTS_SUPPORT_OPEN_WATCH_H_
#define ONNX_MACS_TESTS_SUPPORT_OPEN_WATCH_H_

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <string>

#include "tests/support/catch.h"

namespace onnx_macs::testing {

class OpenWatch {
 public:
  explicit OpenWatch(const std::string& path) : fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    REQUIRE(inotify_add_watch(fd_, path.c_str(), IN_OPEN) >= 0);
    // Not every file system tells: a watch that sees nothing at all would prove nothing.
    close(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    REQUIRE(WasOpened());
  }
  OpenWatch(const OpenWatch&) = delete;
  OpenWatch& operator=(const OpenWatch&) = delete;
  ~OpenWatch() { close(fd_); }

  // Since it was asked before.
  bool WasOpened() {
    char events[4096];
    bool any = false;
    while (read(fd_, events, sizeof(events)) > 0) any = true;
    return any;
  }

 private:
  const int fd_;
};

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_OPEN_WATCH_H_
