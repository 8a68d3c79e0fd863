// Elements of tensors in every form ONNX stores them in.
#include "analyzer/tensor_data.h"

#include <onnx/onnx_pb.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "tests/analyzer/proto_builder.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

using Proto = onnx::TensorProto;

// A model with this initializer, and what ReadElements makes of it.
struct Loaded {
  std::unique_ptr<Model> model;
  ExprPool pool;
  ElementVector elements;
  bool ok = false;

  explicit Loaded(const Proto& proto, const std::string& folder = "", int64_t max = 4096) {
    onnx::ModelProto whole = EmptyModel();
    *whole.mutable_graph()->add_initializer() = proto;
    model = MustLoad(whole);
    ok = ReadElements(tensor(), folder, pool, max, &elements);
  }
  const Tensor& tensor() const { return model->graph.initializers[0]; }
  // "1 -2 1/2 ~0.1": exact ones plainly, others after a tilde.
  std::string Text() const {
    std::string text;
    for (const Element& element : elements) {
      text += text.empty() ? "" : " ";
      if (element.exact.is_known()) {
        text += ToString(element.exact);
      } else {
        char buffer[32];
        snprintf(buffer, sizeof(buffer), "~%g", element.real);
        text += buffer;
      }
    }
    return ok ? text : "no data";
  }
};

Proto Make(int type, const std::vector<int64_t>& dims) {
  Proto proto;
  proto.set_name("t");
  proto.set_data_type(type);
  for (int64_t dim : dims) proto.add_dims(dim);
  return proto;
}

Proto Raw(int type, const std::vector<int64_t>& dims, const std::string& bytes) {
  Proto proto = Make(type, dims);
  proto.set_raw_data(bytes);
  return proto;
}

