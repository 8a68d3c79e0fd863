// The data of tensors: how much there is of it, and for the small ones that compute shapes, what it
// says. Weights are never asked for.
#ifndef ANALYZER_TENSOR_DATA_H_
#define ANALYZER_TENSOR_DATA_H_

#include <cstdint>
#include <optional>
#include <string>

#include "analyzer/expr_pool.h"
#include "analyzer/model.h"
#include "analyzer/tensor_info.h"

namespace onnx_macs {

// The product of the dims; nothing when it overflows or a dim is negative.
std::optional<int64_t> NumElements(const Tensor& tensor);

// Bytes of the elements, packed as raw_data packs them: true to the bit for 4- and 2-bit types.
// Zero for strings, which have no fixed width.
std::optional<int64_t> StorageBytes(const Tensor& tensor);

// The bytes of raw_data; empty unless the elements are stored so.
absl::string_view RawData(const Tensor& tensor);

// Where an external tensor says its data lies.
struct ExternalPlace {
  absl::string_view location;
  uint64_t offset = 0;
  uint64_t length = 0;
  bool has_length = false;
};
// False when the tensor says nothing usable.
bool ReadExternalPlace(const Tensor& tensor, ExternalPlace* place);

// The elements of a tensor of numbers, in whichever form they are stored. External data is read
// from inside `folder` when it is small; `folder` may be empty. False when the data cannot be had:
// more than `max_elements`, not there, of the wrong size, or not numbers.
bool ReadElements(const Tensor& tensor, const std::string& folder, ExprPool& pool,
                  int64_t max_elements, ElementVector* out);

}  // namespace onnx_macs

#endif  // ANALYZER_TENSOR_DATA_H_
