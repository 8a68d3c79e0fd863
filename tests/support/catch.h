// One include for tests, whichever of Catch2's two major versions is installed.
#ifndef TESTS_SUPPORT_CATCH_H_
#define TESTS_SUPPORT_CATCH_H_

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

#endif  // TESTS_SUPPORT_CATCH_H_
