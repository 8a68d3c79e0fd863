// The attributes of a node in one line, as the file has them.
#ifndef ANALYZER_ATTRIBUTE_TEXT_H_
#define ANALYZER_ATTRIBUTE_TEXT_H_

#include <string>

#include "absl/types/span.h"
#include "analyzer/model.h"

namespace onnx_macs {

// "kernel_shape=[3, 3], group=1". Numbers read back as what they are; of a long list, text or line
// the beginning is shown and how much follows; tensors and graphs by what they are.
std::string AttributesText(absl::Span<const Attribute> attributes);

}  // namespace onnx_macs

#endif  // ANALYZER_ATTRIBUTE_TEXT_H_
