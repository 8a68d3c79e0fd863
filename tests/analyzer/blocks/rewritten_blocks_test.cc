// Blocks as quantisers and other frameworks than PyTorch leave them, each form in a small graph.
#include "absl/strings/str_replace.h"
#include "tests/support/block_text.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

struct Form {
  const char *name, *inputs, *nodes, *expected;
  const char* imports = R"("" : 17, "com.microsoft" : 1)";
};

template <size_t kCount>
void Check(const Form (&forms)[kCount]) {
  for (const Form& form : forms) {
    INFO(form.name);
    CHECK(ForestText(AnalyzeNodes(form.inputs, form.nodes, form.imports)) == form.expected);
  }
}

const char kX[] = "float[2,5,4] x";

TEST_CASE("quantised MLPs are MLPs") {
  const Form kForms[] = {// The one and the half stand for themselves: before they are quantised,
                         // and as stored numbers.
                         {"pairs of quantisers around every node", kX, R"(
         s = Constant <value = float {0.125}> ()
         z = Constant <value = int8 {0}> ()
         four = Constant <value = int8 {4}> ()
         root = Constant <value = float {1.4142135}> ()
         one = Constant <value = float {1.0}> ()
         w8 = Constant <value = int8[4,8] {0}> ()
         b8 = Constant <value = int8[8] {0}> ()
         v8 = Constant <value = int8[8,4] {0}> ()
         c8 = Constant <value = int8[4] {0}> ()
         w = DequantizeLinear (w8, s, z)
         b = DequantizeLinear (b8, s, z)
         v = DequantizeLinear (v8, s, z)
         c = DequantizeLinear (c8, s, z)
         one_q = QuantizeLinear (one, s, z)
         one_d = DequantizeLinear (one_q, s, z)
         half = DequantizeLinear (four, s, z)
         u = MatMul (x, w)
         u_q = QuantizeLinear (u, s, z)
         u_d = DequantizeLinear (u_q, s, z)
         a = Add (u_d, b)
         a_q = QuantizeLinear (a, s, z)
         a_d = DequantizeLinear (a_q, s, z)
         scaled = Div (a_d, root)
         f = Erf (scaled)
         f_q = QuantizeLinear (f, s, z)
         f_d = DequantizeLinear (f_q, s, z)
         more = Add (f_d, one_d)
         more_q = QuantizeLinear (more, s, z)
         more_d = DequantizeLinear (more_q, s, z)
         m = Mul (a_d, more_d)
         m_q = QuantizeLinear (m, s, z)
         m_d = DequantizeLinear (m_q, s, z)
         g = Mul (m_d, half)
         g_q = QuantizeLinear (g, s, z)
         g_d = DequantizeLinear (g_q, s, z)
         o = MatMul (g_d, v)
         o_q = QuantizeLinear (o, s, z)
         o_d = DequantizeLinear (o_q, s, z)
         y = Add (o_d, c))",
                          "mlp(gelu)"},
                         {"a factor that is no half, so that there is no GELU", kX, R"(
         s = Constant <value = float {0.125}> ()
         z = Constant <value = int8 {0}> ()
         five = Constant <value = int8 {5}> ()
         root = Constant <value = float {1.4142135}> ()
         one = Constant <value = float {1.0}> ()
         factor = DequantizeLinear (five, s, z)
         scaled = Div (x, root)
         f = Erf (scaled)
         more = Add (f, one)
         m = Mul (x, more)
         y = Mul (m, factor))",
                          ""},
                         {"products of integers, scales found as it goes", kX, R"(
         s = Constant <value = float {0.125}> ()
         z = Constant <value = uint8 {0}> ()
         w = Constant <value = uint8[4,8] {0}> ()
         v = Constant <value = uint8[8,4] {0}> ()
         b = Constant <value = float[8] {0}> ()
         c = Constant <value = float[4] {0}> ()
         x_q, x_s, x_z = DynamicQuantizeLinear (x)
         u_s = Mul (x_s, s)
         u_i = MatMulInteger (x_q, w, x_z, z)
         u_f = Cast <to = 1> (u_i)
         u = Mul (u_f, u_s)
         a = Add (b, u)
         r = Relu (a)
         r_q, r_s, r_z = DynamicQuantizeLinear (r)
         o_s = Mul (r_s, s)
         o_i = MatMulInteger (r_q, v, r_z, z)
         o_f = Cast <to = 1> (o_i)
         o = Mul (o_f, o_s)
         y = Add (c, o))",
                          "mlp"},
                         {"quantised operators", "uint8[2,5,4] x", R"(
         s = Constant <value = float {0.125}> ()
         z = Constant <value = uint8 {0}> ()
         w = Constant <value = uint8[4,8] {0}> ()
         v = Constant <value = uint8[8,4] {0}> ()
         b = Constant <value = uint8[8] {0}> ()
         c = Constant <value = uint8[4] {0}> ()
         u = QLinearMatMul (x, s, z, w, s, z, s, z)
         a = com.microsoft.QLinearAdd (b, s, z, u, s, z, s, z)
         t = com.microsoft.QLinearSigmoid (a, s, z, s, z)
         g = com.microsoft.QLinearMul (a, s, z, t, s, z, s, z)
         o = QLinearMatMul (g, s, z, v, s, z, s, z)
         y = com.microsoft.QLinearAdd (c, s, z, o, s, z, s, z))",
                          "mlp(silu)"}};
  Check(kForms);
  // ONNX Runtime's own pairs are as good.
  const std::string pairs = absl::StrReplaceAll(
      kForms[0].nodes, {{" QuantizeLinear", " com.microsoft.QuantizeLinear"},
                        {" DequantizeLinear", " com.microsoft.DequantizeLinear"}});
  CHECK(ForestText(AnalyzeNodes(kX, pairs, kForms[0].imports)) == kForms[0].expected);
}

