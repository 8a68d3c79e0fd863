// One include for tests, whichever of Catch2's two major versions is installed.
#ifndef TESTS_SUPPORT_CATCH_H_
#define TESTS_SUPPORT_CATCH_H_

#include <ostream>

#include "analyzer/shared_text.h"

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/catch_tostring.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>
#include <catch2/generators/catch_generators_range.hpp>

using Catch::Approx;  // Where Catch2 2 leaves it.
#else
#include <catch2/catch.hpp>
#endif

namespace onnx_macs {

// For what a failure says.
inline std::ostream& operator<<(std::ostream& out, const SharedText& text) {
  return out << text.view();
}

}  // namespace onnx_macs

#endif  // TESTS_SUPPORT_CATCH_H_
