# Installs BUILD_DIR into a prefix of its own under WORK_DIR; configures, builds and runs the consumer
# and the installed command there. Run by CTest with cmake -P.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "failed (${result}): ${command}\n${output}")
  endif()
  set(last_output "${output}" PARENT_SCOPE)
endfunction()

set(prefix "${WORK_DIR}/prefix")
file(REMOVE_RECURSE "${WORK_DIR}")
run("${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${prefix}")
run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}" -B "${WORK_DIR}/build" -G "${GENERATOR}"
  "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}"
  "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}"
  "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}"
  "-DCMAKE_PREFIX_PATH=${prefix}")
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
run("${WORK_DIR}/build/consumer")
set(top "${CMAKE_CURRENT_LIST_DIR}/../..")
run("${WORK_DIR}/build/custom_operator" "${top}/testdata/models/dynamo/resnet_bk.onnx"
  "${top}/examples/rules/resnet_bk.json")
if(NOT last_output MATCHES "a file of rules: 16279961600 FLOPs, 0 nodes not counted")
  message(FATAL_ERROR "the example prints something else:\n${last_output}")
endif()
if(EXISTS "${prefix}/bin/onnx-macs")
  run("${prefix}/bin/onnx-macs" --version)
endif()
