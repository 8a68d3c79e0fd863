// Attention as exporters write it, each form in a small graph. Batch 2, 3 heads of size 4, 5
// queries and 7 keys unless it says otherwise: 2*3*5*7*4 = 840 MACs for each product, 210 for the
// Softmax.
#include "tests/support/block_text.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

const char kCross[] = "attention 3x4 5>7 qk=840 softmax=210 av=840";

struct Form {
  const char *name, *inputs, *nodes;
  const char* expected = kCross;
  const char* imports = R"("" : 17)";
};

void Check(const Form& form) {
  INFO(form.name);
  CHECK(BlocksText(AnalyzeNodes(form.inputs, form.nodes, form.imports)) == form.expected);
}

const char kQkv[] = "float[2,3,5,4] q, float[2,3,7,4] k, float[2,3,7,4] v";

TEST_CASE("attention of the exporters of PyTorch") {
  const Form kForms[] = {
      {"TorchScript: the scale is computed from the shape, its root on both sides", kQkv, R"(
         end = Constant <value = int64[1] {9223372036854775807}> ()
         last = Constant <value = int64[1] {-1}> ()
         one = Constant <value = float {1.0}> ()
         shape = Shape (q)
         size = Slice (shape, last, end)
         size_f = Cast <to = 1> (size)
         root = Sqrt (size_f)
         scale = Div (one, root)
         scale_c = Cast <to = 1> (scale)
         kt = Transpose <perm = [0,1,3,2]> (k)
         a = Sqrt (scale_c)
         qs = Mul (q, a)
         b = Sqrt (scale_c)
         ks = Mul (kt, b)
         s = MatMul (qs, ks)
         p = Softmax <axis = -1> (s)
         y = MatMul (p, v))"},
      {"TorchScript: a mask of booleans, and rows without a key",
       "float[2,3,5,4] q, float[2,3,7,4] k, float[2,3,7,4] v, bool[2,1,5,7] mask", R"(
         zero = Constant <value = float {0.0}> ()
         low = Constant <value = float {-1e30}> ()
         kt = Transpose <perm = [0,1,-1,2]> (k)
         s = MatMul (q, kt)
         bias = Where (mask, zero, low)
         m = Add (s, bias)
         p = Softmax <axis = -1> (m)
         bad = IsNaN (p)
         good = Where (bad, zero, p)
         y = MatMul (good, v))"},
      {"dynamo: keys transposed as a flat batch", kQkv, R"(
         c = Constant <value = float {0.70710677}> ()
         flat = Constant <value = int64[3] {-1, 7, 4}> ()
         back = Constant <value = int64[4] {2, 3, 4, 7}> ()
         k3 = Reshape (k, flat)
         kt3 = Transpose <perm = [0,2,1]> (k3)
         kt = Reshape (kt3, back)
         qs = Mul (q, c)
         ks = Mul (kt, c)
         s = MatMul (qs, ks)
         p = Softmax <axis = 3> (s)
         y = MatMul (p, v))"},
  };
  for (const Form& form : kForms) Check(form);
}

