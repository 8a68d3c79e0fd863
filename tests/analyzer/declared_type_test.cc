// Declared types of every kind, written by ONNX's own classes and by hand.
#include "analyzer/declared_type.h"

#include <onnx/onnx_pb.h>

#include <string>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using std::string_literals::operator""s;

DeclaredType Read(const std::string& bytes) {
  DeclaredType type;
  REQUIRE(ReadDeclaredType(bytes, &type));
  // The views in it point into bytes that are gone: only for dims without names.
  return type;
}

TEST_CASE("declared type: a tensor with dims of every kind") {
  onnx::TypeProto proto;
  auto* const tensor = proto.mutable_tensor_type();
  tensor->set_elem_type(onnx::TensorProto::FLOAT16);
  tensor->mutable_shape()->add_dim()->set_dim_value(3);
  tensor->mutable_shape()->add_dim()->set_dim_param("batch*8");
  tensor->mutable_shape()->add_dim();
  tensor->mutable_shape()->add_dim()->set_dim_value(-1);
  tensor->mutable_shape()->add_dim()->set_dim_value(0);
  tensor->mutable_shape()->add_dim()->set_dim_param("");
  const std::string bytes = proto.SerializeAsString();
  DeclaredType type;
  REQUIRE(ReadDeclaredType(bytes, &type));
  CHECK(type.kind == ValueKind::kTensor);
  CHECK(type.type == DataType::kFloat16);
  REQUIRE(type.has_shape);
  REQUIRE(type.dims.size() == 6);
  CHECK(type.dims[0].kind == DeclaredDim::Kind::kValue);
  CHECK(type.dims[0].value == 3);
  CHECK(type.dims[1].kind == DeclaredDim::Kind::kParam);
  CHECK(type.dims[1].param == "batch*8");
  CHECK(type.dims[2].kind == DeclaredDim::Kind::kUnknown);
  CHECK(type.dims[3].kind == DeclaredDim::Kind::kUnknown);
  CHECK(type.dims[4].kind == DeclaredDim::Kind::kValue);
  CHECK(type.dims[4].value == 0);
  CHECK(type.dims[5].kind == DeclaredDim::Kind::kUnknown);
}

TEST_CASE("declared type: no shape is an unknown rank, an empty one a scalar") {
  onnx::TypeProto proto;
  proto.mutable_tensor_type()->set_elem_type(onnx::TensorProto::INT64);
  CHECK_FALSE(Read(proto.SerializeAsString()).has_shape);
  proto.mutable_tensor_type()->mutable_shape();
  const DeclaredType scalar = Read(proto.SerializeAsString());
  CHECK(scalar.has_shape);
  CHECK(scalar.dims.empty());
}

TEST_CASE("declared type: containers keep the type of their element") {
  onnx::TypeProto sequence;
  sequence.mutable_sequence_type()->mutable_elem_type()->mutable_tensor_type()->set_elem_type(
      onnx::TensorProto::INT32);
  const DeclaredType read = Read(sequence.SerializeAsString());
  CHECK(read.kind == ValueKind::kSequence);
  REQUIRE(read.element != nullptr);
  CHECK(read.element->type == DataType::kInt32);

  onnx::TypeProto optional;
  *optional.mutable_optional_type()->mutable_elem_type() = sequence;
  const DeclaredType outer = Read(optional.SerializeAsString());
  CHECK(outer.kind == ValueKind::kOptional);
  REQUIRE(outer.element != nullptr);
  CHECK(outer.element->kind == ValueKind::kSequence);

  onnx::TypeProto map;
  map.mutable_map_type()->set_key_type(onnx::TensorProto::STRING);
  map.mutable_map_type()->mutable_value_type()->mutable_tensor_type()->set_elem_type(
      onnx::TensorProto::FLOAT);
  const DeclaredType read_map = Read(map.SerializeAsString());
  CHECK(read_map.kind == ValueKind::kMap);
  CHECK(read_map.type == DataType::kString);
  REQUIRE(read_map.element != nullptr);
  CHECK(read_map.element->type == DataType::kFloat);

  onnx::TypeProto sparse;
  sparse.mutable_sparse_tensor_type()->mutable_shape()->add_dim()->set_dim_value(5);
  const DeclaredType read_sparse = Read(sparse.SerializeAsString());
  CHECK(read_sparse.kind == ValueKind::kSparseTensor);
  REQUIRE(read_sparse.dims.size() == 1);
  CHECK(read_sparse.dims[0].value == 5);

  CHECK(Read("\x3a\x00"s).kind == ValueKind::kOpaque);
}

TEST_CASE("declared type: nothing of one message is left in the next") {
  onnx::TypeProto proto;
  proto.mutable_sequence_type()->mutable_elem_type()->mutable_tensor_type();
  DeclaredType type;
  REQUIRE(ReadDeclaredType(proto.SerializeAsString(), &type));
  proto.mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(3);
  REQUIRE(ReadDeclaredType(proto.SerializeAsString(), &type));
  CHECK(type.kind == ValueKind::kTensor);
  CHECK(type.element == nullptr);
  REQUIRE(ReadDeclaredType("", &type));
  CHECK_FALSE(type.has_shape);
  CHECK(type.type == DataType::kUndefined);
}

TEST_CASE("declared type: pieces are merged, of alternatives the last one counts") {
  // tensor_type { elem_type: 1 }, tensor_type { shape { dim { dim_value: 4 } } }
  const DeclaredType merged = Read("\x0a\x02\x08\x01\x0a\x06\x12\x04\x0a\x02\x08\x04"s);
  CHECK(merged.type == DataType::kFloat);
  REQUIRE(merged.dims.size() == 1);
  CHECK(merged.dims[0].value == 4);
  // tensor_type { elem_type: 1 }, sequence_type {}
  const DeclaredType last = Read("\x0a\x02\x08\x01\x22\x00"s);
  CHECK(last.kind == ValueKind::kSequence);
  CHECK(last.type == DataType::kUndefined);
}

TEST_CASE("declared type: damage and deep nesting are refused") {
  DeclaredType type;
  CHECK_FALSE(ReadDeclaredType("\x0a\x05\x08\x01"s, &type));
  CHECK_FALSE(ReadDeclaredType("\x0a\x02\x12\x05"s, &type));
  onnx::TypeProto proto;
  proto.mutable_tensor_type()->set_elem_type(1);
  for (int depth = 0; depth < 40; ++depth) {
    onnx::TypeProto outer;
    *outer.mutable_sequence_type()->mutable_elem_type() = proto;
    proto = outer;
  }
  CHECK_FALSE(ReadDeclaredType(proto.SerializeAsString(), &type));
}

}  // namespace
}  // namespace onnx_macs
