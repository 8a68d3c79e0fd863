// The kinds of evidence by name.
#include "analyzer/paths/evidence.h"

namespace onnx_macs {
namespace {

constexpr EvidenceRow kRows[] = {
    {Evidence::kMetadata, "metadata", "by its metadata"},
    {Evidence::kWeights, "weights", "by the names of weights"},
    {Evidence::kNodeName, "node_names", "by its name"},
    {Evidence::kOutputName, "output_names", "by its output's name"},
    {Evidence::kFunction, "functions", "by the function it calls"},
    {Evidence::kEnclosing, "enclosing", "by the call it is part of"},
    {Evidence::kConsumers, "consumers", "by what reads it"},
    {Evidence::kProducers, "producers", "by what it reads"},
    {Evidence::kNone, "none", "nothing says where it belongs"},
};

}  // namespace

absl::Span<const EvidenceRow> EvidenceTable() { return kRows; }

}  // namespace onnx_macs
