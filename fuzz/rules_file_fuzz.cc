// Feeds texts to the reader of rules files, and lays what it reads over all rules.
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "rules/rules.h"
#include "rules/user/user_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = onnx_macs::UserRules::FromJson("fuzz.json", text);
  if (!file.ok()) return 0;
  onnx_macs::RuleSet rules = onnx_macs::BuiltinRules();
  if (file->AddTo(&rules).ok()) rules.All();
  return 0;
}
