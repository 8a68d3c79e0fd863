// Reads AttributeProto. Graphs inside are only noted: they are read once the graph around them is.
#ifndef ANALYZER_ATTRIBUTE_READER_H_
#define ANALYZER_ATTRIBUTE_READER_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "analyzer/decoder.h"
#include "analyzer/model.h"

namespace onnx_macs {

bool ReadAttribute(Decoder& decoder, absl::string_view message, Attribute* attribute,
                   std::vector<PendingGraph>* graphs);

}  // namespace onnx_macs

#endif  // ANALYZER_ATTRIBUTE_READER_H_
