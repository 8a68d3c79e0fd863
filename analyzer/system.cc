// The system calls of the library, but for those that read streams (stream.h) and small files
// (small_file.h). Linux: mmap, openat2 and /proc are taken for granted.
#include "analyzer/system.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "analyzer/descriptor.h"

// The build says where it installs modules, seen from the program's folder.
#ifndef ONNX_MACS_TEXT_MODULE_DIR
#define ONNX_MACS_TEXT_MODULE_DIR "../lib/onnx-macs"
#endif

namespace onnx_macs {
namespace {

constexpr size_t kMapFrom = 64 * 1024;

absl::Status Error(absl::string_view message) { return SystemError(message); }

// Of a file that is neither regular nor a pipe.
absl::Status NoFile(int fd, const struct stat& file) {
  if (S_ISDIR(file.st_mode)) return Error("a folder, not a file");
  if (isatty(fd) == 1) {
    return Error("a terminal, not a model: `onnx-macs - < model.onnx` reads one from there");
  }
  return Error("not a regular file");
}

int64_t ModifiedNanoseconds(const struct stat& file) {
  return static_cast<int64_t>(file.st_mtim.tv_sec) * 1'000'000'000 + file.st_mtim.tv_nsec;
}

// --- Mapped files that shrink
//
// A signal handler can ask only what is global and free of locks: a list of mappings that is only
// ever prepended to. Entries are reused, never freed.
struct Mapping {
  std::atomic<uintptr_t> begin{0};  // 0: free
  std::atomic<size_t> size{0};
  Mapping* next = nullptr;
};
std::atomic<Mapping*> mappings{nullptr};
struct sigaction previous_action;

Mapping* Register(const void* begin, size_t size) {
  const uintptr_t address = reinterpret_cast<uintptr_t>(begin);
  for (Mapping* entry = mappings.load(); entry != nullptr; entry = entry->next) {
    uintptr_t free_entry = 0;
    if (entry->begin.compare_exchange_strong(free_entry, address)) {
      entry->size.store(size);
      return entry;
    }
  }
  Mapping* entry = new Mapping;
  entry->begin.store(address);
  entry->size.store(size);
  entry->next = mappings.load();
  while (!mappings.compare_exchange_weak(entry->next, entry)) {
  }
  return entry;
}

void Unregister(Mapping* entry) {
  entry->size.store(0);
  entry->begin.store(0);
}

void OnBusError(int signal_number, siginfo_t* info, void*) {
  const int saved_errno = errno;
  const uintptr_t address = reinterpret_cast<uintptr_t>(info->si_addr);
  for (Mapping* entry = mappings.load(); entry != nullptr; entry = entry->next) {
    const uintptr_t begin = entry->begin.load();
    if (begin == 0 || address < begin || address - begin >= entry->size.load()) continue;
    const uintptr_t page_size = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    void* const page = reinterpret_cast<void*>(address & ~(page_size - 1));
    if (mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page) {
      errno = saved_errno;
      return;
    }
  }
  // Not ours: the instruction runs again and meets whoever handled this before us.
  sigaction(signal_number, &previous_action, nullptr);
  if (info->si_code <= 0) raise(signal_number);  // Sent by a process: nothing would run again.
  errno = saved_errno;
}

// --- Files inside a folder

absl::Status CheckLocation(absl::string_view location) {
  if (location.empty()) return Error("names no file");
  if (absl::StrContains(location, absl::string_view("\0", 1))) return Error("is not a file name");
  if (location[0] == '/') return Error("is an absolute path");
  for (absl::string_view part : absl::StrSplit(location, '/')) {
    if (part == "..") return Error("leaves the folder of the model");
  }
  return absl::OkStatus();
}

// Where the kernel has no openat2: every part of the path is opened without following links.
int WalkBeneath(int folder, absl::string_view location) {
  const std::vector<std::string> parts = absl::StrSplit(location, '/', absl::SkipEmpty());
  if (parts.empty()) {
    errno = EISDIR;
    return -1;
  }
  Descriptor at(dup(folder));
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    const int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    const int next = openat(at.get(), parts[i].c_str(), flags);
    if (next < 0) return -1;
    at.Reset(next);
  }
  return openat(at.get(), parts.back().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

int OpenBeneath(int folder, absl::string_view location) {
  open_how how = {};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  const long fd = syscall(SYS_openat2, folder, std::string(location).c_str(), &how, sizeof(how));
  const bool is_unsupported = fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EINVAL);
  return is_unsupported ? WalkBeneath(folder, location) : static_cast<int>(fd);
}

std::string FolderOfProgram() {
  std::string path(4096, '\0');
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  path.resize(length < 0 ? 0 : static_cast<size_t>(length));
  return path.substr(0, path.rfind('/') + 1);
}

}  // namespace

FileBytes::FileBytes(FileBytes&& other) noexcept { *this = std::move(other); }

FileBytes& FileBytes::operator=(FileBytes&& other) noexcept {
  if (this == &other) return *this;
  Close();
  // A short string moves its bytes, so a view of them has to follow.
  const bool is_owned = other.mapping_ == nullptr;
  owned_ = std::move(other.owned_);
  view_ = is_owned ? absl::string_view(owned_) : other.view_;
  mapping_ = std::exchange(other.mapping_, nullptr);
  survivor_ = std::exchange(other.survivor_, nullptr);
  descriptor_ = std::exchange(other.descriptor_, -1);
  modified_ = other.modified_;
  other.owned_.clear();
  other.view_ = {};
  return *this;
}

FileBytes::~FileBytes() { Close(); }

void FileBytes::Close() {
  if (survivor_ != nullptr) Unregister(static_cast<Mapping*>(survivor_));
  if (mapping_ != nullptr) munmap(mapping_, view_.size());
  CloseFile();
  survivor_ = mapping_ = nullptr;
}

FileBytes FileBytes::FromString(std::string bytes) {
  FileBytes file;
  file.owned_ = std::move(bytes);
  file.view_ = file.owned_;
  return file;
}

absl::StatusOr<FileBytes> FileBytes::FromStream(int fd, StreamCheck check) {
  absl::StatusOr<PageBuffer> pages = ReadStream(fd, check);
  if (!pages.ok()) return pages.status();
  FileBytes bytes;
  bytes.view_ = absl::string_view(pages->data(), pages->size());
  bytes.mapping_ = pages->Release();
  return bytes;
}

absl::StatusOr<FileBytes> FileBytes::FromRegular(Descriptor fd, const struct stat& file) {
  const size_t size = static_cast<size_t>(file.st_size);
  FileBytes bytes;
  bytes.modified_ = ModifiedNanoseconds(file);
  if (size < kMapFrom) {
    bytes.owned_.resize(size);
    const auto got = ReadFully(fd.get(), bytes.owned_.data(), size);
    if (!got.ok()) return got.status();
    bytes.owned_.resize(*got);
    bytes.view_ = bytes.owned_;
    bytes.descriptor_ = fd.release();
    const absl::Status changed = bytes.CheckUnchanged();
    bytes.CloseFile();
    if (!changed.ok()) return changed;
    return bytes;
  }
  void* const mapping = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (mapping == MAP_FAILED) return Error(absl::StrCat("cannot be mapped: ", ErrorPhrase(errno)));
  bytes.mapping_ = mapping;
  bytes.survivor_ = Register(mapping, size);
  bytes.descriptor_ = fd.release();
  bytes.view_ = absl::string_view(static_cast<const char*>(mapping), size);
  return bytes;
}

absl::StatusOr<FileBytes> FileBytes::FromStandardInput(StreamCheck check) {
  struct stat file;
  const bool is_file = fstat(STDIN_FILENO, &file) == 0 && S_ISREG(file.st_mode);
  if (is_file && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0) {
    return FromRegular(Descriptor(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)), file);
  }
  if (isatty(STDIN_FILENO) == 1) return NoFile(STDIN_FILENO, file);
  return FromStream(STDIN_FILENO, check);
}

