// The checks of invariants.h.
#include "tests/support/invariants.h"

#include <string>

#include "absl/strings/str_join.h"
#include "tests/support/breaches.h"
#include "tests/support/catch.h"
#include "tests/support/contractions.h"

namespace onnx_macs::testing {
namespace {

// Where MACs come from is listed, and thereby swept.
void CheckContractions(const ModelReport& report) {
  for (const NodeRow& row : report.nodes) {
    if (row.status != NodeRow::Status::kCounted || row.macs.is_zero()) continue;
    const std::string name =
        OperatorName(std::string(row.domain.view()), std::string(row.op.view()));
    INFO(name << " has MACs");
    CHECK(Contractions().count(name) + Softmaxes().count(name) == 1);
  }
}

}  // namespace

void CheckSameTotals(const ModelReport& a, const ModelReport& b) {
  CHECK(a.figures.macs == b.figures.macs);
  CHECK(a.figures.ops == b.figures.ops);
  CHECK(a.figures.params == b.figures.params);
  CHECK(a.figures.weight_bytes == b.figures.weight_bytes);
  CHECK(a.figures.nodes == b.figures.nodes);
  CHECK(a.gaps.size() == b.gaps.size());
  CHECK(a.active.macs == b.active.macs);
  CHECK(a.active.params == b.active.params);
}

void CheckInvariants(const ModelReport& report) {
  INFO("invariants of " << report.file);
  CHECK(absl::StrJoin(FindBreaches(report), "\n") == "");
  CheckContractions(report);
}

}  // namespace onnx_macs::testing