template <typename T>
std::string Bytes(const std::vector<T>& values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

TEST_CASE("tensor data: raw integers of every width") {
  CHECK(Loaded(Raw(7, {3}, Bytes<int64_t>({1, -2, 1LL << 40}))).Text() == "1 -2 1099511627776");
  CHECK(Loaded(Raw(6, {2}, Bytes<int32_t>({7, -7}))).Text() == "7 -7");
  CHECK(Loaded(Raw(5, {2}, Bytes<int16_t>({300, -300}))).Text() == "300 -300");
  CHECK(Loaded(Raw(4, {1}, Bytes<uint16_t>({65535}))).Text() == "65535");
  CHECK(Loaded(Raw(3, {2}, "\x05\xfb")).Text() == "5 -5");
  CHECK(Loaded(Raw(2, {2}, "\x05\xfb")).Text() == "5 251");
  CHECK(Loaded(Raw(12, {1}, Bytes<uint32_t>({4294967295u}))).Text() == "4294967295");
  CHECK(Loaded(Raw(13, {1}, Bytes<uint64_t>({UINT64_MAX}))).Text() == "18446744073709551615");
  CHECK(Loaded(Raw(7, {2}, Bytes<int64_t>({INT64_MAX, INT64_MIN}))).Text() ==
        "9223372036854775807 -9223372036854775808");
  CHECK(Loaded(Raw(9, {3}, std::string("\x00\x01\x02", 3))).Text() == "0 1 1");
}

TEST_CASE("tensor data: a scalar has one element, a dim of 0 none") {
  CHECK(Loaded(Raw(7, {}, Bytes<int64_t>({5}))).Text() == "5");
  const Loaded empty(Make(7, {0, 3}));
  CHECK(empty.ok);
  CHECK(empty.elements.empty());
}

TEST_CASE("tensor data: 4- and 2-bit types, the last byte part full") {
  CHECK(Loaded(Raw(22, {3}, "\x8f\x07")).Text() == "-1 -8 7");
  CHECK(Loaded(Raw(21, {3}, "\x8f\x07")).Text() == "15 8 7");
  CHECK(Loaded(Raw(25, {5}, "\xe4\x01")).Text() == "0 1 2 3 1");
  CHECK(Loaded(Raw(26, {5}, "\xe4\x03")).Text() == "0 1 -2 -1 -1");
  CHECK(Loaded(Raw(23, {3}, "\x21\x0f")).Text() == "1/2 1 -6");
  Proto typed = Make(22, {3});
  typed.add_int32_data(0x8f);
  typed.add_int32_data(0x07);
  CHECK(Loaded(typed).Text() == "-1 -8 7");
}

TEST_CASE("tensor data: floats are exact where that is possible") {
  CHECK(Loaded(Raw(1, {5}, Bytes<float>({2.0f, -0.0f, 0.5f, -1.75f, 0.1f}))).Text() ==
        "2 0 1/2 -7/4 ~0.1");
  CHECK(Loaded(Raw(11, {3}, Bytes<double>({0x1p-20, 0x1p-21, 9007199254740991.0}))).Text() ==
        "1/1048576 ~4.76837e-07 9007199254740991");
  CHECK(Loaded(Raw(11, {2}, Bytes<double>({9007199254740992.0, 1e300}))).Text() ==
        "~9.0072e+15 ~1e+300");
  CHECK(Loaded(Raw(10, {2}, Bytes<uint16_t>({0x3c00, 0x3800}))).Text() == "1 1/2");
  CHECK(Loaded(Raw(16, {1}, Bytes<uint16_t>({0x4000}))).Text() == "2");
  const Loaded special(Raw(1, {2}, Bytes<float>({INFINITY, NAN})));
  REQUIRE(special.ok);
  CHECK(std::isinf(special.elements[0].real));
  CHECK_FALSE(special.elements[1].is_known());
}

TEST_CASE("tensor data: typed fields") {
  Proto ints = Make(7, {3});
  for (int64_t i : {1, -1, 300}) ints.add_int64_data(i);
  CHECK(Loaded(ints).Text() == "1 -1 300");
  Proto int32s = Make(6, {2});
  for (int i : {5, -5}) int32s.add_int32_data(i);
  CHECK(Loaded(int32s).Text() == "5 -5");
  Proto bytes = Make(3, {2});
  for (int i : {5, -5}) bytes.add_int32_data(i);
  CHECK(Loaded(bytes).Text() == "5 -5");
  Proto floats = Make(1, {2});
  for (float f : {1.5f, 3.0f}) floats.add_float_data(f);
  CHECK(Loaded(floats).Text() == "3/2 3");
  Proto doubles = Make(11, {1});
  doubles.add_double_data(0.25);
  CHECK(Loaded(doubles).Text() == "1/4");
  Proto halves = Make(10, {1});
  halves.add_int32_data(0x3800);
  CHECK(Loaded(halves).Text() == "1/2");
  Proto uint64s = Make(13, {1});
  uint64s.add_uint64_data(UINT64_MAX);
  CHECK(Loaded(uint64s).Text() == "18446744073709551615");
  Proto uint32s = Make(12, {1});
  uint32s.add_uint64_data(7);
  CHECK(Loaded(uint32s).Text() == "7");
  Proto bools = Make(9, {2});
  for (int i : {0, 1}) bools.add_int32_data(i);
  CHECK(Loaded(bools).Text() == "0 1");
}

TEST_CASE("tensor data: typed fields that are not packed") {
  using std::string_literals::operator""s;
  ExprPool pool;
  ElementVector elements;
  const int64_t dims[] = {2};
  Tensor tensor;
  tensor.dims = absl::MakeConstSpan(dims);
  tensor.type = DataType::kInt64;
  tensor.message = "\x38\x05\x38\xac\x02"s;
  const std::string ints = "\x38\x05\x38\xac\x02"s;
  tensor.message = ints;
  REQUIRE(ReadElements(tensor, "", pool, 10, &elements));
  CHECK(elements[0].exact == Dim(5));
  CHECK(elements[1].exact == Dim(300));
  tensor.type = DataType::kFloat;
  const std::string floats = "\x25\x00\x00\x80\x3f\x25\x00\x00\x00\x40"s;
  tensor.message = floats;
  REQUIRE(ReadElements(tensor, "", pool, 10, &elements));
  CHECK(elements[0].exact == Dim(1));
  CHECK(elements[1].exact == Dim(2));
}

TEST_CASE("tensor data: raw_data wins over typed fields") {
  Proto both = Raw(7, {1}, Bytes<int64_t>({5}));
  both.add_int64_data(6);
  CHECK(Loaded(both).Text() == "5");
}

TEST_CASE("tensor data: what cannot be had") {
  CHECK_FALSE(Loaded(Raw(7, {2}, Bytes<int64_t>({1}))).ok);     // too little
  CHECK_FALSE(Loaded(Raw(7, {1}, Bytes<int64_t>({1, 2}))).ok);  // too much
  CHECK_FALSE(Loaded(Make(7, {3})).ok);                         // stripped
  CHECK_FALSE(Loaded(Make(7, {-1})).ok);
  CHECK_FALSE(Loaded(Make(8, {1})).ok);                                // a string
  CHECK_FALSE(Loaded(Raw(14, {1}, std::string(8, '\0'))).ok);          // complex
  CHECK_FALSE(Loaded(Make(99, {1})).ok);                               // no such type
  CHECK_FALSE(Loaded(Raw(7, {2}, Bytes<int64_t>({1, 2})), "", 1).ok);  // more than asked for
  Proto typed = Make(7, {1});
  for (int i = 0; i < 1000; ++i) typed.add_int64_data(i);
  CHECK_FALSE(Loaded(typed).ok);
  CHECK_FALSE(Loaded(Make(7, {int64_t{1} << 40, int64_t{1} << 40})).ok);
}

TEST_CASE("tensor data: numbers of elements and bytes") {
  const auto count = [](int type, const std::vector<int64_t>& dims) {
    const Loaded loaded(Make(type, dims));
    return std::pair(NumElements(loaded.tensor()), StorageBytes(loaded.tensor()));
  };
  using Pair = std::pair<std::optional<int64_t>, std::optional<int64_t>>;
  CHECK(count(1, {2, 3}) == Pair(6, 24));
  CHECK(count(1, {}) == Pair(1, 4));
  CHECK(count(22, {3}) == Pair(3, 2));  // 12 bits
  CHECK(count(25, {5}) == Pair(5, 2));  // 10 bits
  CHECK(count(8, {7}) == Pair(7, 0));
  CHECK(count(15, {2}) == Pair(2, 32));
  CHECK(count(1, {0, 5}) == Pair(0, 0));
  CHECK(count(1, {-1, 5}) == Pair(std::nullopt, std::nullopt));
  CHECK(count(1, {int64_t{1} << 40, int64_t{1} << 40}) == Pair(std::nullopt, std::nullopt));
  CHECK(count(1, {int64_t{1} << 40, int64_t{1} << 40, 0}) == Pair(0, 0));
  CHECK(count(11, {int64_t{1} << 62}) == Pair(int64_t{1} << 62, std::nullopt));
}

// --- External data

Proto External(const std::vector<int64_t>& dims,
               const std::vector<std::pair<std::string, std::string>>& entries) {
  Proto proto = Make(7, dims);
  proto.set_data_location(Proto::EXTERNAL);
  for (const auto& [key, value] : entries) {
    auto* const entry = proto.add_external_data();
    entry->set_key(key);
    entry->set_value(value);
  }
  return proto;
}

TEST_CASE("tensor data: a small external tensor is read from the model's folder") {
  const TempFolder folder;
  folder.Write("w.data", Bytes<int64_t>({1, 2, 3, 4}));
  const auto read = [&](const std::vector<std::pair<std::string, std::string>>& entries) {
    return Loaded(External({2}, entries), folder.path()).Text();
  };
  CHECK(read({{"location", "w.data"}}) == "1 2");
  CHECK(read({{"location", "w.data"}, {"offset", "16"}, {"length", "16"}}) == "3 4");
  CHECK(read({{"location", "w.data"}, {"checksum", "ignored"}}) == "1 2");
  CHECK(read({{"location", "w.data"}, {"length", "8"}}) == "no data");
  CHECK(read({{"location", "w.data"}, {"offset", "24"}}) == "no data");
  CHECK(read({{"location", "w.data"}, {"offset", "-8"}}) == "no data");
  CHECK(read({{"location", "w.data"}, {"offset", "18446744073709551615"}}) == "no data");
  CHECK(read({{"location", "missing"}}) == "no data");
  CHECK(read({{"location", folder.path() + "/w.data"}}) == "no data");
  CHECK(read({}) == "no data");
  CHECK(Loaded(External({2}, {{"location", "w.data"}}), "").Text() == "no data");
}

TEST_CASE("tensor data: a large external tensor is never opened") {
  const TempFolder folder;
  folder.Write("w.data", std::string(80'000, '\1'));
  CHECK_FALSE(Loaded(External({10'000}, {{"location", "w.data"}}), folder.path(), 20'000).ok);
  CHECK(Loaded(External({8'192}, {{"location", "w.data"}}), folder.path(), 20'000).ok);
}

}  // namespace
}  // namespace onnx_macs::testing
