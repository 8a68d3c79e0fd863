// Attributes of every type, packed and unpacked, with and without a type.
#include "analyzer/attribute_reader.h"

#include <functional>
#include <string>
#include <vector>

#include "analyzer/tensor_data.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

using Proto = onnx::AttributeProto;
using std::string_literals::operator""s;

// A model with one node with one attribute of these bytes.
std::unique_ptr<Model> LoadAttribute(const std::string& bytes) {
  const std::string node = "\x12\x01y\x22\x02Op\x2a"s + static_cast<char>(bytes.size()) + bytes;
  REQUIRE(node.size() < 128);
  const std::string graph = "\x0a"s + static_cast<char>(node.size()) + node;
  return MustLoad("\x08\x08\x3a"s + static_cast<char>(graph.size()) + graph);
}

std::unique_ptr<Model> LoadAttribute(const std::function<void(Proto*)>& build) {
  Proto proto;
  build(&proto);
  return LoadAttribute(proto.SerializeAsString());
}

const Attribute& Only(const std::unique_ptr<Model>& model) {
  REQUIRE(model->graph.nodes.at(0).attributes.size() == 1);
  return model->graph.nodes[0].attributes[0];
}

TEST_CASE("attributes: scalars") {
  const auto f = LoadAttribute([](Proto* a) {
    a->set_name("alpha");
    a->set_type(Proto::FLOAT);
    a->set_f(0.25f);
  });
  CHECK(Only(f).name == "alpha");
  CHECK(Only(f).f() == 0.25f);
  CHECK(Only(f).i() == 0);  // not what it holds

  const auto i = LoadAttribute([](Proto* a) {
    a->set_type(Proto::INT);
    a->set_i(-7);
  });
  CHECK(Only(i).i() == -7);
  CHECK(Only(i).f() == 0);
  CHECK(Only(i).ints().empty());

  const auto s = LoadAttribute([](Proto* a) {
    a->set_type(Proto::STRING);
    a->set_s("SAME_UPPER");
  });
  CHECK(Only(s).s() == "SAME_UPPER");
  CHECK(Only(s).strings().empty());
}

TEST_CASE("attributes: lists") {
  const auto ints = LoadAttribute([](Proto* a) {
    a->set_type(Proto::INTS);
    for (int64_t i : {1, -1, 300}) a->add_ints(i);
  });
  CHECK(Only(ints).ints() == absl::Span<const int64_t>({1, -1, 300}));
  CHECK(Only(ints).floats().empty());

  const auto floats = LoadAttribute([](Proto* a) {
    a->set_type(Proto::FLOATS);
    for (float f : {1.0f, 0.5f}) a->add_floats(f);
  });
  CHECK(Only(floats).floats() == absl::Span<const float>({1.0f, 0.5f}));

  const auto strings = LoadAttribute([](Proto* a) {
    a->set_type(Proto::STRINGS);
    for (const char* s : {"a", "", "c"}) a->add_strings(s);
  });
  CHECK(Only(strings).strings() == absl::Span<const absl::string_view>({"a", "", "c"}));
}

TEST_CASE("attributes: packed lists, and both forms in one") {
  // ints: packed [1, 300], then 7 alone; type: INTS.
  const auto ints = LoadAttribute("\x42\x03\x01\xac\x02\x40\x07\xa0\x01\x07"s);
  CHECK(Only(ints).ints() == absl::Span<const int64_t>({1, 300, 7}));
  // floats: packed [1, 2], then 0.5 alone; type: FLOATS.
  const auto floats =
      LoadAttribute("\x3a\x08\x00\x00\x80\x3f\x00\x00\x00\x40\x3d\x00\x00\x00\x3f\xa0\x01\x06"s);
  CHECK(Only(floats).floats() == absl::Span<const float>({1.0f, 2.0f, 0.5f}));
}

TEST_CASE("attributes: an empty list keeps its type") {
  const auto model = LoadAttribute([](Proto* a) { a->set_type(Proto::INTS); });
  CHECK(Only(model).type == AttributeType::kInts);
  CHECK(Only(model).ints().empty());
}

