// Quantised products, convolutions and mixtures of experts against the naive counter, over all
// small sizes: whatever their storage, they count as the product they compute.
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/sweep.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

const std::string kMs = "com.microsoft";

std::string Of(const std::string& type, const Ints& dims) {
  return absl::StrCat(type, "[", absl::StrJoin(dims, ","), "]");
}

const Sweep kProducts({"ai.onnx MatMulInteger", "ai.onnx QLinearMatMul",
                       "com.microsoft MatMulIntegerToFloat"});

TEST_CASE("quantised products of matrices over ranks and broadcast batches") {
  const SweepCheck check(kProducts);
  const std::vector<Ints> batches = {{}, {1}, {5}, {4, 1}, {1, 5}};
  for (const Ints& left : batches) {
    for (const Ints& right : batches) {
      Ints a = left, b = right;
      a.insert(a.end(), {2, 3});
      b.insert(b.end(), {3, 7});
      const NaiveResult oracle = CountMatMul(a, b);
      const std::string x = Of("u8", a), w = Of("i8", b), y = Of("u8", oracle.shape);
      RunOpCases(std::vector<OpCase>{
          {.op = "MatMulInteger",
           .inputs = {x, w},
           .expected = Of("i32", oracle.shape),
           .macs = oracle.macs},
          {.op = "QLinearMatMul",
           .inputs = {x, "f32[]", "u8[]", w, "f32[]", "i8[]", "f32[]", "u8[]"},
           .expected = y,
           .macs = oracle.macs},
          {.op = "MatMulIntegerToFloat",
           .domain = kMs,
           .opset = 1,
           .inputs = {x, w, "f32[1]", "f32[1]"},
           .expected = F32(oracle.shape),
           .macs = oracle.macs},
      });
    }
  }
}

const Sweep kGemms({"com.microsoft QGemm", "com.microsoft FusedGemm", "com.microsoft FusedMatMul"});

TEST_CASE("quantised and fused products with every transposition") {
  const SweepCheck check(kGemms);
  for (int64_t trans_a : {0, 1}) {
    for (int64_t trans_b : {0, 1}) {
      for (int64_t inner : {1, 2, 3, 4}) {
        const Ints a = trans_a ? Ints{inner, 2} : Ints{2, inner};
        const Ints b = trans_b ? Ints{5, inner} : Ints{inner, 5};
        const NaiveResult oracle = CountGemm(a, b, trans_a, trans_b);
        const std::vector<std::string> attrs = {absl::StrCat("transA=", trans_a),
                                                absl::StrCat("transB=", trans_b)};
        RunOpCases(std::vector<OpCase>{
            {.op = "QGemm",
             .domain = kMs,
             .opset = 1,
             .attrs = attrs,
             .inputs = {Of("u8", a), "f32", "u8", Of("i8", b), "f32", "i8"},
             .expected = F32(oracle.shape),
             .macs = oracle.macs},
            {.op = "FusedGemm",
             .domain = kMs,
             .opset = 1,
             .attrs = attrs,
             .inputs = {F32(a), F32(b)},
             .expected = F32(oracle.shape),
             .macs = oracle.macs},
            {.op = "FusedMatMul",
             .domain = kMs,
             .opset = 1,
             .attrs = attrs,
             .inputs = {F32(a), F32(b)},
             .expected = F32(oracle.shape),
             .macs = oracle.macs},
        });
      }
    }
  }
}

const Sweep kPackedWeights({"com.microsoft MatMulNBits"});

TEST_CASE("packed weights of every width and block") {
  const SweepCheck check(kPackedWeights);
  for (int64_t bits : {2, 4, 8}) {
    for (int64_t block : {16, 32}) {
      for (int64_t inner : {32, 80}) {
        for (const Ints& rows : {Ints{1}, Ints{6}, Ints{2, 3}}) {
          Ints a = rows;
          a.push_back(inner);
          const NaiveResult oracle = CountMatMul(a, {inner, 5});
          const int64_t blocks = (inner + block - 1) / block;
          RunOpCase({.op = "MatMulNBits",
                     .domain = kMs,
                     .opset = 1,
                     .attrs = {absl::StrCat("K=", inner), "N=5", absl::StrCat("bits=", bits),
                               absl::StrCat("block_size=", block)},
                     .inputs = {F32(a), Of("u8", {5, blocks, block * bits / 8}) + "=weights",
                                F32({5 * blocks})},
                     .expected = F32(oracle.shape),
                     .macs = oracle.macs});
        }
      }
    }
  }
}

