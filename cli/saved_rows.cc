// A table for each kind of row, in the order in which its keys are written.
#include "cli/saved_rows.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/report_rows.h"
#include "cli/json_rows.h"

namespace onnx_macs {
namespace {

constexpr size_t kMostParts = 32;

// The part of that name, made where there is none yet: parts and their formulas lie apart.
Amount* PartOf(SavedInput& in, absl::string_view name, std::vector<PartAmount>* parts) {
  for (PartAmount& part : *parts) {
    if (part.name == name) return &part.macs;
  }
  if (parts->size() == kMostParts) in.Fail("there are too many parts in this object");
  parts->push_back({std::string(name), Amount::Unknown()});
  return &parts->back().macs;
}

template <typename Row>
void ReadParts(SavedInput& in, Row* row) {
  in.ReadObject([&](absl::string_view name) {
    Amount* const part = PartOf(in, name, &row->parts);
    Amount amount = in.ReadAmount();
    if (!amount.is_unknown()) *part = std::move(amount);
  });
}

template <typename Row>
void ReadPartFormulas(SavedInput& in, Row* row) {
  in.ReadObject([&](absl::string_view name) {
    *PartOf(in, name, &row->parts) = in.MakeFormula(in.ReadFormula());
  });
}

constexpr SavedField<ComponentRow> kComponent[] = {
    {"path",
     [](SavedInput& in, ComponentRow* row) {
       row->path = in.ReadString();
       row->depth = DepthOf(row->path);
     }},
    {"nodes", ReadNodes},
};

constexpr SavedAmount<ComponentRow> kComponentAmounts[] = {
    {"macs", FigureOf<&Figures::macs>},
    {"ops", FigureOf<&Figures::ops>},
    {"flops", FigureOf<&Figures::flops>},
    {"params", FigureOf<&Figures::params>},
    {"weight_bytes", FigureOf<&Figures::weight_bytes>},
    {"traffic_bytes", FigureOf<&Figures::traffic_bytes>, false},
};

constexpr SavedField<OpRow> kOp[] = {
    {"op", ReadText<&OpRow::op>},
    {"domain", ReadText<&OpRow::domain>},
    {"nodes", ReadNodes},
};
constexpr SavedAmount<OpRow> kOpAmounts[] = {
    {"macs", FigureOf<&Figures::macs>},
    {"ops", FigureOf<&Figures::ops>},
    {"flops", FigureOf<&Figures::flops>},
    {"traffic_bytes", FigureOf<&Figures::traffic_bytes>, false},
};

void ReadStatus(SavedInput& in, NodeRow* row) {
  const std::string status = in.ReadString();
  for (size_t i = 0; i < std::size(kNodeStatus); ++i) {
    if (status == kNodeStatus[i]) {
      row->status = static_cast<NodeRow::Status>(i);
      return;
    }
  }
  in.FailAtKey("neither counted, free nor gap");
}

void ReadInputs(SavedInput& in, NodeRow* row) {
  for (const std::string& input : in.ReadStrings()) row->inputs.push_back(input);
}

constexpr SavedField<NodeRow> kNode[] = {
    {"node", ReadText<&NodeRow::name>},
    {"op", ReadText<&NodeRow::op>},
    {"domain", ReadText<&NodeRow::domain>},
    {"path", ReadText<&NodeRow::path>},
    {"status", ReadStatus},
    {"parts", ReadParts, false},
    {"parts_formula", ReadPartFormulas, false},
    {"block", ReadCount<&NodeRow::block>, false},
    {"attributes", ReadText<&NodeRow::attributes>, false},
    {"inputs", ReadInputs},
    {"outputs", ReadText<&NodeRow::outputs>, false},
    {"placed", ReadText<&NodeRow::placed>},
    {"rule", ReadText<&NodeRow::rule>},
    {"counting", ReadText<&NodeRow::counting>},
};
constexpr SavedAmount<NodeRow> kNodeAmounts[] = {
    {"macs", AmountOf<&NodeRow::macs>},
    {"ops", AmountOf<&NodeRow::ops>},
    {"flops", AmountOf<&NodeRow::flops>},
    {"traffic_bytes", AmountOf<&NodeRow::traffic_bytes>, false},
};

void ReadParent(SavedInput& in, BlockRow* row) {
  row->parent = in.ReadNull() ? -1 : in.ReadCount();
}

// What is in none has the number -1.
void ReadId(SavedInput& in, BlockRow* row) {
  row->id = in.ReadInteger();
  if (row->id < -1) in.FailAtKey("negative");
}

// Which sizes a block has is told by its kind.
void ReadKind(SavedInput& in, BlockRow* row) {
  row->kind = in.ReadWord();
  row->is_attention = row->kind == "attention" || row->kind == "linear_attention";
  row->is_mixture = row->kind == "moe";
}

constexpr SavedField<BlockRow> kBlock[] = {
    {"id", ReadId},
    {"parent", ReadParent},
    {"kind", ReadKind},
    {"path", ReadText<&BlockRow::path>},
    {"nodes", ReadNodes},
    {"gaps", ReadCount<&BlockRow::gaps>, false},
    {"parts", ReadParts, false},
    {"parts_formula", ReadPartFormulas, false},
    {"active", ReadPart<&BlockRow::active>, false},
};

constexpr SavedAmount<BlockRow> kBlockAmounts[] = {
    {"macs", FigureOf<&Figures::macs>},
    {"ops", FigureOf<&Figures::ops>},
    {"flops", FigureOf<&Figures::flops>},
    {"params", FigureOf<&Figures::params>},
    {"weight_bytes", FigureOf<&Figures::weight_bytes>},
    {"traffic_bytes", FigureOf<&Figures::traffic_bytes>, false},
    {"heads", AmountOf<&BlockRow::heads>, false},
    {"head_size", AmountOf<&BlockRow::head_size>, false},
    {"q_len", AmountOf<&BlockRow::q_len>, false},
    {"k_len", AmountOf<&BlockRow::k_len>, false},
    {"tokens", AmountOf<&BlockRow::tokens>, false},
    {"experts", AmountOf<&BlockRow::experts>, false},
    {"top_k", AmountOf<&BlockRow::top_k>, false},
};

constexpr SavedAmount<ActiveFigures> kActive[] = {
    {"macs", AmountOf<&ActiveFigures::macs>},
    {"params", AmountOf<&ActiveFigures::params>},
};

constexpr SavedField<WeightTypeRow> kWeightType[] = {
    {"dtype", ReadWord<&WeightTypeRow::dtype>},
};
constexpr SavedAmount<WeightTypeRow> kWeightTypeAmounts[] = {
    {"params", AmountOf<&WeightTypeRow::params>},
    {"weight_bytes", AmountOf<&WeightTypeRow::weight_bytes>},
};

constexpr SavedField<GapRow> kGap[] = {
    {"node", ReadText<&GapRow::node>},     {"op", ReadText<&GapRow::op>},
    {"domain", ReadText<&GapRow::domain>}, {"reason", ReadText<&GapRow::reason>},
    {"path", ReadText<&GapRow::path>},     {"consequence", ReadBoolean<&GapRow::is_consequence>},
};

// --- Values

struct ValueDraft {
  ValueRow row;
  bool has_tensor = false;  // one that stands by itself
};

ValueRow::DimText ReadDim(SavedInput& in) {
  using Kind = ValueRow::DimText::Kind;
  if (in.ReadNull()) return {};
  if (in.Peek() == SavedInput::Kind::kString) return {Kind::kExpression, 0, in.ReadString()};
  return {Kind::kInteger, in.ReadInteger(), ""};
}

void ReadShape(SavedInput& in, ValueRow* row) {
  if (in.ReadNull()) return;
  row->has_rank = true;
  in.ReadList(&row->shape, [&in](ValueRow::DimText* dim) { *dim = ReadDim(in); });
}

constexpr SavedField<ValueRow> kTensor[] = {
    {"dtype", ReadText<&ValueRow::dtype>},
    {"shape", ReadShape},
};

template <ValueKind kKind>
void ReadContainer(SavedInput& in, ValueDraft* draft) {
  if (!draft->row.kind.empty()) in.Fail("a value is of one kind");
  draft->row.kind = std::string(KindName(kKind));
  Read(in, SavedRow<ValueRow>{kTensor, {}}, &draft->row);
}

constexpr SavedField<ValueDraft> kValue[] = {
    {"dtype",
     [](SavedInput& in, ValueDraft* draft) {
       draft->has_tensor = true;
       draft->row.dtype = in.ReadString();
     },
     false},
    {"shape", [](SavedInput& in, ValueDraft* draft) { ReadShape(in, &draft->row); }, false},
    {"sparse_tensor", ReadContainer<ValueKind::kSparseTensor>, false},
    {"sequence", ReadContainer<ValueKind::kSequence>, false},
    {"optional", ReadContainer<ValueKind::kOptional>, false},
    {"map", ReadContainer<ValueKind::kMap>, false},
    {"opaque", ReadContainer<ValueKind::kOpaque>, false},
    {"length", [](SavedInput& in, ValueDraft* draft) { draft->row.length = ReadDim(in); }, false},
};

ValueRow ReadValue(SavedInput& in, absl::string_view name) {
  ValueDraft draft;
  draft.row.name = std::string(name);
  Read(in, SavedRow<ValueDraft>{kValue, {}}, &draft);
  if (draft.has_tensor == !draft.row.kind.empty()) in.Fail("a value is a tensor or of one kind");
  if (draft.has_tensor) draft.row.kind = std::string(KindName(ValueKind::kTensor));
  return std::move(draft.row);
}

}  // namespace

void Read(SavedInput& in, ComponentRow* row) {
  Read(in, SavedRow<ComponentRow>{kComponent, kComponentAmounts}, row);
}

void Read(SavedInput& in, OpRow* row) { Read(in, SavedRow<OpRow>{kOp, kOpAmounts}, row); }

void Read(SavedInput& in, NodeRow* row) { Read(in, SavedRow<NodeRow>{kNode, kNodeAmounts}, row); }

void Read(SavedInput& in, BlockRow* row) {
  Read(in, SavedRow<BlockRow>{kBlock, kBlockAmounts}, row);
}

void Read(SavedInput& in, ActiveFigures* active) {
  Read(in, SavedRow<ActiveFigures>{{}, kActive}, active);
}

void Read(SavedInput& in, WeightTypeRow* row) {
  Read(in, SavedRow<WeightTypeRow>{kWeightType, kWeightTypeAmounts}, row);
}

void Read(SavedInput& in, GapRow* row) { Read(in, SavedRow<GapRow>{kGap, {}}, row); }

void Read(SavedInput& in, std::vector<ValueRow>* rows) {
  in.ReadObject([&](absl::string_view name) {
    in.CountElement();
    rows->push_back(ReadValue(in, name));
  });
}

}  // namespace onnx_macs
