// Sweeps: tests that hold contractions against the naive counter over many sizes. Which operators
// they are is known before any of them runs, so that one that is left out is noticed.
#ifndef ONNX_MACS_TESTS_SUPPORT_SWEEP_H_
#define ONNX_MACS_TESTS_SUPPORT_SWEEP_H_

#include <set>
#include <string>

#include "tests/support/op_case.h"

namespace onnx_macs::testing {

// Operators by domain and name: "ai.onnx Conv".
using OperatorNames = std::set<std::string>;

// What one sweep is over; at namespace scope.
class Sweep {
 public:
  explicit Sweep(OperatorNames operators);
  const OperatorNames& operators() const { return operators_; }
  // Of all sweeps of the program.
  static const OperatorNames& All();

 private:
  OperatorNames operators_;
};

// Stands in the test's body: when that ends, each of the operators must have been run, and with
// different numbers of MACs.
class SweepCheck {
 public:
  explicit SweepCheck(const Sweep& sweep);
  ~SweepCheck();
  SweepCheck(const SweepCheck&) = delete;
  SweepCheck& operator=(const SweepCheck&) = delete;

 private:
  const Sweep& sweep_;
};

// A case has been run.
void NoteForSweep(const OpCase& op_case);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_SWEEP_H_
