// The bookkeeping of sweep.h.
#include "tests/support/sweep.h"

#include <map>
#include <optional>
#include <utility>

#include "tests/support/catch.h"
#include "tests/support/contractions.h"

namespace onnx_macs::testing {
namespace {

// Made when it is first asked for: sweeps register before main().
OperatorNames& Registered() {
  static OperatorNames names;
  return names;
}

// The numbers of MACs that were expected of each operator while a check stands.
std::optional<std::map<std::string, std::set<int64_t>>> running;

}  // namespace

Sweep::Sweep(OperatorNames operators) : operators_(std::move(operators)) {
  Registered().insert(operators_.begin(), operators_.end());
}

const OperatorNames& Sweep::All() { return Registered(); }

SweepCheck::SweepCheck(const Sweep& sweep) : sweep_(sweep) {
  REQUIRE_FALSE(running);
  running.emplace();
}

SweepCheck::~SweepCheck() {
  constexpr size_t kFewest = 4;
  for (const std::string& name : sweep_.operators()) {
    INFO(name << " is swept");
    CHECK((*running)[name].size() >= kFewest);
  }
  running.reset();
}

void NoteForSweep(const OpCase& op_case) {
  if (!running || !op_case.macs) return;
  (*running)[OperatorName(op_case.domain, op_case.op)].insert(*op_case.macs);
}

}  // namespace onnx_macs::testing
