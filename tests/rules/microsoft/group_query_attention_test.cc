// Attention with shared key and value heads. 4 query heads of 8, 2 key-value heads.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

const std::string kMs = "com.microsoft";
const std::vector<std::string> kHeads = {"num_heads=4", "kv_num_heads=2"};

OpCase Gqa(std::vector<std::string> inputs, std::string expected) {
  return {.op = "GroupQueryAttention",
          .domain = kMs,
          .opset = 1,
          .attrs = kHeads,
          .inputs = std::move(inputs),
          .expected = std::move(expected)};
}

TEST_CASE("GroupQueryAttention") {
  // 3 queries with 3 new and 5 cached keys: 2 * 4 * 3 * 8 pairs of 17.
  OpCase cached = Gqa({"f32[2,3,32]", "f32[2,3,16]", "f32[2,3,16]", "f32[2,2,5,8]", "f32[2,2,5,8]",
                       "i32[2]", "i32[1]"},
                      "f32[2,3,32]; f32[2,2,8,8]; f32[2,2,8,8]");
  cached.macs = 192 * 17;
  cached.ops = 192 * 3;
  RunOpCase(cached);
  cached.convention = "contractions";
  cached.macs = 192 * 16;
  cached.ops = 192 * 5;
  RunOpCase(cached);
  // Packed: 4 * 8 + 2 * 2 * 8 = 64 wide.
  OpCase packed = Gqa({"f32[2,3,64]", "", "", "f32[2,2,5,8]", "f32[2,2,5,8]", "i32[2]", "i32[1]"},
                      "f32[2,3,32]; f32[2,2,8,8]; f32[2,2,8,8]");
  packed.macs = 192 * 17;
  RunOpCase(packed);
  // A buffer of 16 of which a total of 6 is in use.
  OpCase buffer = Gqa({"f32[2,1,32]", "f32[2,1,16]", "f32[2,1,16]", "f32[2,2,16,8]",
                       "f32[2,2,16,8]", "i32[2]", "i32[1]={6}"},
                      "f32[2,1,32]; f32[2,2,16,8]; f32[2,2,16,8]");
  buffer.macs = 2 * 4 * 6 * 17;
  RunOpCase(buffer);
  buffer.attrs.push_back("local_window_size=4");
  buffer.macs = 2 * 4 * 4 * 17;
  RunOpCase(buffer);
}

TEST_CASE("GroupQueryAttention: symbols, rotation, a quantised cache") {
  OpCase symbolic = Gqa({"f16[b,s,32]", "f16[b,s,16]", "f16[b,s,16]", "f16[b,2,p,8]",
                         "f16[b,2,p,8]", "i32[b]", "i32[1]"},
                        "f16[b,s,32]; f16[b,2,s+p,8]; f16[b,2,s+p,8]");
  symbolic.macs_formula = "68*b*s^2 + 68*b*s*p";
  RunOpCase(symbolic);
  // 3 ops for 6 elements of every head of 2 * 3 tokens
  OpCase rotated = Gqa({"f32[2,3,32]", "f32[2,3,16]", "f32[2,3,16]", "", "", "i32[2]", "i32[1]",
                        "f32[64,3]", "f32[64,3]"},
                       "f32[2,3,32]; f32[2,2,3,8]");
  rotated.attrs.push_back("do_rotary=1");
  rotated.macs = 72 * 17;
  rotated.ops = 72 * 3 + 3 * 6 * 6 * 6;
  RunOpCase(rotated);
  // Two values of four bits in a byte.
  OpCase quantised = Gqa({"f16[2,3,32]", "f16[2,3,16]", "f16[2,3,16]", "u8[2,2,5,4]", "u8[2,2,5,4]",
                          "i32[2]", "i32[1]"},
                         "f16[2,3,32]; u8[2,2,8,4]; u8[2,2,8,4]");
  quantised.macs = 192 * 17;
  RunOpCase(quantised);
}

TEST_CASE("SparseAttention counts the blocks of the layout") {
  // Rows of 1, 2, 2 and 3 blocks of 16: 4 heads * 64 queries in all.
  OpCase sparse = {
      .op = "SparseAttention",
      .domain = kMs,
      .opset = 1,
      .attrs = {"num_heads=4", "kv_num_heads=2", "sparse_block_size=16"},
      .inputs = {"f32[1,64,32]", "f32[1,64,16]", "f32[1,64,16]", "f32[1,2,64,8]", "f32[1,2,64,8]",
                 "i32[1,5]={0,1,3,5,8}", "i32[1,8]", "i32[1]={64}", "i32[1]"},
      .expected = "f32[1,64,32]; f32[1,2,64,8]; f32[1,2,64,8]",
      .macs = 4 * 8 * 16 * 16 * 17};
  RunOpCase(sparse);
  // The last token alone: 3 blocks.
  sparse.inputs[0] = "f32[1,1,32]";
  sparse.inputs[1] = sparse.inputs[2] = "f32[1,1,16]";
  sparse.expected = "f32[1,1,32]";
  sparse.macs = 4 * 3 * 16 * 17;
  RunOpCase(sparse);
  // Without the layout it is dense.
  sparse.inputs[5] = "i32[1,5]";
  sparse.macs = 4 * 64 * 17;
  RunOpCase(sparse);
}

TEST_CASE("PagedAttention") {
  OpCase paged = {.op = "PagedAttention",
                  .domain = kMs,
                  .opset = 1,
                  .attrs = kHeads,
                  .inputs = {"f16[5,32]", "f16[5,16]", "f16[5,16]", "f16[8,16,2,8]",
                             "f16[8,16,2,8]", "i32[3]={0,2,5}", "i32[2]={4,0}", "i32[2,3]"},
                  .expected = "f16[5,32]; f16[8,16,2,8]; f16[8,16,2,8]",
                  .macs = 4 * (2 * 6 + 3 * 3) * 17};
  RunOpCase(paged);
  // 3 ops for 6 elements of every head of 5 tokens, beside the softmax.
  OpCase rotated = paged;
  rotated.inputs.insert(rotated.inputs.end(), {"f16[64,3]", "f16[64,3]"});
  rotated.attrs.push_back("do_rotary=1");
  rotated.ops = 4 * (2 * 6 + 3 * 3) * 3 + 3 * 5 * 6 * 6;
  RunOpCase(rotated);
  paged.inputs[6] = "i32[2]";  // not known: 3 pages of 16 for every token
  paged.macs = 4 * 5 * 48 * 17;
  RunOpCase(paged);
}

TEST_CASE("heads that cannot be shared") {
  OpCase bad = Gqa({"f32[2,3,32]", "f32[2,3,16]", "f32[2,3,16]"},
                   "gap: 4 query heads cannot share 3 key-value heads");
  bad.attrs = {"num_heads=4", "kv_num_heads=3"};
  RunOpCase(bad);
  bad.attrs = {"num_heads=4"};
  bad.expected = "gap: kv_num_heads is 0";
  RunOpCase(bad);
}

}  // namespace
}  // namespace onnx_macs::testing
