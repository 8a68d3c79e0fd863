// Attention that is one operator, and linear attention.
#include "tests/support/block_text.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

const char kMicrosoft[] = R"("" : 17, "com.microsoft" : 1)";

struct AttentionForm {
  const char *name, *inputs, *nodes, *imports, *expected;
};

// Batch 2, 3 heads of size 4, 5 queries, 7 keys: products 840, Softmax 210.
TEST_CASE("fused attention tells what separate nodes tell") {
  const AttentionForm kForms[] = {
      {"four axes", "float[2,3,5,4] q, float[2,3,7,4] k, float[2,3,7,4] v",
       "y = Attention (q, k, v)", R"("" : 23)", "attention 3x4 5>7 qk=840 softmax=210 av=840"},
      {"three axes", "float[2,5,12] q, float[2,7,12] k, float[2,7,12] v",
       "y = Attention <q_num_heads = 3, kv_num_heads = 3> (q, k, v)", R"("" : 23)",
       "attention 3x4 5>7 qk=840 softmax=210 av=840"},
      {"fewer heads of keys, and a cache of 2",
       "float[2,3,5,4] q, float[2,1,5,4] k, float[2,1,5,4] v, float[2,1,2,4] pk, float[2,1,2,4] pv",
       "y, nk, nv = Attention (q, k, v, , pk, pv)", R"("" : 23)",
       "attention 3x4 5>7 qk=840 softmax=210 av=840"},
      {"MultiHeadAttention", "float[2,5,12] q, float[2,7,12] k, float[2,7,12] v",
       "y = com.microsoft.MultiHeadAttention <num_heads = 3> (q, k, v)", kMicrosoft,
       "attention 3x4 5>7 qk=840 softmax=210 av=840"},
      {"MultiHeadAttention, all in one", "float[2,5,3,3,4] qkv",
       "y = com.microsoft.MultiHeadAttention <num_heads = 3> (qkv)", kMicrosoft,
       "attention 3x4 5>5 qk=600 softmax=150 av=600"},
      // 2*5*12*36 = 4320 MACs of projections.
      {"Attention of ONNX Runtime projects", "float[2,5,12] x, float[12,36] w, float[36] b",
       "y = com.microsoft.Attention <num_heads = 3> (x, w, b)", kMicrosoft,
       "attention 3x4 5>5 projections=4320 qk=600 softmax=150 av=600"},
  };
  for (const AttentionForm& form : kForms) {
    INFO(form.name);
    CHECK(BlocksText(AnalyzeNodes(form.inputs, form.nodes, form.imports)) == form.expected);
  }
}

// 2 heads, 10 positions, size 3: the values have a row of ones, so 2*10*4*3 = 240 a product.
TEST_CASE("linear attention as SANA writes it") {
  const char kInputs[] = "float[1,2,3,10] q, float[1,2,3,10] k, float[1,2,3,10] v";
  const char kNodes[] = R"(
    pads = Constant <value = int64[8] {0,0,0,0,0,0,1,0}> ()
    one = Constant <value = float {1.0}> ()
    eps = Constant <value = float {1e-15}> ()
    zero = Constant <value = int64[1] {0}> ()
    last = Constant <value = int64[1] {-1}> ()
    end = Constant <value = int64[1] {9223372036854775807}> ()
    axis = Constant <value = int64[1] {2}> ()
    qr = Relu (q)
    kt = Transpose <perm = [0,1,3,2]> (k)
    kr = Relu (kt)
    vp = Pad (v, pads, one)
    kv = MatMul (vp, kr)
    qkv = MatMul (kv, qr)
    top = Slice (qkv, zero, last, axis)
    sum = Slice (qkv, last, end, axis)
    safe = Add (sum, eps)
    y = Div (top, safe))";
  CHECK(BlocksText(AnalyzeNodes(kInputs, kNodes)) == "linear_attention 2x3 10>10 kv=240 qkv=240");
}

}  // namespace
}  // namespace onnx_macs::testing
