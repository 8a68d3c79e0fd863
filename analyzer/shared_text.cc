// Bytes of texts, behind how many share them.
#include "analyzer/shared_text.h"

#include <cstring>
#include <limits>
#include <new>

namespace onnx_macs {

SharedText::Kept* SharedText::Keep(absl::string_view text) {
  // What is longer than any file that rows are read from is cut.
  text = text.substr(0, std::numeric_limits<uint32_t>::max());
  if (text.empty()) return nullptr;
  void* const memory = ::operator new(sizeof(Kept) + text.size());
  Kept* const kept = new (memory) Kept{{1}, static_cast<uint32_t>(text.size())};
  std::memcpy(static_cast<char*>(memory) + sizeof(Kept), text.data(), text.size());
  return kept;
}

void SharedText::Free(Kept* kept) {
  kept->~Kept();
  ::operator delete(kept);
}

const SharedText& SharedTexts::Of(absl::string_view text) {
  const auto it = texts_.find(text);
  if (it != texts_.end()) return it->second;
  SharedText kept(text);
  const absl::string_view key = kept;
  return texts_.emplace(key, std::move(kept)).first->second;
}

}  // namespace onnx_macs
