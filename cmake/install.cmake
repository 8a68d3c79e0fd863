# What `cmake --install` puts where, and the package that find_package(onnx-macs) reads.
include(CMakePackageConfigHelpers)

set(ONNX_MACS_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/onnx-macs")
set(libraries)
foreach(name IN ITEMS analyzer rules)
  if(TARGET ${name})
    list(APPEND libraries ${name})
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/${name}"
      DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/onnx-macs"
      FILES_MATCHING PATTERN "*.h" PATTERN "text" EXCLUDE)
  endif()
endforeach()

if(libraries)
  install(TARGETS ${libraries} EXPORT onnx-macs-targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT onnx-macs-targets NAMESPACE onnx-macs:: DESTINATION "${ONNX_MACS_PACKAGE_DIR}")
endif()
if(TARGET onnx-macs)
  install(TARGETS onnx-macs RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
if(TARGET onnx-macs-text)
  install(TARGETS onnx-macs-text LIBRARY DESTINATION "${ONNX_MACS_MODULE_DIR}")
endif()

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/onnx-macs-config.cmake.in" onnx-macs-config.cmake
  INSTALL_DESTINATION "${ONNX_MACS_PACKAGE_DIR}")
write_basic_package_version_file(onnx-macs-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/onnx-macs-config.cmake"
  "${PROJECT_BINARY_DIR}/onnx-macs-config-version.cmake"
  DESTINATION "${ONNX_MACS_PACKAGE_DIR}")
