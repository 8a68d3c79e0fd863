// --format csv: exact numbers for spreadsheets and scripts; one row per component, operator, node
// or file, never folded.
#include <algorithm>
#include <climits>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/btree_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "analyzer/dim_parse.h"
#include "analyzer/figures.h"
#include "cli/block_view.h"
#include "cli/number_format.h"
#include "cli/text.h"
#include "cli/view_rows.h"
#include "cli/view_tree.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

using Row = std::vector<SharedText>;

// What makes a spreadsheet run a cell, also as wide characters.
constexpr absl::string_view kRunBy[] = {
    "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

// Numbers and formulas of ours, which may begin with a sign: they call nothing.
bool IsArithmetic(absl::string_view text) {
  ExprPool pool;
  const auto parsed = ParseFormula(text, pool, [](absl::string_view) { return Dim(); });
  return parsed.ok() && !absl::StrContains(text, '[');
}

// Names come from strangers: none is run.
bool IsRun(absl::string_view text) {
  const bool begins_so = absl::c_any_of(
      kRunBy, [text](absl::string_view sign) { return absl::StartsWith(text, sign); });
  const bool is_signed = absl::StartsWith(text, "+") || absl::StartsWith(text, "-");
  return begins_so && text != "-" && !(is_signed && IsArithmetic(text));
}

// Quoted where RFC 4180 asks for it.
std::string Quoted(absl::string_view cell) {
  const std::string text = absl::StrCat(IsRun(cell) ? "'" : "", Printable(cell));
  if (text.find_first_of(",\"") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

// One line before it is text: its names, its numbers, and what follows them.
struct Record {
  Row keys;
  Figures figures;
  Row rest;
};

struct Sheet {
  Row key_headers;
  bool has_params = true;
  Row rest_headers;
  std::vector<Record> records;
};

void AppendAmounts(const Figures& figures, bool with_params, bool with_traffic,
                   std::vector<std::string>* row) {
  for (const Amount* amount : {&figures.macs, &figures.ops, &figures.flops}) {
    row->push_back(FormatExact(*amount));
  }
  if (with_params) {
    row->push_back(FormatExact(figures.params));
    row->push_back(FormatExact(figures.weight_bytes));
  }
  if (with_traffic) row->push_back(FormatExact(figures.traffic_bytes));
  row->push_back(absl::StrCat(figures.nodes));
}

std::vector<std::string> AmountHeaders(bool with_params, bool with_traffic) {
  std::vector<std::string> headers = {"macs", "ops", "flops"};
  if (with_params) headers.insert(headers.end(), {"params", "weight_bytes"});
  if (with_traffic) headers.push_back("traffic_bytes");
  headers.push_back("nodes");
  return headers;
}

void Append(const Row& more, std::vector<std::string>* row) {
  for (const SharedText& text : more) row->emplace_back(text.view());
}

Sheet ComponentSheet(const Results& results, const WriteContext& context) {
  Sheet sheet{.key_headers = {"file", "component"}, .rest_headers = {}, .records = {}};
  const int depth = context.view.depth.value_or(INT_MAX);
  for (const ModelReport& model : results.models) {
    for (const ComponentRow& row : model.components) {
      if (row.depth > depth || !context.filter.Matches(row.path)) continue;
      sheet.records.push_back({{model.file, row.path}, row.figures, {}});
    }
  }
  return sheet;
}

Sheet OpSheet(const Results& results, const WriteContext& context) {
  Sheet sheet{.key_headers = {"file", "op", "domain"}, .rest_headers = {}, .records = {}};
  for (const ModelReport& model : results.models) {
    for (const OpRow& row : model.by_op) {
      if (!context.filter.Matches(row.op)) continue;
      sheet.records.push_back({{model.file, row.op, row.domain}, row.figures, {}});
    }
  }
  return sheet;
}

constexpr const char* kStatus[] = {"counted", "free", "not counted"};  // by NodeRow::Status

Sheet NodeSheet(const Results& results, const WriteContext& context) {
  Sheet sheet{.key_headers = {"file", "node", "op", "domain", "component"},
              .has_params = false,
              .rest_headers = {"status", "outputs"},
              .records = {}};
  const std::vector<SharedText> status(std::begin(kStatus), std::end(kStatus));
  for (const ModelReport& model : results.models) {
    const SharedText file = model.file;
    sheet.records.reserve(sheet.records.size() + model.nodes.size());
    for (const NodeRow& node : model.nodes) {
      if (!context.filter.Matches(node.name) && !context.filter.Matches(node.path)) continue;
      Record record{{file, node.name, node.op, node.domain, node.path},
                    {},
                    {status[static_cast<int>(node.status)], node.outputs}};
      record.figures = FiguresOf(node);
      sheet.records.push_back(std::move(record));
    }
  }
  return sheet;
}

// Of attentions: their sizes, then the MACs of their parts; of mixtures of experts (whose parts
// have rows of their own) their sizes and what is active.
constexpr const char* kBlockDetails[] = {
    "heads", "head_size",   "q_len",  "k_len",   "qk",    "softmax",     "av",           "kv",
    "qkv",   "projections", "tokens", "experts", "top_k", "active_macs", "active_params"};
constexpr size_t kFirstPart = 4, kFirstOfMixture = 10;

const char* Bool(bool value) { return value ? "true" : "false"; }

// A stage of a pipeline: what one call costs, and all of them.
Record StageRecord(const PipelineReport& pipeline, const StageRow& stage) {
  return {{stage.file, stage.role, pipeline.folder, stage.title},
          stage.per_call,
          {Bool(stage.is_lower_bound), absl::StrCat(stage.times), absl::StrCat(stage.batch),
           FormatExact(stage.figures.macs), FormatExact(stage.figures.flops)}};
}

// One row for each stage; a file may be several of them.
Sheet StageSheet(const Results& results, const WriteContext& context) {
  Sheet sheet{
      .key_headers = {"file", "role", "folder", "stage"},
      .rest_headers = {"lower_bound", "calls", "batch", "macs_of_all_calls", "flops_of_all_calls"},
      .records = {}};
  for (const PipelineReport& pipeline : results.pipelines) {
    for (const StageRow& stage : pipeline.stages) {
      if (!context.filter.Matches(stage.file)) continue;
      sheet.records.push_back(StageRecord(pipeline, stage));
    }
  }
  return sheet;
}

Sheet FileSheet(const Results& results, const WriteContext& context) {
  Sheet sheet{.key_headers = {"file", "role"}, .rest_headers = {"lower_bound"}, .records = {}};
  for (const ModelReport& model : results.models) {
    if (!context.filter.Matches(model.file)) continue;
    sheet.records.push_back({{model.file, model.role}, model.figures, {Bool(!model.gaps.empty())}});
  }
  return sheet;
}

void Fill(std::initializer_list<const Amount*> amounts, size_t from, Record* record) {
  for (const Amount* amount : amounts) record->rest[from++] = FormatExact(*amount);
}

Record BlockRecord(const ModelReport& model, const BlockRow& block) {
  const auto id = [](int64_t number) { return number < 0 ? "" : absl::StrCat(number); };
  Record record{{model.file, id(block.id), id(block.parent), block.kind, block.path},
                block.figures,
                Row(std::size(kBlockDetails))};
  if (block.is_attention) {
    Fill({&block.heads, &block.head_size, &block.q_len, &block.k_len}, 0, &record);
    for (const PartAmount& part : block.parts) {
      for (size_t i = kFirstPart; i < kFirstOfMixture; ++i) {
        if (part.name == kBlockDetails[i]) record.rest[i] = FormatExact(part.macs);
      }
    }
  }
  if (block.is_mixture) {
    Fill({&block.tokens, &block.experts, &block.top_k, &block.active.macs, &block.active.params},
         kFirstOfMixture, &record);
  }
  return record;
}

// A block has with it what lies in it; those without a parent and "(none)" are the whole model.
Sheet BlockSheet(const Results& results, const WriteContext& context) {
  Sheet sheet{.key_headers = {"file", "block", "parent", "kind", "component"},
              .rest_headers = {std::begin(kBlockDetails), std::end(kBlockDetails)},
              .records = {}};
  for (const ModelReport& model : results.models) {
    for (const BlockRow& block : model.blocks) {
      if (Matches(block, context.filter)) sheet.records.push_back(BlockRecord(model, block));
    }
    if (!Matches(model.outside_blocks, context.filter)) continue;
    sheet.records.push_back(BlockRecord(model, model.outside_blocks));
  }
  return sheet;
}

SharedText KeyOf(const ModelReport& model, const NodeRow& node, Grouping grouping) {
  switch (grouping) {
    case Grouping::kComponent:
      return node.path;
    case Grouping::kOp:
      return node.domain.empty() ? node.op : absl::StrCat(node.domain.view(), "::", node.op.view());
    case Grouping::kNode:
      return node.name;
    case Grouping::kBlock:
      return BlockName(BlockOf(model, node));
    case Grouping::kFile:
    case Grouping::kStage:
      break;
  }
  return model.file;
}

// A list of groupings: one row for each combination that occurs, a node being in the component
// that holds it directly.
Sheet CrossSheet(const Results& results, const WriteContext& context) {
  Sheet sheet{.key_headers = {"file"}, .has_params = false, .rest_headers = {}, .records = {}};
  std::vector<Grouping> groupings = {Grouping::kFile};
  for (const Grouping grouping : context.view.by) {
    if (grouping == Grouping::kFile) continue;
    groupings.push_back(grouping);
    sheet.key_headers.emplace_back(GroupingName(grouping));
  }
  absl::btree_map<Row, FiguresSum> sums;
  for (const ModelReport& model : results.models) {
    for (const NodeRow& node : model.nodes) {
      Row keys;
      for (const Grouping grouping : groupings) keys.push_back(KeyOf(model, node, grouping));
      if (!context.filter.Matches(KeyOf(model, node, context.view.by[0]))) continue;
      sums[std::move(keys)].Add(FiguresOf(node));
    }
  }
  // Either of the two takes much where nodes are told apart.
  for (; !sums.empty(); sums.erase(sums.begin())) {
    const auto& [keys, sum] = *sums.begin();
    sheet.records.push_back({keys, Simplified(sum.Total()), {}});
  }
  return sheet;
}

Sheet MakeSheet(const Results& results, const WriteContext& context) {
  if (context.view.by.size() > 1) return CrossSheet(results, context);
  using Maker = Sheet (*)(const Results&, const WriteContext&);
  constexpr Maker kMakers[] = {ComponentSheet, OpSheet,    NodeSheet,
                               FileSheet,      BlockSheet, StageSheet};
  const Grouping by = context.view.nodes ? Grouping::kNode : context.view.by[0];
  return kMakers[static_cast<int>(by)](results, context);
}

// Rows stay in the order of the model unless an order or a cut is asked for.
void SortAndCut(const ViewOptions& view, std::vector<Record>* records) {
  if (!view.top && view.sort == SortKey::kMacs) return;
  std::stable_sort(records->begin(), records->end(), [&](const Record& a, const Record& b) {
    return view.sort == SortKey::kName
               ? a.keys < b.keys
               : WeightOf(a.figures, view.sort) > WeightOf(b.figures, view.sort);
  });
  if (view.top && records->size() > static_cast<size_t>(*view.top)) records->resize(*view.top);
}

}  // namespace

std::string CsvLine(const std::vector<std::string>& cells) {
  const auto append = [](std::string* out, const std::string& cell) {
    absl::StrAppend(out, Quoted(cell));
  };
  return absl::StrCat(absl::StrJoin(cells, ",", append), "\n");
}

// One row for each batch.
static std::string ProfileCsv(const Results& results, const WriteContext& context) {
  std::string text = CsvLine({"file", "batch", "macs", "flops", "params", "weight_bytes",
                              "activation_bytes", "total_bytes"});
  for (const ModelReport& model : results.models) {
    if (!context.filter.Matches(model.file)) continue;
    for (const BatchRow& row : model.memory_plan.batches) {
      std::vector<std::string> cells = {model.file, absl::StrCat(row.batch)};
      for (const Amount* amount :
           {&row.macs, &row.flops, &model.figures.params, &model.figures.weight_bytes,
            &row.activation_bytes, &row.total_bytes}) {
        cells.push_back(FormatExact(*amount));
      }
      text += CsvLine(cells);
    }
  }
  return text;
}

void WriteCsv(const Results& results, const WriteContext& context, TextSink* sink) {
  if (context.view.profile) {
    sink->text() += ProfileCsv(results, context);
    return;
  }
  Sheet sheet = MakeSheet(results, context);
  SortAndCut(context.view, &sheet.records);
  std::vector<std::string> row;
  Append(sheet.key_headers, &row);
  absl::c_copy(AmountHeaders(sheet.has_params, context.view.memory), std::back_inserter(row));
  Append(sheet.rest_headers, &row);
  sink->text() += CsvLine(row);
  for (const Record& record : sheet.records) {
    row.clear();
    Append(record.keys, &row);
    AppendAmounts(record.figures, sheet.has_params, context.view.memory, &row);
    Append(record.rest, &row);
    sink->text() += CsvLine(row);
    sink->EndRow();
  }
}

}  // namespace onnx_macs