TEST_CASE("attention of quantised operators") {
  const ModelReport report =
      AnalyzeNodes("uint8[2,3,5,4] q, uint8[2,3,7,4] k, uint8[2,3,7,4] v", R"(
         s = Constant <value = float {0.125}> ()
         z = Constant <value = uint8 {0}> ()
         mask = Constant <value = uint8[5,7] {0}> ()
         kt = Transpose <perm = [0,1,3,2]> (k)
         ks = com.microsoft.QLinearMul (kt, s, z, z, s, z, s, z)
         d = QLinearMatMul (q, s, z, ks, s, z, s, z)
         m = com.microsoft.QLinearAdd (d, s, z, mask, s, z, s, z)
         p = com.microsoft.QLinearSoftmax <axis = -1, opset = 17> (m, s, z, s, z)
         y = QLinearMatMul (p, s, z, v, s, z, s, z))",
                   R"("" : 17, "com.microsoft" : 1)");
  CHECK(BlocksText(report) == "attention 3x4 5>7 qk=840 softmax=210 av=840");
}

TEST_CASE("norms of TensorFlow and JAX") {
  const Form kForms[] = {{"TensorFlow: the scale is taken to both summands", kX, R"(
         eps = Constant <value = float {1e-3}> ()
         gamma = Constant <value = float[4] {1,1,1,1}> ()
         beta = Constant <value = float[4] {0,0,0,0}> ()
         mean = GlobalAveragePool (x)
         minus = Neg (mean)
         d = Sub (x, mean)
         sq = Mul (d, d)
         var = GlobalAveragePool (sq)
         safe = Add (var, eps)
         root = Sqrt (safe)
         inv = Reciprocal (root)
         scale = Mul (inv, gamma)
         a = Mul (x, scale)
         b = Mul (minus, scale)
         shift = Add (b, beta)
         y = Add (a, shift))",
                          "layer_norm"},
                         {"JAX: the variance as a difference of moments", kX, R"(
         zero = Constant <value = float {0.0}> ()
         eps = Constant <value = float {1e-6}> ()
         gamma = Constant <value = float[4] {1,1,1,1}> ()
         mean = ReduceMean <axes = [-1]> (x)
         d = Sub (x, mean)
         sq = Mul (x, x)
         second = ReduceMean <axes = [-1]> (sq)
         first = Mul (mean, mean)
         var = Sub (second, first)
         safe = Max (var, zero)
         some = Add (safe, eps)
         root = Sqrt (some)
         n = Div (d, root)
         y = Mul (n, gamma))",
                          "layer_norm"},
                         {"roots of other differences and means", kX, R"(
         mean = ReduceMean <axes = [-1]> (x)
         root = Sqrt (mean)
         d = Sub (x, mean)
         other = Sqrt (d)
         n = Div (d, other)
         y = Div (n, root))",
                          ""}};
  Check(kForms);
}

TEST_CASE("the matrices of experts are no activations, and who asks for a shape is no reader") {
  const Form kForms[] = {{"experts picked from a stack", "float[6,4] x, int64[6] expert", R"(
         up = Constant <value = float[3,8,4] {0}> ()
         down = Constant <value = float[3,4,8] {0}> ()
         last = Constant <value = int64[1] {-1}> ()
         u = Gather <axis = 0> (up, expert)
         d = Gather <axis = 0> (down, expert)
         c = Unsqueeze (x, last)
         h = MatMul (u, c)
         y = MatMul (d, h))",
                          ""},
                         {"a shape asked for inside of an MLP", kX, R"(
         w = Constant <value = float[4,8] {0}> ()
         v = Constant <value = float[8,4] {0}> ()
         flat = Constant <value = int64[2] {-1, 8}> ()
         h = MatMul (x, w)
         r = Relu (h)
         asked = Shape (r)
         f = Reshape (r, flat)
         o = MatMul (f, v)
         n = Size (asked)
         y = Cast <to = 1> (o))",
                          "mlp"}};
  Check(kForms);
}

}  // namespace
}  // namespace onnx_macs::testing
