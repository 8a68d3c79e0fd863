# The two libraries, the command and the module for textual models.
# A target whose folder holds no sources is left out.

set(ONNX_MACS_WARNINGS -Wall -Wextra)
set(ONNX_MACS_SECTIONS -ffunction-sections -fdata-sections)  # Lets the linker drop what is unused.

# Adds the static library onnx-macs::NAME made of SOURCES; includes are relative to the top folder.
function(onnx_macs_add_library name)
  add_library(${name} STATIC ${ARGN})
  add_library(onnx-macs::${name} ALIAS ${name})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME onnx-macs-${name})
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_compile_options(${name} PRIVATE ${ONNX_MACS_WARNINGS} ${ONNX_MACS_SECTIONS})
  target_include_directories(${name} PUBLIC
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/onnx-macs>")
endfunction()

file(GLOB ANALYZER_SOURCES CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/analyzer/*.cc" "${PROJECT_SOURCE_DIR}/analyzer/*/*.cc")
list(FILTER ANALYZER_SOURCES EXCLUDE REGEX "/analyzer/text/")  # A module of its own, below.
file(GLOB RULES_SOURCES CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/rules/*.cc" "${PROJECT_SOURCE_DIR}/rules/*/*.cc")
file(GLOB CLI_SOURCES CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/cli/*.cc")
file(GLOB TEXT_SOURCES CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/analyzer/text/*.cc")

# Where the module for textual models is: beside the executable in the build tree; once installed, in a
# folder that the second name gives as seen from the executable's, so that the tree can be moved.
set(ONNX_MACS_MODULE_DIR "${CMAKE_INSTALL_LIBDIR}/onnx-macs")
file(RELATIVE_PATH ONNX_MACS_MODULE_FROM_BIN
  "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}/onnx-macs")
set(ONNX_MACS_MODULE_DEFINITIONS
  ONNX_MACS_TEXT_MODULE="onnx-macs-text${CMAKE_SHARED_MODULE_SUFFIX}"
  ONNX_MACS_TEXT_MODULE_DIR="${ONNX_MACS_MODULE_FROM_BIN}")

if(ANALYZER_SOURCES)
  onnx_macs_add_library(analyzer ${ANALYZER_SOURCES})
  target_include_directories(analyzer SYSTEM PRIVATE "${PROTOZERO_INCLUDE_DIR}")
  target_link_libraries(analyzer
    PUBLIC
      absl::btree absl::core_headers absl::fixed_array absl::flat_hash_map absl::flat_hash_set
      absl::function_ref absl::hash absl::inlined_vector absl::int128 absl::node_hash_map absl::optional absl::span
      absl::status absl::statusor absl::str_format absl::strings
    PRIVATE
      Threads::Threads ${CMAKE_DL_LIBS})
  target_compile_definitions(analyzer PRIVATE ${ONNX_MACS_MODULE_DEFINITIONS})
endif()

if(RULES_SOURCES)
  onnx_macs_add_library(rules ${RULES_SOURCES})
  target_link_libraries(rules PUBLIC analyzer)
endif()

if(CLI_SOURCES)
  add_executable(onnx-macs ${CLI_SOURCES})
  set_target_properties(onnx-macs PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
  target_compile_options(onnx-macs PRIVATE ${ONNX_MACS_WARNINGS} ${ONNX_MACS_SECTIONS})
  target_compile_definitions(onnx-macs PRIVATE
    ONNX_MACS_VERSION="${PROJECT_VERSION}" ${ONNX_MACS_MODULE_DEFINITIONS})
  target_link_libraries(onnx-macs PRIVATE
    rules CLI11::CLI11 nlohmann_json::nlohmann_json Threads::Threads ${CMAKE_DL_LIBS})
  target_link_options(onnx-macs PRIVATE -Wl,--gc-sections -Wl,--as-needed)
  if(ONNX_MACS_STATIC_RUNTIME)
    target_link_options(onnx-macs PRIVATE -static-libstdc++ -static-libgcc)
  endif()
endif()

# A module with a C interface, because the command may carry a C++ runtime of its own.
if(TEXT_SOURCES AND ONNX_MACS_BUILD_TEXT)
  add_library(onnx-macs-text MODULE ${TEXT_SOURCES})
  set_target_properties(onnx-macs-text PROPERTIES
    PREFIX ""
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}"
    CXX_VISIBILITY_PRESET hidden)
  target_include_directories(onnx-macs-text PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_options(onnx-macs-text PRIVATE ${ONNX_MACS_WARNINGS})
  target_link_libraries(onnx-macs-text PRIVATE onnx onnx_proto protobuf::libprotobuf)
  if(TARGET onnx-macs)
    add_dependencies(onnx-macs onnx-macs-text)
  endif()
endif()