Ints ChannelsLast(Ints dims) {
  dims.push_back(dims[1]);
  dims.erase(dims.begin() + 1);
  return dims;
}

std::vector<std::string> Attributes(const NaiveConv& conv) {
  Ints strides, dilations, pads, ends;
  for (const NaiveAxis& axis : conv.axes) {
    strides.push_back(axis.stride);
    dilations.push_back(axis.dilation);
    pads.push_back(axis.pad_begin);
    ends.push_back(axis.pad_end);
  }
  pads.insert(pads.end(), ends.begin(), ends.end());
  return {Attr("strides", strides), Attr("dilations", dilations), Attr("pads", pads),
          absl::StrCat("group=", conv.group)};
}

// One form of a convolution: its inputs, quantised or not, with channels first or last.
struct Form {
  const char *op, *domain;
  bool is_quantised, is_last;
};

void CheckForm(const Form& form, const NaiveConv& conv, const NaiveResult& oracle, const Ints& x,
               const Ints& w) {
  const Ints in = form.is_last ? ChannelsLast(x) : x;
  const Ints out = form.is_last ? ChannelsLast(oracle.shape) : oracle.shape;
  OpCase op_case = {.op = form.op, .domain = form.domain, .attrs = Attributes(conv)};
  op_case.opset = op_case.domain.empty() ? 17 : 1;
  const bool is_integer = op_case.op == "ConvInteger";
  if (form.is_last && op_case.domain == kMs && form.is_quantised) {
    op_case.attrs.push_back("channels_last=1");
  }
  if (is_integer) {
    op_case.inputs = {Of("u8", in), Of("u8", w)};
  } else if (form.is_quantised) {
    op_case.inputs = {Of("u8", in), "f32", "u8", Of("i8", w), "f32", "i8", "f32", "u8"};
  } else {
    op_case.inputs = {F32(in), F32(w)};
  }
  op_case.expected = Of(is_integer ? "i32" : form.is_quantised ? "u8" : "f32", out);
  op_case.macs = oracle.macs;
  RunOpCase(op_case);
}

const Sweep kConvs({"ai.onnx ConvInteger", "ai.onnx QLinearConv", "com.microsoft QLinearConv",
                    "com.microsoft FusedConv", "com.microsoft NhwcConv",
                    "com.microsoft NhwcFusedConv", "com.microsoft.nchwc Conv",
                    "com.ms.internal.nhwc QLinearConv", "com.ms.internal.nhwc Conv"});

TEST_CASE("convolutions of every form over groups, strides, dilations and pads") {
  const SweepCheck check(kConvs);
  const Form forms[] = {
      {"ConvInteger", "", true, false},
      {"QLinearConv", "", true, false},
      {"QLinearConv", "com.microsoft", true, false},
      {"QLinearConv", "com.microsoft", true, true},
      {"QLinearConv", "com.ms.internal.nhwc", true, true},
      {"Conv", "com.ms.internal.nhwc", false, true},
      {"FusedConv", "com.microsoft", false, false},
      {"Conv", "com.microsoft.nchwc", false, false},
      {"NhwcConv", "com.microsoft", false, true},
      {"NhwcFusedConv", "com.microsoft", false, true},
  };
  for (int64_t group : {1, 2, 6}) {
    for (int64_t stride : {1, 2}) {
      for (int64_t dilation : {1, 2}) {
        for (int64_t pad : {0, 1}) {
          const NaiveAxis height{7, 3, stride, dilation, pad, 1, 0};
          const NaiveAxis width{5, 2, 1, dilation, 0, pad, 0};
          const NaiveConv conv{2, 6, 12, group, {height, width}};
          const NaiveResult oracle = CountConv(conv);
          for (const Form& form : forms) {
            INFO(form.domain << "." << form.op);
            CheckForm(form, conv, oracle, {2, 6, 7, 5}, {12, 6 / group, 3, 2});
          }
        }
      }
    }
  }
}

