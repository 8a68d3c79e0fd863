// The whole command inside this process: each line of the input is a word of the command line.
// Files are those of fuzz/files, because no word may hold a slash; this terminal takes the place of
// cli/terminal.cc, so that nothing is written anywhere but into memory, and looked at there.
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/json_text.h"
#include "cli/option_table.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

// A sweep may have 100,000 points and take its time: nobody's models are that small.
constexpr size_t kMostPoints = 64;

void FailOn(bool is_breach, const char* what, absl::string_view text) {
  if (!is_breach) return;
  std::fprintf(stderr, "breach: %s: %.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

// Of the command that runs.
Format format = Format::kTable;
std::string written;

// Names in models and options are arbitrary; what people read is lines of UTF-8. Colours are the
// only control sequences.
void CheckPrintable(absl::string_view text) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::string plain = absl::StrReplaceAll(line, {{"\x1b[", ""}});
    FailOn(Printable(plain) != plain, "not printable", line);
  }
}

absl::Status Take(absl::string_view text) {
  if (format == Format::kJson && absl::StartsWith(text, "{")) {
    FailOn(!Json::accept(text), "no JSON", text);
  } else if (format != Format::kCsv) {
    CheckPrintable(text);
  }
  return absl::OkStatus();
}

class InFolderOfFiles {
 public:
  InFolderOfFiles() : before_(open(".", O_PATH | O_CLOEXEC)) { Go(chdir(ONNX_MACS_FUZZ_FILES)); }
  ~InFolderOfFiles() {
    Go(fchdir(before_));
    close(before_);
  }
  InFolderOfFiles(const InFolderOfFiles&) = delete;
  InFolderOfFiles& operator=(const InFolderOfFiles&) = delete;

 private:
  static void Go(int error) { FailOn(error != 0, "no such folder", ONNX_MACS_FUZZ_FILES); }
  const int before_;
};

// Nobody is there to type.
void CloseStandardInput() {
  static const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  static const bool is_closed = dup2(null, STDIN_FILENO) == STDIN_FILENO;
  FailOn(!is_closed, "standard input", "cannot be closed");
}

std::vector<std::string> WordsOf(absl::string_view input) {
  std::vector<std::string> words = {"onnx-macs"};
  for (const absl::string_view line : absl::StrSplit(input, '\n')) {
    words.emplace_back(line);
    for (char& c : words.back()) {
      if (c == '/' || c == '\0') c = '_';
    }
  }
  return words;
}

bool IsSlow(const Options& options) {
  const absl::StatusOr<size_t> points = CountPoints(options.over);
  return !points.ok() || *points > kMostPoints;
}

void RunWords(absl::string_view input) {
  CloseStandardInput();
  const std::vector<std::string> words = WordsOf(input);
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  argv.push_back(nullptr);
  const int argc = static_cast<int>(words.size());
  const InFolderOfFiles in_folder;
  const absl::StatusOr<Options> options = ParseOptions(argc, argv.data());
  if (options.ok() && IsSlow(*options)) return;
  format = options.ok() ? options->format : Format::kTable;
  const ExitCode code = Run(argc, argv.data());
  FailOn(!options.ok() && code != kWrongUsage, "an exit code", "not that of wrong usage");
}

using Words = std::vector<std::string>;

// What no option takes, or only just.
constexpr absl::string_view kValues[] = {"0",
                                         "-1",
                                         "1",
                                         "9223372036854775807",
                                         "1e300",
                                         "1:1000000:1",
                                         "1:64:x2",
                                         "5,4,3",
                                         "nan",
                                         "100%",
                                         "1.0000001%",
                                         "99999999TiB",
                                         "1/2",
                                         "h=1/0",
                                         "h=h",
                                         "h=h*2",
                                         "x=1xhx-1",
                                         "x=[h,2]",
                                         "x=@value.pb",
                                         "=",
                                         "a==b",
                                         "*",
                                         "[",
                                         "(a|b)*",
                                         "x{1,3}",
                                         "@groups.txt",
                                         "mlp.onnx",
                                         "control_flow.onnx",
                                         "pipeline",
                                         "missing.onnx",
                                         "-",
                                         "--",
                                         "",
                                         "\xff\x1b[31m"};

// One more option with a value it takes, or one that it may not.
void AddOption(std::minstd_rand* random, Words* words) {
  const absl::Span<const OptionRow> table = OptionTable();
  const OptionRow& row = table[(*random)() % table.size()];
  const bool is_usual = (*random)() % 4 != 0;
  Words added = {std::string(LongName(row))};
  if (!row.value.empty()) {
    added.emplace_back(is_usual ? row.example : kValues[(*random)() % std::size(kValues)]);
  }
  const size_t at = (*random)() % (words->size() + 1);
  words->insert(words->begin() + static_cast<std::ptrdiff_t>(at), added.begin(), added.end());
}

// Whole words come, go and change places; libFuzzer changes bytes.
std::string Mutated(absl::string_view input, unsigned int seed) {
  std::minstd_rand random(seed);
  Words words = absl::StrSplit(input, '\n');
  std::string& word = words[random() % words.size()];
  switch (random() % 5) {
    case 0:
      words.erase(words.begin() + (&word - words.data()));
      break;
    case 1:
      std::swap(word, words[random() % words.size()]);
      break;
    case 2:
      word = std::string(kValues[random() % std::size(kValues)]);
      break;
    default:
      AddOption(&random, &words);
  }
  return absl::StrJoin(words, "\n");
}

}  // namespace

void PrepareStreams() {}
TextStyle ChooseStyle(ColorMode color, bool) {
  TextStyle style;
  style.color = style.bars = style.wrap = color == ColorMode::kAlways;
  return style;
}
void Output::Write(absl::string_view text) { absl::StrAppend(&written, text); }
absl::Status Output::Close() { return Take(std::exchange(written, {})); }
absl::Status WriteToFile(const std::string&, absl::string_view text) { return Take(text); }
void WriteToStderr(absl::string_view text) { CheckPrintable(text); }
void Complain(absl::string_view message) {
  FailOn(message.empty(), "a complaint", "without words");
  CheckPrintable(Printable(message));
}

}  // namespace onnx_macs

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string mutated = seed % 2 == 0 ? "" : onnx_macs::Mutated(input, seed);
  if (mutated.empty() || mutated.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, mutated.data(), mutated.size());
  return mutated.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onnx_macs::RunWords(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
