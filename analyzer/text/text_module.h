// The entry point of the module that turns textual models into binary ones. A C interface, because
// the program that loads it may carry a C++ runtime of its own.
#ifndef ANALYZER_TEXT_TEXT_MODULE_H_
#define ANALYZER_TEXT_TEXT_MODULE_H_

#include <stddef.h>

extern "C" {

enum OnnxMacsTextFormat {
  kOnnxMacsTextProto = 0,
  kOnnxMacsJson = 1,
  kOnnxMacsOnnxText = 2,
};

struct OnnxMacsTextResult {
  char* bytes;    // the binary model; null when the text cannot be read
  size_t size;    // of bytes
  char* message;  // the error, or a note about what was left out; null when there is none
};

// Both parts of the result are for free().
typedef OnnxMacsTextResult (*OnnxMacsReadTextFn)(const char* text, size_t size,
                                                 OnnxMacsTextFormat format);

}  // extern "C"

#define ONNX_MACS_READ_TEXT_SYMBOL "onnx_macs_read_text"

#endif  // ANALYZER_TEXT_TEXT_MODULE_H_
