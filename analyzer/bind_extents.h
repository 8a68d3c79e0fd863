// What a resolution is in latents and tokens: sizes of extents, and where each was taken from.
#ifndef ANALYZER_BIND_EXTENTS_H_
#define ANALYZER_BIND_EXTENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/inference.h"
#include "analyzer/pipeline/extents.h"
#include "analyzer/pipeline/family.h"
#include "analyzer/pipeline/signature.h"

namespace onnx_macs {

class ExtentSizes {
 public:
  // All outlive it. `options.res` is given.
  ExtentSizes(const BindOptions& options, Inference& inference, const Signature& signature);

  // Unknown where neither the pipeline nor the family tells; a symbol where resolutions are swept.
  Dim SizeOf(Extent extent);

  // Pixels along one side of a latent.
  int64_t VaeFactor();

  // What was assumed on the way, each once.
  const std::vector<std::string>& notes() const { return notes_; }
  // The symbols made, with what they stand for.
  const std::vector<SweptExtent>& swept() const { return swept_; }
  bool used_vae_factor() const { return used_vae_factor_; }
  // Of a text's length: "usual for SANA".
  const std::string& text_source() const { return text_source_; }

 private:
  int64_t FindVaeFactor();
  LatentScale Scale();
  void NoteRounding(int64_t pixels, LatentScale scale);
  Dim Swept(Extent extent, LatentScale scale);
  Dim TextLength();

  const BindOptions& options_;
  Inference& inference_;
  const Signature& signature_;
  const Family* const family_;
  std::vector<std::string> notes_;
  std::vector<SweptExtent> swept_;
  std::string text_source_;
  int64_t vae_factor_ = 0;
  bool used_vae_factor_ = false, noted_rounding_ = false;
};

}  // namespace onnx_macs

#endif  // ANALYZER_BIND_EXTENTS_H_