TEST_CASE("attention of eager implementations") {
  const Form kForms[] = {
      {"BERT, ViT: scores divided, mask added",
       "float[2,3,5,4] q, float[2,3,7,4] k, float[2,3,7,4] v, float[2,1,1,7] mask", R"(
         c = Constant <value = float {2.0}> ()
         kt = Transpose <perm = [0,1,3,2]> (k)
         s = MatMul (q, kt)
         scaled = Div (s, c)
         m = Add (scaled, mask)
         p = Softmax <axis = -1> (m)
         dropped = Dropout (p)
         y = MatMul (dropped, v))"},
      {"Llama in half precision: Softmax in float, keys of one head for three queries'",
       "float16[2,3,5,4] q, float16[2,1,7,4] k, float16[2,1,7,4] v, float16[1,1,5,7] mask", R"(
         cf = Constant <value = float {0.5}> ()
         c = Cast <to = 10> (cf)
         axis = Constant <value = int64[1] {2}> ()
         wide = Constant <value = int64[5] {2, 1, 3, 7, 4}> ()
         all = Constant <value = int64[4] {2, 3, 7, 4}> ()
         k5 = Unsqueeze (k, axis)
         kx = Expand (k5, wide)
         kr = Reshape (kx, all)
         v5 = Unsqueeze (v, axis)
         vx = Expand (v5, wide)
         vr = Reshape (vx, all)
         kt = Transpose <perm = [0,1,3,2]> (kr)
         s = MatMul (q, kt)
         scaled = Mul (s, c)
         m = Add (scaled, mask)
         f = Cast <to = 1> (m)
         p = Softmax <axis = -1> (f)
         h = Cast <to = 10> (p)
         y = MatMul (h, vr))"},
      {"T5: no scale, a position bias before the scores",
       "float[2,3,5,4] q, float[2,3,7,4] k, float[2,3,7,4] v, float[1,3,5,7] bias", R"(
         kt = Transpose <perm = [0,1,3,2]> (k)
         s = MatMul (q, kt)
         m = Add (bias, s)
         p = Softmax <axis = 3> (m)
         y = MatMul (p, v))"},
      {"Gemma 2: scores capped", kQkv, R"(
         cap = Constant <value = float {50.0}> ()
         kt = Transpose <perm = [0,1,3,2]> (k)
         s = MatMul (q, kt)
         small = Div (s, cap)
         t = Tanh (small)
         capped = Mul (t, cap)
         p = Softmax <axis = -1> (capped)
         y = MatMul (p, v))"},
      {"GPT-OSS: a sink among the scores",
       "float[2,3,5,4] q, float[2,3,7,4] k, float[2,3,7,4] v, float[2,3,5,1] sinks", R"(
         zero = Constant <value = int64[1] {0}> ()
         last = Constant <value = int64[1] {-1}> ()
         kt = Transpose <perm = [0,1,3,2]> (k)
         s = MatMul (q, kt)
         all = Concat <axis = -1> (s, sinks)
         most = ReduceMax <axes = [-1], keepdims = 1> (all)
         low = Sub (all, most)
         p = Softmax <axis = -1> (low)
         kept = Slice (p, zero, last, last)
         y = MatMul (kept, v))",
       "attention 3x4 5>7 qk=840 softmax=240 av=840"},
      {"Whisper as it was: heads in the batch", "float[2,5,12] q, float[2,7,12] k, float[2,7,12] v",
       R"(
         c = Constant <value = float {0.5}> ()
         q4 = Constant <value = int64[4] {2, 5, 3, 4}> ()
         k4 = Constant <value = int64[4] {2, 7, 3, 4}> ()
         q3 = Constant <value = int64[3] {6, 5, 4}> ()
         k3 = Constant <value = int64[3] {6, 7, 4}> ()
         out4 = Constant <value = int64[4] {2, 3, 5, 4}> ()
         out3 = Constant <value = int64[3] {2, 5, 12}> ()
         qs = Mul (q, c)
         qh = Reshape (qs, q4)
         qt = Transpose <perm = [0,2,1,3]> (qh)
         qb = Reshape (qt, q3)
         kh = Reshape (k, k4)
         kp = Transpose <perm = [0,2,1,3]> (kh)
         kb = Reshape (kp, k3)
         vh = Reshape (v, k4)
         vp = Transpose <perm = [0,2,1,3]> (vh)
         vb = Reshape (vp, k3)
         kt = Transpose <perm = [0,2,1]> (kb)
         s = MatMul (qb, kt)
         p = Softmax <axis = 2> (s)
         o = MatMul (p, vb)
         oh = Reshape (o, out4)
         ot = Transpose <perm = [0,2,1,3]> (oh)
         y = Reshape (ot, out3))"},
  };
  for (const Form& form : kForms) Check(form);
}

