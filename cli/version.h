// The version of the tool, as the build knows it.
#ifndef CLI_VERSION_H_
#define CLI_VERSION_H_

namespace onnx_macs {

inline constexpr char kVersion[] = ONNX_MACS_VERSION;

}  // namespace onnx_macs

#endif  // CLI_VERSION_H_
