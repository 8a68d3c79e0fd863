// Rows of a report, read back as json_rows.h writes them.
#ifndef CLI_SAVED_ROWS_H_
#define CLI_SAVED_ROWS_H_

#include <string>
#include <vector>

#include "analyzer/report.h"
#include "cli/saved_input.h"

namespace onnx_macs {

void Read(SavedInput& in, ComponentRow* row);
void Read(SavedInput& in, OpRow* row);
void Read(SavedInput& in, NodeRow* row);
void Read(SavedInput& in, BlockRow* row);
void Read(SavedInput& in, ActiveFigures* active);
void Read(SavedInput& in, WeightTypeRow* row);
void Read(SavedInput& in, GapRow* row);
// An object of values by their names.
void Read(SavedInput& in, std::vector<ValueRow>* rows);

// All of a list.
template <typename Row>
void ReadRows(SavedInput& in, std::vector<Row>* rows) {
  in.ReadList(rows, [&in](Row* row) { Read(in, row); });
}

// Of a row: read(in, &row->*Member), as most fields are read.
template <auto Member, typename Row>
void ReadText(SavedInput& in, Row* row) {
  row->*Member = in.ReadString();
}
template <auto Member, typename Row>
void ReadWord(SavedInput& in, Row* row) {
  row->*Member = in.ReadWord();
}
template <auto Member, typename Row>
void ReadTexts(SavedInput& in, Row* row) {
  row->*Member = in.ReadStrings();
}
template <auto Member, typename Row>
void ReadCount(SavedInput& in, Row* row) {
  row->*Member = in.ReadCount();
}
template <auto Member, typename Row>
void ReadCounts(SavedInput& in, Row* row) {
  row->*Member = in.ReadCounts();
}
template <auto Member, typename Row>
void ReadBoolean(SavedInput& in, Row* row) {
  row->*Member = in.ReadBoolean();
}
template <auto Member, typename Row>
void ReadPart(SavedInput& in, Row* row) {
  Read(in, &(row->*Member));
}
template <auto Member, typename Row>
void ReadPartRows(SavedInput& in, Row* row) {
  ReadRows(in, &(row->*Member));
}
// Nodes are few enough that sums of them always fit.
inline constexpr int64_t kMostNodes = 10'000'000'000;
template <auto Member, typename Row>
void ReadNodeCount(SavedInput& in, Row* row) {
  row->*Member = in.ReadCount(kMostNodes);
}
template <typename Row>
void ReadNodes(SavedInput& in, Row* row) {
  row->figures.nodes = in.ReadCount(kMostNodes);
}
template <auto Member, typename Row>
Amount* AmountOf(Row* row) {
  return &(row->*Member);
}
template <auto Member, typename Row>
Amount* FigureOf(Row* row) {
  return &(row->figures.*Member);
}

}  // namespace onnx_macs

#endif  // CLI_SAVED_ROWS_H_
