// Norms, activations, gated units, MLPs, rotary positions and residual blocks as exporters write
// them, each form in a small graph.
#include "tests/support/block_text.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

struct Form {
  const char *name, *inputs, *nodes, *expected;
  const char* imports = R"("" : 17)";
};

template <size_t kCount>
void Check(const Form (&forms)[kCount]) {
  for (const Form& form : forms) {
    INFO(form.name);
    CHECK(ForestText(AnalyzeNodes(form.inputs, form.nodes, form.imports)) == form.expected);
  }
}

const char kX[] = "float[2,5,4] x";
const char kMicrosoft[] = R"("" : 17, "com.microsoft" : 1)";

TEST_CASE("norms of separate nodes") {
  const Form kForms[] = {
      {"LayerNorm with scale and shift", kX, R"(
         two = Constant <value = float {2.0}> ()
         eps = Constant <value = float {1e-5}> ()
         gamma = Constant <value = float[4] {1,1,1,1}> ()
         beta = Constant <value = float[4] {0,0,0,0}> ()
         mean = ReduceMean <axes = [-1]> (x)
         d = Sub (x, mean)
         sq = Pow (d, two)
         var = ReduceMean <axes = [-1]> (sq)
         safe = Add (var, eps)
         root = Sqrt (safe)
         n = Div (d, root)
         s = Mul (n, gamma)
         y = Add (s, beta))",
       "layer_norm"},
      {"adaptive: the modulation is none of it",
       "float[2,5,4] x, float[2,1,4] scale, float[2,1,4] shift", R"(
         two = Constant <value = float {2.0}> ()
         one = Constant <value = float {1.0}> ()
         eps = Constant <value = float {1e-5}> ()
         mean = ReduceMean <axes = [2]> (x)
         d = Sub (x, mean)
         sq = Mul (d, d)
         var = ReduceMean <axes = [2]> (sq)
         safe = Add (eps, var)
         root = Sqrt (safe)
         n = Div (d, root)
         more = Add (one, scale)
         s = Mul (n, more)
         y = Add (s, shift))",
       "layer_norm"},
      {"RMSNorm of Llama, the cast read by others too", "float16[2,5,4] x", R"(
         two = Constant <value = float {2.0}> ()
         one = Constant <value = float {1.0}> ()
         eps = Constant <value = float {1e-5}> ()
         wf = Constant <value = float[4] {1,1,1,1}> ()
         w = Cast <to = 10> (wf)
         f = Cast <to = 1> (x)
         sq = Pow (f, two)
         ms = ReduceMean <axes = [-1]> (sq)
         safe = Add (ms, eps)
         root = Sqrt (safe)
         inv = Div (one, root)
         n = Mul (f, inv)
         h = Cast <to = 10> (n)
         s = Mul (w, h)
         back = Cast <to = 1> (s)
         y = Add (back, f))",
       "rms_norm"},
      {"RMSNorm by Reciprocal", kX, R"(
         two = Constant <value = float {2.0}> ()
         eps = Constant <value = float {1e-6}> ()
         w = Constant <value = float[4] {1,1,1,1}> ()
         sq = Pow (x, two)
         ms = ReduceMean <axes = [-1]> (sq)
         safe = Add (ms, eps)
         root = Sqrt (safe)
         inv = Reciprocal (root)
         n = Mul (x, inv)
         y = Mul (n, w))",
       "rms_norm"},
      {"RMSNorm by a power", kX, R"(
         two = Constant <value = float {2.0}> ()
         half = Constant <value = float {-0.5}> ()
         eps = Constant <value = float {1e-6}> ()
         sq = Pow (x, two)
         ms = ReduceMean <axes = [-1]> (sq)
         safe = Add (ms, eps)
         inv = Pow (safe, half)
         y = Mul (x, inv))",
       "rms_norm"},
      {"GroupNorm", "float[2,8,3,3] x", R"(
         groups = Constant <value = int64[3] {0, 4, -1}> ()
         ones = Constant <value = float[4] {1,1,1,1}> ()
         zeros = Constant <value = float[4] {0,0,0,0}> ()
         gamma = Constant <value = float[8,1,1] {1,1,1,1,1,1,1,1}> ()
         beta = Constant <value = float[8,1,1] {0,0,0,0,0,0,0,0}> ()
         g = Reshape (x, groups)
         n = InstanceNormalization (g, ones, zeros)
         shape = Shape (x)
         back = Reshape (n, shape)
         s = Mul (back, gamma)
         y = Add (s, beta))",
       "group_norm"},
      {"a deviation that nothing is divided by", kX, R"(
         two = Constant <value = float {2.0}> ()
         mean = ReduceMean <axes = [-1]> (x)
         d = Sub (x, mean)
         sq = Pow (d, two)
         var = ReduceMean <axes = [-1]> (sq)
         y = Sqrt (var))",
       ""},
  };
  Check(kForms);
}