TEST_CASE("attributes: tensors, dense and sparse, one or several") {
  const auto one = LoadAttribute([](Proto* a) {
    a->set_type(Proto::TENSOR);
    a->mutable_t()->set_data_type(onnx::TensorProto::INT64);
    a->mutable_t()->add_dims(2);
    a->mutable_t()->set_raw_data(std::string(16, '\1'));
  });
  REQUIRE(Only(one).tensors().size() == 1);
  CHECK(Only(one).tensors()[0].type == DataType::kInt64);
  CHECK(RawData(Only(one).tensors()[0]).size() == 16);

  const auto several = LoadAttribute([](Proto* a) {
    a->set_type(Proto::TENSORS);
    a->add_tensors()->add_dims(2);
    a->add_tensors()->add_dims(3);
  });
  REQUIRE(Only(several).tensors().size() == 2);
  CHECK(Only(several).tensors()[1].dims == absl::Span<const int64_t>({3}));

  const auto sparse = LoadAttribute([](Proto* a) {
    a->set_type(Proto::SPARSE_TENSOR);
    a->mutable_sparse_tensor()->add_dims(9);
  });
  REQUIRE(Only(sparse).tensors().size() == 1);
  CHECK(Only(sparse).tensors()[0].is_sparse);
  CHECK(Only(sparse).tensors()[0].dims == absl::Span<const int64_t>({9}));
}

TEST_CASE("attributes: types are kept as messages") {
  onnx::TypeProto type;
  type.mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
  const auto one = LoadAttribute([&](Proto* a) {
    a->set_type(Proto::TYPE_PROTO);
    *a->mutable_tp() = type;
  });
  CHECK(Only(one).s() == type.SerializeAsString());
  const auto several = LoadAttribute([&](Proto* a) {
    a->set_type(Proto::TYPE_PROTOS);
    *a->add_type_protos() = type;
    *a->add_type_protos() = type;
  });
  REQUIRE(Only(several).strings().size() == 2);
  CHECK(Only(several).strings()[1] == type.SerializeAsString());
}

TEST_CASE("attributes: files of IR version 1 say no type: what is there decides") {
  struct Row {
    std::function<void(Proto*)> build;
    AttributeType type;
  };
  const Row rows[] = {
      {[](Proto* a) { a->set_f(1); }, AttributeType::kFloat},
      {[](Proto* a) { a->set_i(1); }, AttributeType::kInt},
      {[](Proto* a) { a->set_s("s"); }, AttributeType::kString},
      {[](Proto* a) { a->mutable_t()->add_dims(1); }, AttributeType::kTensor},
      {[](Proto* a) { a->mutable_g()->set_name("g"); }, AttributeType::kGraph},
      {[](Proto* a) { a->add_floats(1); }, AttributeType::kFloats},
      {[](Proto* a) { a->add_ints(1); }, AttributeType::kInts},
      {[](Proto* a) { a->add_strings("s"); }, AttributeType::kStrings},
      {[](Proto* a) { a->add_tensors()->add_dims(1); }, AttributeType::kTensors},
      {[](Proto* a) { a->add_graphs()->set_name("g"); }, AttributeType::kGraphs},
      {[](Proto* a) { a->set_doc_string("nothing"); }, AttributeType::kUndefined},
  };
  for (const Row& row : rows) {
    const auto model = LoadAttribute(row.build);
    CHECK(Only(model).type == row.type);
  }
}

TEST_CASE("attributes: a tensor in two pieces is one") {
  // t { dims: 4 }, t { data_type: 7 }, type: TENSOR.
  const auto model = LoadAttribute("\x2a\x02\x08\x04\x2a\x02\x10\x07\xa0\x01\x04"s);
  REQUIRE(Only(model).tensors().size() == 1);
  CHECK(Only(model).tensors()[0].dims == absl::Span<const int64_t>({4}));
  CHECK(Only(model).tensors()[0].type == DataType::kInt64);
}

TEST_CASE("attributes: what the type does not say is not there") {
  const auto model = LoadAttribute([](Proto* a) {
    a->set_type(Proto::GRAPH);
    a->add_ints(3);
  });
  CHECK(Only(model).graphs().empty());
  CHECK(Only(model).ints().empty());
}

}  // namespace
}  // namespace onnx_macs::testing
