// `onnx-macs ops`: what the tool knows, straight from the rules it counts by.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/json_text.h"
#include "cli/name_filter.h"
#include "cli/option_values.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {
}
}