const Sweep kTransposedConvs({"com.microsoft ConvTransposeWithDynamicPads",
                              "com.microsoft QLinearConvTranspose",
                              "com.ms.internal.nhwc QLinearConvTranspose",
                              "com.ms.internal.nhwc ConvTranspose"});

TEST_CASE("transposed convolutions of every form over groups and strides") {
  const SweepCheck check(kTransposedConvs);
  const Form forms[] = {
      {"ConvTransposeWithDynamicPads", "com.microsoft", false, false},
      {"QLinearConvTranspose", "com.microsoft", true, false},
      {"QLinearConvTranspose", "com.ms.internal.nhwc", true, true},
      {"ConvTranspose", "com.ms.internal.nhwc", false, true},
  };
  for (int64_t group : {1, 2, 6}) {
    for (int64_t stride : {1, 2, 3}) {
      for (int64_t dilation : {1, 2}) {
        const NaiveAxis height{4, 3, stride, dilation, 1, 0, 0}, width{5, 2, 1, 1, 0, 0, 0};
        for (int64_t batch : {1, 2}) {
          const NaiveConv conv{batch, 6, 12, group, {height, width}};
          const NaiveResult oracle = CountConvTranspose(conv);
          for (const Form& form : forms) {
            INFO(form.domain << "." << form.op);
            CheckForm(form, conv, oracle, {batch, 6, 4, 5}, {6, 12 / group, 3, 2});
          }
        }
      }
    }
  }
}

const Sweep kExperts({"com.microsoft MoE", "com.microsoft QMoE", "com.microsoft ShardedMoE"});

TEST_CASE("mixtures of experts as the naive loops count them") {
  const SweepCheck check(kExperts);
  for (int64_t chosen : {1, 2, 4}) {
    for (int64_t hidden : {4, 8}) {
      for (int64_t inner : {2, 6}) {
        const std::vector<std::string> attrs = {absl::StrCat("k=", chosen)};
        const std::string x = F32({6, hidden}), router = "f32[6,4]";
        const Ints up = {4, inner, hidden}, down = {4, hidden, inner};
        const int64_t plain = CountExperts({6, chosen, hidden, inner, false});
        const int64_t gated = CountExperts({6, chosen, hidden, inner, true});
        std::vector<std::string> swiglu = attrs, bits = attrs;
        swiglu.insert(swiglu.end(), {"activation_type=\"swiglu\"", "swiglu_fusion=1"});
        bits.push_back("expert_weight_bits=4");
        RunOpCases(std::vector<OpCase>{
            {.op = "MoE",
             .domain = kMs,
             .opset = 1,
             .attrs = attrs,
             .inputs = {x, router, F32(up), "", F32(down)},
             .expected = x,
             .macs = plain},
            {.op = "ShardedMoE",
             .domain = kMs,
             .opset = 1,
             .attrs = attrs,
             .inputs = {x, router, F32(up), "", F32(down)},
             .expected = x,
             .macs = plain},
            {.op = "MoE",
             .domain = kMs,
             .opset = 1,
             .attrs = attrs,
             .inputs = {x, router, F32(up), "", F32(down), "", F32(up)},
             .expected = x,
             .macs = gated},
            {.op = "MoE",
             .domain = kMs,
             .opset = 1,
             .attrs = swiglu,
             .inputs = {x, router, F32({4, 2 * inner, hidden}), "", F32(down)},
             .expected = x,
             .macs = gated},
            {.op = "QMoE",
             .domain = kMs,
             .opset = 1,
             .attrs = bits,
             .inputs = {x, router, Of("u8", {4, inner, hidden / 2}), F32({4, inner}), "",
                        Of("u8", {4, hidden, inner / 2}), F32({4, hidden})},
             .expected = x,
             .macs = plain},
        });
      }
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
