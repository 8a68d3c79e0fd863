// How many pixels along one side a latent stands for, as an autoencoder itself tells.
#ifndef ANALYZER_PIPELINE_VAE_FACTOR_H_
#define ANALYZER_PIPELINE_VAE_FACTOR_H_

#include <cstdint>

#include "analyzer/model.h"
#include "analyzer/pipeline/signature.h"
#include "analyzer/rule.h"

namespace onnx_macs {

// By what the outputs are declared as: `latent_height * 8`, or 512 made of 64; 0 when that does
// not tell.
int64_t DeclaredVaeFactor(const Signature& signature);

// By inference with symbols for height and width; 0 when the graph does not tell either.
int64_t InferredVaeFactor(const Model& model, const RuleSet& rules);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_VAE_FACTOR_H_
