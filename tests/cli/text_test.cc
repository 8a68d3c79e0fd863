// Text on a terminal.
#include "cli/text.h"

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

constexpr char kReplaced[] = "\xEF\xBF\xBD";

TEST_CASE("no name can steer the terminal") {
  CHECK(Printable("conv_in/Conv") == "conv_in/Conv");
  CHECK(Printable("größe") == "größe");
  CHECK(Printable("a\x1b[2Jb") == std::string("a") + kReplaced + "[2Jb");
  CHECK(Printable("a\nb\tc\x7f") ==
        std::string("a") + kReplaced + "b" + kReplaced + "c" + kReplaced);
  CHECK(Printable("\xE2\x80\xAE"
                  "x") == std::string(kReplaced) + "x");  // right-to-left override
}

TEST_CASE("what is not UTF-8 is replaced byte by byte") {
  CHECK(Printable("a\xFF"
                  "b") == std::string("a") + kReplaced + "b");
  CHECK(Printable("\xC3") == kReplaced);                               // cut off
  CHECK(Printable("\xC0\x80") == std::string(kReplaced) + kReplaced);  // overlong
  CHECK(Printable("\xED\xA0\x80").size() == 9);                        // a surrogate
  CHECK(Printable("\xF5\x80\x80\x80").size() == 12);                   // past U+10FFFF
}

TEST_CASE("JSON has no raw control character, and means the same") {
  CHECK(EscapeControls("\"plain \u00e4 \\n\"") == "\"plain \u00e4 \\n\"");
  CHECK(EscapeControls("\"a\x7F\xC2\x9B"
                       "b\xE2\x80\xAE\xE2\x81\xA6\"") == "\"a\\u007f\\u009bb\\u202e\\u2066\"");
  CHECK(EscapeControls("{\n  \"\xC3\xA4\xE2\x82\xAC\": \"\xC2\xA0\"\n}") ==
        "{\n  \"\xC3\xA4\xE2\x82\xAC\": \"\xC2\xA0\"\n}");
}

TEST_CASE("columns are counted, not bytes") {
  CHECK(DisplayWidth("") == 0);
  CHECK(DisplayWidth("abc") == 3);
  CHECK(DisplayWidth("größe") == 5);
  CHECK(DisplayWidth("層") == 2);
  CHECK(DisplayWidth("e\xCC\x81") == 1);  // with a combining accent
}

TEST_CASE("long names lose their middle") {
  CHECK(ShortenMiddle("abcdefghij", 10) == "abcdefghij");
  CHECK(ShortenMiddle("abcdefghij", 7) == "ab..hij");
  CHECK(DisplayWidth(ShortenMiddle("層層層層層層層層", 9)) <= 9);
  CHECK(ShortenMiddle("abcdefghij", 3) == "abc");
  CHECK(ShortenMiddle("abcdefghij", 0) == "");
  CHECK(CutLine(std::string(1'000'000, 'n')).size() == 2000);
}

TEST_CASE("long formulas lose their last terms") {
  CHECK(ShortenFormula("4*h + 2", 20) == "4*h + 2");
  CHECK(ShortenFormula("4096*seq^2 + 12*seq + 7", 20) == "4096*seq^2 + ..");
  CHECK(ShortenFormula("floor((a + b)/2)*c + 7", 21) == "floor((a + b)/2)*c..");
  CHECK(ShortenFormula("123456789*height*width", 12) == "123456789*..");
  CHECK(ShortenFormula("70899*h^2 + 5", 12) == "70899*h^2..");
}

TEST_CASE("sentences are broken at spaces and indented") {
  CHECK(Wrapped("one two three", 100) == "one two three");
  CHECK(Wrapped("one two three", 8) == "one two\n  three");
  CHECK(Wrapped("  gap at conv: no rule", 14) == "  gap at conv:\n    no rule");
  CHECK(Wrapped("unbreakable", 4) == "unbreakable");
  CHECK(Wrapped("", 4) == "");
}

TEST_CASE("padding counts columns") {
  CHECK(PadRight("ö", 3) == "ö  ");
  CHECK(PadLeft("ö", 3) == "  ö");
  CHECK(PadLeft("long", 2) == "long");
}

}  // namespace
}  // namespace onnx_macs
