// Feeds the files and folders named on the command line to a fuzz target, once each, without
// libFuzzer: so that every input that ever did harm is an ordinary test with any compiler. With
// --mutations N, N changed copies of them follow, the same ones every time.
#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" {
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
// A target that has none is given bytes changed at random.
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                                     unsigned int seed);
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
}

namespace {

// Every number is the same everywhere: that of a distribution would depend on the library.
std::minstd_rand random_numbers;
size_t Below(size_t end) { return end == 0 ? 0 : random_numbers() % end; }

std::string current_input;
constexpr char kCrashFile[] = "replay-crash";

// A death by the sanitizers or abort() must not take the input that caused it along.
void SaveInput() {
  std::ofstream(kCrashFile, std::ios::binary) << current_input;
  std::fprintf(stderr, "the input is kept in %s\n", kCrashFile);
}

void OnAbort(int) {
  SaveInput();
  std::_Exit(1);
}

void Run(std::string bytes) {
  current_input = std::move(bytes);
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(current_input.data()),
                         current_input.size());
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// In the order of their names, because the system's differs from machine to machine.
void AddFiles(const std::filesystem::path& path, std::vector<std::filesystem::path>* files) {
  if (!std::filesystem::is_directory(path)) return files->push_back(path);
  const size_t first = files->size();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files->push_back(entry.path());
  }
  std::sort(files->begin() + static_cast<std::ptrdiff_t>(first), files->end());
}

size_t MutateOnce(uint8_t* data, size_t size, size_t max_size) {
  return LLVMFuzzerCustomMutator != nullptr
             ? LLVMFuzzerCustomMutator(data, size, max_size, random_numbers())
             : LLVMFuzzerMutate(data, size, max_size);
}

// One to many changes, on top of each other.
std::string Mutated(std::string bytes, unsigned int seed) {
  constexpr size_t kMostAdded = 512, kMostMutations = 16;
  size_t size = bytes.size();
  bytes.resize(size + kMostAdded);
  random_numbers.seed(seed + 1);
  for (size_t i = 1 + Below(kMostMutations); i > 0; --i) {
    size = MutateOnce(reinterpret_cast<uint8_t*>(bytes.data()), size, bytes.size());
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

// One of the changes that libFuzzer makes, too.
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size) {
  constexpr uint8_t kBytes[] = {0, 1, 2, 0x7f, 0x80, 0xff, '"', '-', '9'};
  const size_t at = Below(size), length = 1 + Below(std::min<size_t>(size - at, 16));
  switch (Below(size == 0 ? 1 : 5)) {
    case 0: {  // bytes come in
      const size_t added = std::min(1 + Below(8), max_size - size);
      std::memmove(data + at + added, data + at, size - at);
      for (size_t i = 0; i < added; ++i) data[at + i] = static_cast<uint8_t>(Below(256));
      return size + added;
    }
    case 1:  // some are gone
      std::memmove(data + at, data + at + length, size - at - std::min(length, size - at));
      return size - std::min(length, size - at);
    case 2:
      data[at] = kBytes[Below(std::size(kBytes))];
      return size;
    case 3:
      data[at] ^= static_cast<uint8_t>(1 << Below(8));
      return size;
    default: {  // some are those of another place
      const size_t from = Below(size);
      std::memmove(data + at, data + from, std::min({length, size - at, size - from}));
      return size;
    }
  }
}

int main(int argc, char** argv) {
  size_t mutations = 0;
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    if (argv[i] == std::string("--mutations") && i + 1 < argc) {
      mutations = std::strtoul(argv[++i], nullptr, 10);
    } else if (std::filesystem::exists(argv[i])) {
      AddFiles(argv[i], &files);
    } else {
      std::fprintf(stderr, "no such file or folder: %s\n", argv[i]);
      return 2;
    }
  }
  std::signal(SIGABRT, OnAbort);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(SaveInput);
  for (const std::filesystem::path& file : files) Run(ReadFile(file));
  if (files.empty()) mutations = 0;
  for (size_t i = 0; i < mutations; ++i) {
    Run(Mutated(ReadFile(files[i % files.size()]), static_cast<unsigned int>(i)));
  }
  std::printf("replayed %zu inputs and %zu changed ones\n", files.size(), mutations);
  return 0;
}
