// What shapes that must agree ask of a symbol is a fact of the pool: "height is divisible by 8".
#include "analyzer/resolution_advice.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "analyzer/bind.h"
#include "analyzer/bind_extents.h"
#include "analyzer/inference.h"

namespace onnx_macs {
namespace {

constexpr int kHeight = 2, kWidth = 3;

// One side of an image.
struct Side {
  int64_t asked = 0;
  int64_t multiple = 1;  // of pixels, that the model takes
  int64_t fixed = 0;     // pixels that the file is made for; 0 where it leaves them open

  bool IsRefused() const { return fixed > 0 ? asked != fixed : asked % multiple != 0; }
};

// "height and width", where both ask the same.
std::string Describe(const Side& side, absl::string_view name) {
  if (side.fixed > 0) {
    return absl::StrCat("the file was made for a ", name, " of ", side.fixed,
                        " pixels and holds sizes of it");
  }
  const int64_t below = side.asked / side.multiple * side.multiple;
  int64_t above = 0;  // none, where that is past all sizes
  if (__builtin_add_overflow(below, side.multiple, &above)) above = 0;
  const absl::string_view either = below > 0 && above > 0 ? " or " : "";
  return absl::StrCat(name, " must be divisible by ", side.multiple,
                      " pixels: ", below > 0 ? absl::StrCat(below) : "", either,
                      above > 0 ? absl::StrCat(above) : "", ", not ", side.asked);
}

std::string Describe(const Side& height, const Side& width) {
  const bool are_alike = height.asked == width.asked && height.multiple == width.multiple &&
                         height.fixed == width.fixed;
  if (are_alike) return height.IsRefused() ? Describe(height, "height and width") : "";
  std::string advice = height.IsRefused() ? Describe(height, "height") : "";
  if (!width.IsRefused()) return advice;
  return absl::StrCat(advice, advice.empty() ? "" : "; ", Describe(width, "width"));
}

// What facts and the file ask of the extent of one axis.
void Collect(const Dim& size, int64_t pixels, Side* side) {
  const Dim fixed = size * Dim(pixels);
  if (fixed.is_integer()) side->fixed = fixed.value();
  const Atom* symbol = SymbolOf(size);
  if (symbol == nullptr || symbol->divisor >= kMaxDivisor / pixels) return;
  side->multiple = std::lcm(side->multiple, symbol->divisor * pixels);
}

}  // namespace

std::string AdviseResolution(const Model& model, const RuleSet& rules, const BindOptions& options) {
  BindOptions open = options;
  open.res.reset();
  Inference inference(model, rules);
  Frame& frame = inference.EnterGraph(model.graph, model.opsets);
  if (!BindInputs(open, inference, frame).ok()) return "";
  std::vector<std::pair<ValueId, Shape>> inputs;
  for (const ValueId id : frame.graph->inputs) inputs.emplace_back(id, frame.values[id].shape);
  inference.EndBinding();
  inference.Walk(frame);
  const Signature signature = ReadSignature(model);
  ExtentSizes sizes(options, inference, signature);
  Side height{.asked = options.res->first}, width{.asked = options.res->second};
  for (const AxisExtent& found : ExtentsOf(signature)) {
    const bool is_latent =
        found.extent == Extent::kLatentHeight || found.extent == Extent::kLatentWidth;
    const bool is_pixel =
        found.extent == Extent::kPixelHeight || found.extent == Extent::kPixelWidth;
    if (!is_latent && !is_pixel) continue;
    const auto input = std::find_if(inputs.begin(), inputs.end(), [&](const auto& pair) {
      return model.graph.values[pair.first].name == found.input->name;
    });
    if (input == inputs.end() || input->second.rank() <= kWidth) continue;
    const int64_t pixels = is_latent ? sizes.VaeFactor() : 1;
    Collect(input->second[found.axis], pixels, found.axis == kHeight ? &height : &width);
  }
  const std::string advice = Describe(height, width);
  return advice.empty() ? "" : absl::StrCat("--res: ", advice);
}

}  // namespace onnx_macs
