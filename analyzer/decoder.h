// Decoder: what the readers of a file's messages share: the model being filled, the first error,
// the rows of operators, limits, and buffers that are used again for every node.
#ifndef ANALYZER_DECODER_H_
#define ANALYZER_DECODER_H_

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "analyzer/model.h"
#include "analyzer/wire.h"

namespace onnx_macs {

// A subgraph that is read once the graph around it is known.
struct PendingGraph {
  const Graph** slot;  // in the attribute's list
  absl::string_view message;
};

class Decoder {
 public:
  explicit Decoder(Model* model) : model_(*model) {}

  Model& model() { return model_; }
  Arena& arena() { return model_.arena; }

  // Keep the first error; all return false.
  bool Fail(absl::string_view message) { return Keep(absl::InvalidArgumentError(message)); }
  // The bytes do not follow the format: see IsFormatError().
  bool FailFormat(absl::string_view message) { return Keep(absl::DataLossError(message)); }
  bool Corrupt(const char* at, WireError error, absl::string_view inside);
  // For the end of every field loop: true unless the reader stopped at an error.
  bool Finish(const WireReader& reader, absl::string_view inside) {
    return reader.error() == WireError::kNone || Corrupt(reader.field(), reader.error(), inside);
  }
  const absl::Status& status() const { return status_; }

  // Counts what takes memory, so that no file makes us take much more than it has itself.
  bool Spend(size_t items) {
    items_ += items;
    return items_ <= kMaxItems || Fail("it has more than 64 million nodes, values and attributes");
  }

  int32_t OperatorId(absl::string_view domain, absl::string_view type, absl::string_view overload);

  // A singular message that a writer gave in several pieces is their concatenation.
  absl::string_view Merged(absl::string_view message, uint32_t tag);

  // Says that a tensor's bytes are behind us. The system maps a dozen pages around each one that is
  // read: among many large weights those would add up.
  void Passed(absl::string_view tensor);

  // Reads a repeated scalar in either form into a buffer.
  bool AppendVarints(const WireReader& reader, absl::string_view inside, std::vector<int64_t>* out);

  struct Buffers {
    std::vector<ValueId> inputs, outputs;
    std::vector<Attribute> attributes;
    std::vector<int64_t> ints;
    std::vector<float> floats;
    std::vector<absl::string_view> strings;
    std::vector<Tensor> tensors;
    std::vector<absl::string_view> graphs;
    std::vector<int64_t> dims;
  };
  Buffers buffers;

 private:
  bool Keep(absl::Status status);

  static constexpr size_t kMaxItems = 64'000'000;
  using OperatorKey = std::tuple<absl::string_view, absl::string_view, absl::string_view>;

  Model& model_;
  absl::Status status_;
  size_t items_ = 0;
  const char* unreleased_ = nullptr;  // large tensors from here on keep their pages
  int large_tensors_ = 0;
  absl::flat_hash_map<OperatorKey, int32_t> operators_;
  std::array<int32_t, 64> recent_operators_ = {};  // by a cheap hash; 1 + index
};

// Whether the bytes were not even those of a model, as opposed to a model with something wrong.
inline bool IsFormatError(const absl::Status& status) {
  return status.code() == absl::StatusCode::kDataLoss;
}

// "ai.onnx" and "" are one domain.
inline absl::string_view NormalDomain(absl::string_view domain) {
  return domain == "ai.onnx" ? absl::string_view() : domain;
}

// A name as it may stand in a message: escaped, and not too long.
std::string Quoted(absl::string_view name);

}  // namespace onnx_macs

#endif  // ANALYZER_DECODER_H_
