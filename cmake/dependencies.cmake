# Finds what the build needs. Debian's package names stand in ./dev.
find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)

# protozero is headers only and comes without a CMake package.
find_path(PROTOZERO_INCLUDE_DIR protozero/varint.hpp REQUIRED)

if(ONNX_MACS_BUILD_TEXT OR ONNX_MACS_BUILD_TESTS OR ONNX_MACS_BUILD_BENCH)
  # In this order: Debian's ONNX targets name protobuf::libprotobuf and do not look for it.
  find_package(Protobuf REQUIRED)
  find_package(ONNX REQUIRED)
endif()

# Debian's Abseil targets name shared libraries. Loading a dozen of those costs a short-lived program more
# than its work does, so each target is pointed at the static library beside it, where there is one.
function(onnx_macs_prefer_static_absl)
  get_property(targets DIRECTORY PROPERTY IMPORTED_TARGETS)
  list(FILTER targets INCLUDE REGEX "^absl::")
  foreach(target IN LISTS targets)
    get_target_property(configs ${target} IMPORTED_CONFIGURATIONS)
    if(NOT configs)
      continue()
    endif()
    foreach(config IN LISTS configs)
      get_target_property(location ${target} IMPORTED_LOCATION_${config})
      string(REGEX REPLACE "\\.so[.0-9]*$" ".a" archive "${location}")
      if(EXISTS "${archive}")
        set_target_properties(${target} PROPERTIES
          IMPORTED_LOCATION_${config} "${archive}"
          IMPORTED_SONAME_${config} "")
      endif()
    endforeach()
  endforeach()
endfunction()
onnx_macs_prefer_static_absl()