TEST_CASE("attention by other products") {
  const Form kForms[] = {
      {"baddbmm: a product added to nothing",
       "float[6,5,4] q, float[6,7,4] k, float[6,7,4] v, float[6,5,7] empty", R"(
         zero = Constant <value = float {0.0}> ()
         c = Constant <value = float {0.5}> ()
         out4 = Constant <value = int64[4] {2, 3, 5, 4}> ()
         out3 = Constant <value = int64[3] {2, 5, 12}> ()
         kt = Transpose <perm = [0,2,1]> (k)
         s = MatMul (q, kt)
         scaled = Mul (s, c)
         nothing = Mul (empty, zero)
         sum = Add (nothing, scaled)
         p = Softmax <axis = -1> (sum)
         p1 = Cast <to = 1> (p)
         o = MatMul (p1, v)
         oh = Reshape (o, out4)
         ot = Transpose <perm = [0,2,1,3]> (oh)
         y = Reshape (ot, out3))"},
      {"Einsum", kQkv, R"(
         c = Constant <value = float {0.5}> ()
         s = Einsum <equation = "bhid,bhjd->bhij"> (q, k)
         scaled = Mul (s, c)
         p = Softmax <axis = -1> (scaled)
         y = Einsum <equation = "bhij,bhjd->bhid"> (p, v))"},
      {"Einsum, keys first", kQkv, R"(
         s = Einsum <equation = "bhjd,bhid->bhij"> (k, q)
         p = Softmax <axis = -1> (s)
         y = Einsum <equation = "bhij,bhjd->bhid"> (p, v))"},
      {"Einsum, heads behind the length", "float[2,5,3,4] q, float[2,7,3,4] k, float[2,7,3,4] v",
       R"(
         s = Einsum <equation = "bihd,bjhd->bhij"> (q, k)
         p = Softmax <axis = -1> (s)
         y = Einsum <equation = "bhij,bjhd->bihd"> (p, v))"},
      {"Einsum, one head", "float[6,5,4] q, float[6,7,4] k, float[6,7,4] v", R"(
         s = Einsum <equation = "b i d, b j d -> b i j"> (q, k)
         p = Softmax <axis = -1> (s)
         y = Einsum <equation = "b i j, b j d -> b i d"> (p, v))",
       "attention 1x4 5>7 qk=840 softmax=210 av=840"},
      {"FusedMatMul of ONNX Runtime's session", kQkv, R"(
         s = com.microsoft.FusedMatMul <alpha = 0.5, transB = 1> (q, k)
         p = Softmax <axis = -1> (s)
         y = MatMul (p, v))",
       kCross, R"("" : 17, "com.microsoft" : 1)"},
      {"Gemm, one head and no batch", "float[5,4] q, float[7,4] k, float[7,4] v", R"(
         s = Gemm <alpha = 0.5, transB = 1> (q, k)
         p = Softmax <axis = -1> (s)
         y = MatMul (p, v))",
       "attention 1x4 5>7 qk=140 softmax=35 av=140"},
      {"transposed: keys by queries, values by probabilities",
       "float[2,4,5] q, float[2,4,7] k, float[2,4,7] v", R"(
         kt = Transpose <perm = [0,2,1]> (k)
         s = MatMul (kt, q)
         p = Softmax <axis = 1> (s)
         y = MatMul (v, p))",
       "attention 1x4 5>7 qk=280 softmax=70 av=280"},
      {"an old VAE: queries by keys, probabilities turned around",
       "float[2,5,4] q, float[2,4,5] k, float[2,4,5] v", R"(
         s = MatMul (q, k)
         p = Softmax <axis = 2> (s)
         pt = Transpose <perm = [0,2,1]> (p)
         y = MatMul (v, pt))",
       "attention 1x4 5>5 qk=200 softmax=50 av=200"},
      {"quantised and brought back", kQkv, R"(
         c = Constant <value = float {0.05}> ()
         z = Constant <value = uint8 {128}> ()
         kt = Transpose <perm = [0,1,3,2]> (k)
         s = MatMul (q, kt)
         sq = QuantizeLinear (s, c, z)
         sd = DequantizeLinear (sq, c, z)
         p = Softmax <axis = -1> (sd)
         pq = QuantizeLinear (p, c, z)
         pd = DequantizeLinear (pq, c, z)
         y = MatMul (pd, v))"},
  };
  for (const Form& form : kForms) Check(form);
}

