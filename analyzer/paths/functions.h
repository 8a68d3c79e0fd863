// Local functions that stand for modules: which module a call is, from the weights it is given, the
// name of its node and that of the function.
#ifndef ANALYZER_PATHS_FUNCTIONS_H_
#define ANALYZER_PATHS_FUNCTIONS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs {

struct FunctionCall {
  absl::string_view domain, function;
  absl::string_view path;     // by the name of the node; "" where it says none
  absl::string_view weights;  // the innermost module that owns all weights it is given; "" for none
  absl::string_view base;     // the module whose body the call stands in
};

enum class CallEvidence { kNone, kWeights, kFunction };

// The module of the call as a whole path; `*module` stays as it is for kNone, where it is the name
// of the node that counts.
CallEvidence ModuleOfCall(const FunctionCall& call, std::string* module);

// Whether calls of it are modules at all: operators of PyTorch that come as functions are not.
bool MayBeModule(absl::string_view domain);

// "a.b" for "a.b.c" and "a.b.d"; the other one where one is "".
absl::string_view CommonModule(absl::string_view a, absl::string_view b);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_FUNCTIONS_H_