TEST_CASE("activations of separate nodes") {
  const Form kForms[] = {
      {"GELU of TorchScript", kX, R"(
         r = Constant <value = float {1.4142135}> ()
         one = Constant <value = float {1.0}> ()
         half = Constant <value = float {0.5}> ()
         d = Div (x, r)
         e = Erf (d)
         a = Add (e, one)
         m = Mul (x, a)
         y = Mul (m, half))",
       "gelu"},
      {"GELU of dynamo: half of x first", kX, R"(
         r = Constant <value = float {1.4142135}> ()
         one = Constant <value = float {1.0}> ()
         half = Constant <value = float {0.5}> ()
         d = Div (x, r)
         e = Erf (d)
         a = Add (e, one)
         h = Mul (half, x)
         y = Mul (h, a))",
       "gelu"},
      {"GELU by tanh, the cube by two products", kX, R"(
         one = Constant <value = float {1.0}> ()
         half = Constant <value = float {0.5}> ()
         c = Constant <value = float {0.044715}> ()
         k = Constant <value = float {0.7978846}> ()
         x2 = Mul (x, x)
         x3 = Mul (x2, x)
         cx = Mul (x3, c)
         s = Add (x, cx)
         z = Mul (s, k)
         t = Tanh (z)
         a = Add (t, one)
         m = Mul (x, a)
         y = Mul (m, half))",
       "gelu"},
      {"GELU by tanh, the cube by Pow", kX, R"(
         one = Constant <value = float {1.0}> ()
         half = Constant <value = float {0.5}> ()
         three = Constant <value = float {3.0}> ()
         c = Constant <value = float {0.044715}> ()
         k = Constant <value = float {0.7978846}> ()
         x3 = Pow (x, three)
         cx = Mul (c, x3)
         s = Add (x, cx)
         z = Mul (k, s)
         t = Tanh (z)
         a = Add (one, t)
         h = Mul (half, x)
         y = Mul (h, a))",
       "gelu"},
      {"QuickGELU of CLIP", kX, R"(
         k = Constant <value = float {1.702}> ()
         z = Mul (x, k)
         s = Sigmoid (z)
         y = Mul (x, s))",
       "gelu"},
      {"SiLU", kX, "s = Sigmoid (x) y = Mul (x, s)", "silu"},
      {"a gate by another value is no SiLU", "float[2,5,4] x, float[2,5,4] z",
       "s = Sigmoid (z) y = Mul (x, s)", ""},
      {"SwiGLU", "float[2,5,4] gate, float[2,5,4] up",
       "s = Sigmoid (gate) a = Mul (gate, s) y = Mul (a, up)", "swiglu(silu)"},
      {"an activation that scales channels gates nothing", "float[2,5,4] x, float[2,1,4] z",
       "s = Sigmoid (z) a = Mul (z, s) y = Mul (x, a)", "silu"},
      {"GEGLU of two halves", "float[2,5,8] x", R"(
         r = Constant <value = float {1.4142135}> ()
         one = Constant <value = float {1.0}> ()
         half = Constant <value = float {0.5}> ()
         value, gate = Split <axis = -1> (x)
         d = Div (gate, r)
         e = Erf (d)
         a = Add (e, one)
         m = Mul (gate, a)
         g = Mul (m, half)
         y = Mul (value, g))",
       "geglu(gelu)"},
  };
  Check(kForms);
}