// Four windows of 16 pixels in an image of 8 x 8; 2 heads of size 3: 4*2*16*16*3 = 6144.
TEST_CASE("attention in shifted windows, queries, keys and values from one product") {
  Check({"SwinIR", "float[4,16,6] x, float[6,18] w, float[1,2,16,16] bias, float[1,4,1,16,16] mask",
         R"(
    c = Constant <value = float {0.57735}> ()
    split = Constant <value = int64[5] {4, 16, 3, 2, 3}> ()
    windows = Constant <value = int64[5] {1, 4, 2, 16, 16}> ()
    flat = Constant <value = int64[4] {4, 2, 16, 16}> ()
    merged = Constant <value = int64[3] {4, 16, 6}> ()
    i0 = Constant <value = int64 {0}> ()
    i1 = Constant <value = int64 {1}> ()
    i2 = Constant <value = int64 {2}> ()
    qkv = MatMul (x, w)
    qkv5 = Reshape (qkv, split)
    qkvt = Transpose <perm = [2,0,3,1,4]> (qkv5)
    q = Gather <axis = 0> (qkvt, i0)
    k = Gather <axis = 0> (qkvt, i1)
    v = Gather <axis = 0> (qkvt, i2)
    qs = Mul (q, c)
    kt = Transpose <perm = [0,1,3,2]> (k)
    s = MatMul (qs, kt)
    biased = Add (s, bias)
    apart = Reshape (biased, windows)
    masked = Add (apart, mask)
    together = Reshape (masked, flat)
    p = Softmax <axis = -1> (together)
    o = MatMul (p, v)
    ot = Transpose <perm = [0,2,1,3]> (o)
    y = Reshape (ot, merged))",
         "attention 2x3 16>16 qk=6144 softmax=2048 av=6144"});
}

// 5 of the image and 2 of the text: 2*3*7*7*4 = 1176.
TEST_CASE("joint attention: the length is that of both") {
  Check({"SD3, Flux", "float[2,3,5,4] image, float[2,3,2,4] text", R"(
    first = Constant <value = int64[1] {0}> ()
    images = Constant <value = int64[1] {5}> ()
    axis = Constant <value = int64[1] {2}> ()
    q = Concat <axis = 2> (image, text)
    kt = Transpose <perm = [0,1,3,2]> (q)
    s = MatMul (q, kt)
    p = Softmax <axis = -1> (s)
    o = MatMul (p, q)
    y = Slice (o, first, images, axis))",
         "attention 3x4 7>7 qk=1176 softmax=294 av=1176"});
}

TEST_CASE("lengths may be formulas") {
  Check({"symbols", "float[b,3,n,4] q, float[b,3,m,4] k, float[b,3,m,4] v", R"(
    kt = Transpose <perm = [0,1,3,2]> (k)
    s = MatMul (q, kt)
    p = Softmax <axis = -1> (s)
    y = MatMul (p, v))",
         "attention 3x4 n>m qk=12*b*n*m softmax=3*b*n*m av=12*b*n*m"});
}

TEST_CASE("what looks like attention and is none") {
  const Form kForms[] = {
      {"a classifier", "float[2,5,4] x, float[4,7] w", R"(
         s = MatMul (x, w)
         y = Softmax <axis = -1> (s))",
       ""},
      {"a router that weighs what it has chosen", "float[2,5,4] x, float[4,7] w, float[2,7,4] e",
       R"(
         wc = Constant <value = float[4,7] {1,2,3,4,5,6,7,1,2,3,4,5,6,7,1,2,3,4,5,6,7,1,2,3,4,5,6,7}> ()
         s = MatMul (x, wc)
         p = Softmax <axis = -1> (s)
         y = MatMul (p, e))",
       ""},
      {"an expected value over fixed bins", "float[2,5,4] q, float[2,7,4] k", R"(
         bins = Constant <value = float[7,1] {0,1,2,3,4,5,6}> ()
         kt = Transpose <perm = [0,2,1]> (k)
         s = MatMul (q, kt)
         p = Softmax <axis = -1> (s)
         y = MatMul (p, bins))",
       ""},
      {"a Softmax that nothing is multiplied with", "float[2,5,4] q, float[2,7,4] k", R"(
         kt = Transpose <perm = [0,2,1]> (k)
         s = MatMul (q, kt)
         p = Softmax <axis = -1> (s)
         y = Add (p, s))",
       ""},
  };
  for (const Form& form : kForms) Check(form);
}

}  // namespace
}  // namespace onnx_macs::testing