absl::StatusOr<FileBytes> FileBytes::OpenPath(const std::string& path, bool takes_pipes,
                                              StreamCheck check) {
  if (path == "-") return FromStandardInput(check);
  // O_NONBLOCK: a pipe without a writer must not hold us up; O_NOCTTY: nor a terminal have us.
  Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat file;
  if (fd.get() < 0) {
    const int error = errno;
    const bool is_link = lstat(path.c_str(), &file) == 0 && S_ISLNK(file.st_mode);
    return Error(error == ENOENT && is_link ? "a link to a file that does not exist"
                                            : ErrorPhrase(error));
  }
  if (fstat(fd.get(), &file) != 0) return Error(ErrorPhrase(errno));
  if (S_ISREG(file.st_mode)) return FromRegular(std::move(fd), file);
  if (!S_ISFIFO(file.st_mode)) return NoFile(fd.get(), file);
  if (!takes_pipes) return Error("a pipe, not a file: give `-` to read standard input");
  return FromStream(fd.get(), check);
}

absl::StatusOr<FileBytes> FileBytes::Open(const std::string& path) {
  return OpenPath(path, false, [](absl::string_view) { return absl::OkStatus(); });
}

absl::StatusOr<FileBytes> FileBytes::OpenOrReceive(const std::string& path, StreamCheck check) {
  return OpenPath(path, true, check);
}