TEST_CASE("MLPs") {
  const Form kForms[] = {
      {"ViT: two Linears and a GELU", "float[2,5,4] x, float[4,8] w1, float[8] b1, float[8,4] w2",
       R"(
         h = MatMul (x, w1)
         hb = Add (b1, h)
         g = com.microsoft.Gelu (hb)
         y = MatMul (g, w2))",
       "mlp(gelu)", kMicrosoft},
      {"Llama: gate and up", "float[2,5,4] x, float[4,8] w1, float[4,8] w3, float[8,4] w2", R"(
         gate = MatMul (x, w1)
         up = MatMul (x, w3)
         s = Sigmoid (gate)
         a = Mul (gate, s)
         g = Mul (a, up)
         y = MatMul (g, w2))",
       "mlp(swiglu(silu))"},
      {"gate and up of different values are no MLP",
       "float[2,5,4] x, float[2,5,4] z, float[4,8] w1, float[4,8] w3, float[8,4] w2", R"(
         gate = MatMul (x, w1)
         up = MatMul (z, w3)
         s = Sigmoid (gate)
         a = Mul (gate, s)
         g = Mul (a, up)
         y = MatMul (g, w2))",
       "swiglu(silu)"},
      {"T5 1.0: Relu", "float[2,5,4] x, float[4,8] w1, float[8,4] w2", R"(
         h = MatMul (x, w1)
         a = Relu (h)
         y = MatMul (a, w2))",
       "mlp"},
      {"a time embedding that several Linears read",
       "float[2,4] x, float[4,8] w1, float[8,4] w2, float[8,4] w3", R"(
         h = MatMul (x, w1)
         s = Sigmoid (h)
         a = Mul (h, s)
         y2 = MatMul (a, w2)
         y3 = MatMul (a, w3)
         y = Add (y2, y3))",
       "silu"},
      {"SANA: 1x1 convolutions around a depthwise one",
       "float[1,4,6,6] x, float[16,4,1,1] w1, float[16,1,3,3] wd, float[4,8,1,1] w2", R"(
         h = Conv (x, w1)
         s = Sigmoid (h)
         a = Mul (h, s)
         d = Conv <group = 16, pads = [1,1,1,1]> (a, wd)
         v, gate = Split <axis = 1> (d)
         t = Sigmoid (gate)
         b = Mul (gate, t)
         g = Mul (v, b)
         y = Conv (g, w2))",
       "mlp(silu; swiglu(silu))"},
  };
  Check(kForms);
}

TEST_CASE("rotary positions") {
  const Form kForms[] = {
      {"Llama: halves", "float[2,3,5,4] x, float[1,1,5,4] cos, float[1,1,5,4] sin", R"(
         zero = Constant <value = int64[1] {0}> ()
         half = Constant <value = int64[1] {2}> ()
         end = Constant <value = int64[1] {4}> ()
         last = Constant <value = int64[1] {3}> ()
         c = Mul (x, cos)
         b = Slice (x, half, end, last)
         nb = Neg (b)
         a = Slice (x, zero, half, last)
         r = Concat <axis = -1> (nb, a)
         s = Mul (r, sin)
         y = Add (c, s))",
       "rope"},
      {"Flux: pairs", "float[2,3,5,4] x, float[1,1,5,4] cos, float[1,1,5,4] sin", R"(
         pairs = Constant <value = int64[5] {2, 3, 5, 2, 2}> ()
         all = Constant <value = int64[4] {2, 3, 5, 4}> ()
         last = Constant <value = int64[1] {-1}> ()
         p = Reshape (x, pairs)
         even, odd = Split <axis = -1> (p)
         re = Squeeze (even, last)
         im = Squeeze (odd, last)
         ni = Neg (im)
         ni1 = Unsqueeze (ni, last)
         re1 = Unsqueeze (re, last)
         st = Concat <axis = -1> (ni1, re1)
         r = Reshape (st, all)
         c = Mul (x, cos)
         s = Mul (r, sin)
         y = Add (c, s))",
       "rope"},
      {"both halves written out", "float[2,3,5,4] x, float[1,1,5,2] cos, float[1,1,5,2] sin", R"(
         a, b = Split <axis = -1> (x)
         ac = Mul (a, cos)
         bs = Mul (b, sin)
         first = Sub (ac, bs)
         bc = Mul (b, cos)
         as = Mul (a, sin)
         second = Add (bc, as)
         y = Concat <axis = -1> (first, second))",
       "rope"},
  };
  Check(kForms);
}

