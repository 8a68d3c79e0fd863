// A simulation of what a runtime does to memory that shares nothing with the analysis: tensors hold
// their storage by counted references, and the storage says when it goes.
#ifndef ONNX_MACS_TESTS_SUPPORT_MEMORY_SIMULATOR_H_
#define ONNX_MACS_TESTS_SUPPORT_MEMORY_SIMULATOR_H_

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace onnx_macs::testing {

// By name, of every tensor that is no initializer.
using TensorBytes = std::map<std::string, int64_t>;

// The most bytes held at once when the nodes run in this order. Reshape and Identity share the
// storage of their first input.
int64_t SimulatePeak(const onnx::GraphProto& graph, const TensorBytes& bytes,
                     const std::vector<uint32_t>& order);
int64_t SimulatePeak(const onnx::GraphProto& graph, const TensorBytes& bytes);

// Whether every node follows those that make what it reads, and each is there once.
bool IsTopological(const onnx::GraphProto& graph, const std::vector<uint32_t>& order);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_MEMORY_SIMULATOR_H_