bool FileBytes::has_shrunk() const {
  struct stat file;
  return descriptor_ >= 0 && fstat(descriptor_, &file) == 0 &&
         static_cast<size_t>(file.st_size) < view_.size();
}

absl::Status FileBytes::CheckUnchanged() const {
  struct stat file;
  if (descriptor_ < 0 || fstat(descriptor_, &file) != 0) return absl::OkStatus();
  if (static_cast<size_t>(file.st_size) < view_.size()) {
    return Error("the file became shorter while it was read");
  }
  if (ModifiedNanoseconds(file) == modified_) return absl::OkStatus();
  return Error("the file was written to while it was read");
}

void FileBytes::CloseFile() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

void FileBytes::Release(absl::string_view part) const {
  // What came through a pipe cannot be read again.
  if (survivor_ == nullptr || part.empty()) return;
  const uintptr_t page_size = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t begin = reinterpret_cast<uintptr_t>(part.data()) & ~(page_size - 1);
  const uintptr_t end = reinterpret_cast<uintptr_t>(part.data() + part.size());
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

absl::StatusOr<std::string> ReadInside(const std::string& folder, absl::string_view location,
                                       uint64_t offset, uint64_t length) {
  const auto fail = [location](absl::string_view what) {
    return Error(absl::StrCat("external data \"", absl::Utf8SafeCEscape(location), "\" ", what));
  };
  if (auto status = CheckLocation(location); !status.ok()) return fail(status.message());
  const Descriptor root(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (root.get() < 0) return fail(ErrorPhrase(errno));
  const Descriptor fd(OpenBeneath(root.get(), location));
  struct stat file;
  if (fd.get() < 0 || fstat(fd.get(), &file) != 0) return fail(ErrorPhrase(errno));
  if (!S_ISREG(file.st_mode)) return fail("is not a regular file");
  // A second name may be that of a file elsewhere, which an archive can plant as well as a link.
  if (file.st_nlink > 1) return fail("has a second hard link");
  const uint64_t size = static_cast<uint64_t>(file.st_size);
  if (offset > size || length > size - offset) return fail("is too short");
  std::string bytes(length, '\0');
  if (lseek(fd.get(), static_cast<off_t>(offset), SEEK_SET) < 0) return fail(ErrorPhrase(errno));
  const auto got = ReadFully(fd.get(), bytes.data(), length);
  if (!got.ok()) return fail(got.status().message());
  if (*got != length) return fail("is too short");
  return bytes;
}

void SurviveShrinkingFiles() {
  struct sigaction action = {};
  action.sa_sigaction = OnBusError;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  struct sigaction present;
  sigaction(SIGBUS, nullptr, &present);
  if (present.sa_sigaction == OnBusError) return;
  previous_action = present;
  sigaction(SIGBUS, &action, nullptr);
}

int64_t PeakMemoryBytes() {
  // Not getrusage: its figure also knows the peak of whatever program ran before this one.
  const Descriptor fd(open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  std::string text(8192, '\0');
  const auto got = fd.get() < 0 ? absl::StatusOr<size_t>(size_t{0})
                                : ReadFully(fd.get(), text.data(), text.size());
  text.resize(got.ok() ? *got : 0);
  constexpr absl::string_view kKey = "VmHWM:";
  const size_t at = text.find(kKey.data());
  if (at == std::string::npos) return 0;
  return std::strtoll(text.c_str() + at + kKey.size(), nullptr, 10) * 1024;
}

absl::StatusOr<void*> LoadModuleSymbol(const char* module, const char* symbol) {
  const std::string folder = FolderOfProgram();
  const std::string candidates[] = {
      absl::StrCat(folder, module), absl::StrCat(folder, "../", module),
      absl::StrCat(folder, ONNX_MACS_TEXT_MODULE_DIR, "/", module), std::string(module)};
  std::string reason;
  for (const std::string& path : candidates) {
    // Never unloaded: protobuf's descriptors stay registered.
    void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      const char* const error = dlerror();
      if (access(path.c_str(), F_OK) == 0 && error != nullptr) reason = error;
      continue;
    }
    void* const address = dlsym(handle, symbol);
    if (address != nullptr) return address;
    reason = absl::StrCat("it has no ", symbol);
  }
  return Error(absl::StrCat("the module ", module, " cannot be loaded: ",
                            reason.empty() ? "it is not installed" : reason));
}

}  // namespace onnx_macs