TEST_CASE("residual blocks of convolutions") {
  const Form kForms[] = {
      {"ResNet: the shortcut is what comes in",
       "float[1,4,6,6] x, float[4,4,3,3] w1, float[4,4,3,3] w2",
       R"(
         a = Conv <pads = [1,1,1,1]> (x, w1)
         r = Relu (a)
         b = Conv <pads = [1,1,1,1]> (r, w2)
         s = Add (b, x)
         y = Relu (s))",
       "residual"},
      {"a UNet's: projected shortcut and time embedding",
       "float[1,4,6,6] x, float[1,8] time, float[8,4,3,3] w1, float[8,8,3,3] w2, float[8,4,1,1] "
       "w3, float[8,8] wt",
       R"(
         last = Constant <value = int64[2] {2, 3}> ()
         s0 = Sigmoid (x)
         a0 = Mul (x, s0)
         h = Conv <pads = [1,1,1,1]> (a0, w1)
         t = Gemm (time, wt)
         tu = Unsqueeze (t, last)
         ht = Add (h, tu)
         s1 = Sigmoid (ht)
         a1 = Mul (ht, s1)
         b = Conv <pads = [1,1,1,1]> (a1, w2)
         c = Conv (x, w3)
         y = Add (c, b))",
       "residual(silu; silu)"},
      {"scaled and shifted by an embedding, as conditional norms are",
       "float[1,4,6,6] x, float[1,8] time, float[4,4,3,3] w1, float[4,4,3,3] w2, float[8,4] wt, "
       "float[8,4] wb",
       R"(
         last = Constant <value = int64[2] {2, 3}> ()
         scale = MatMul (time, wt)
         scale4 = Unsqueeze (scale, last)
         shift = MatMul (time, wb)
         shift4 = Unsqueeze (shift, last)
         a = Conv <pads = [1,1,1,1]> (x, w1)
         scaled = Mul (scale4, a)
         shifted = Add (scaled, shift4)
         r = Relu (shifted)
         b = Conv <pads = [1,1,1,1]> (r, w2)
         y = Add (x, b))",
       "residual"},
      {"one convolution makes none", "float[1,4,6,6] x, float[4,4,3,3] w1", R"(
         a = Conv <pads = [1,1,1,1]> (x, w1)
         y = Add (a, x))",
       ""},
  };
  Check(kForms);
}

TEST_CASE("fused operators are blocks of one node") {
  const Form kForms[] = {
      {"norms", "float[2,5,4] x, float[4] w, float[2,5,4] z", R"(
         a = LayerNormalization (x, w)
         b = com.microsoft.SkipLayerNormalization (a, z, w)
         c = com.microsoft.SkipSimplifiedLayerNormalization (b, z, w)
         y = SimplifiedLayerNormalization (c, w))",
       "layer_norm; layer_norm; rms_norm; rms_norm", kMicrosoft},
      {"activations", "float[2,5,4] x", R"(
         a = com.microsoft.FastGelu (x)
         b = com.microsoft.QuickGelu <alpha = 1.0> (a)
         y = com.microsoft.QuickGelu (b))",
       "gelu; silu; gelu", kMicrosoft},
  };
  Check(kForms);
}

}  // namespace
}  // namespace onnx_macs::testing
