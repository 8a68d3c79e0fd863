// Pixels per latent, as the declared sizes of an autoencoder tell.
#include "analyzer/pipeline/vae_factor.h"

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

DeclaredDim Size(int64_t value) {
  return {.kind = DeclaredDim::Kind::kValue, .value = value, .param = ""};
}
DeclaredDim Open(absl::string_view param) {
  return {.kind = DeclaredDim::Kind::kParam, .value = 0, .param = param};
}

// An image in, an image out, of the given heights.
Signature Between(DeclaredDim in, DeclaredDim out) {
  Signature signature;
  for (const auto& [ports, height] :
       {std::pair(&signature.inputs, in), std::pair(&signature.outputs, out)}) {
    Port port{.name = "image", .type = {}};
    port.type.type = DataType::kFloat;
    port.type.has_shape = true;
    port.type.dims = {Size(1), Size(4), height, height};
    ports->push_back(std::move(port));
  }
  return signature;
}

}  // namespace

TEST_CASE("an autoencoder's declared heights tell how many pixels a latent is") {
  CHECK(DeclaredVaeFactor(Between(Open("latent_height"), Open("latent_height * 8"))) == 8);
  CHECK(DeclaredVaeFactor(Between(Open("h"), Open("32*latent_height"))) == 32);
  CHECK(DeclaredVaeFactor(Between(Open("sample_height"), Open("sample_height / 8"))) == 8);
  CHECK(DeclaredVaeFactor(Between(Open("h"), Open("floor(h/8)"))) == 8);
  CHECK(DeclaredVaeFactor(Between(Size(64), Size(512))) == 8);
  CHECK(DeclaredVaeFactor(Between(Size(512), Size(16))) == 32);
}

TEST_CASE("heights that are no multiples of each other tell nothing") {
  CHECK(DeclaredVaeFactor(Between(Size(64), Size(64))) == 0);
  CHECK(DeclaredVaeFactor(Between(Size(64), Size(100))) == 0);
  CHECK(DeclaredVaeFactor(Between(Open("h"), Open("out_h"))) == 0);
  CHECK(DeclaredVaeFactor(Between(Open("h"), Open("4*floor(h/4)"))) == 0);
  CHECK(DeclaredVaeFactor(Between(Open("h"), Open("4*h + 3"))) == 0);
  CHECK(DeclaredVaeFactor({}) == 0);
}

}  // namespace onnx_macs
