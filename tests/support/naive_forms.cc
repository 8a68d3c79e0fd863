// The loops of naive_forms.h.
#include "tests/support/naive_forms.h"

namespace onnx_macs::testing {
namespace {

// A query meets a key in one head.
void Meet(const NaiveHeads& heads, NaiveAttentionParts* parts) {
  for (int64_t i = 0; i < heads.key_size; ++i) ++parts->qk;
  ++parts->softmax;
  for (int64_t i = 0; i < heads.value_size; ++i) ++parts->av;
}

// One product of a vector with a matrix.
int64_t CountLayer(int64_t from, int64_t to) {
  int64_t macs = 0;
  ForEachIndex({to, from}, [&](const Ints&) { ++macs; });
  return macs;
}

}  // namespace

NaiveAttentionParts CountSequences(const NaiveHeads& heads,
                                   const std::vector<NaiveSequence>& sequences) {
  NaiveAttentionParts parts;
  for (const NaiveSequence& sequence : sequences) {
    ForEachIndex({heads.heads, sequence.queries, sequence.keys},
                 [&](const Ints&) { Meet(heads, &parts); });
  }
  return parts;
}

NaiveAttentionParts CountSparse(const NaiveHeads& heads, const std::vector<NaiveLayout>& layouts,
                                int64_t block, int64_t queries, int64_t total) {
  NaiveAttentionParts parts;
  for (int64_t head = 0; head < heads.heads; ++head) {
    const Ints& begins = layouts[head % layouts.size()].row_begins;
    for (int64_t position = total - queries; position < total; ++position) {
      const int64_t row = position / block;
      for (int64_t i = begins[row]; i < begins[row + 1]; ++i) {
        for (int64_t key = 0; key < block; ++key) Meet(heads, &parts);
      }
    }
  }
  return parts;
}

NaiveAttentionParts CountLongformer(const NaiveHeads& heads, int64_t window,
                                    const std::vector<Ints>& global_flags) {
  NaiveAttentionParts parts;
  for (const Ints& flags : global_flags) {
    const int64_t length = static_cast<int64_t>(flags.size());
    ForEachIndex({heads.heads, length}, [&](const Ints& at) {
      for (int64_t offset = -window; offset <= window; ++offset) Meet(heads, &parts);
      for (int64_t other = 0; other < length; ++other) {
        if (flags[other] != 0) Meet(heads, &parts);  // as a key
        if (flags[at[1]] != 0) Meet(heads, &parts);  // as a query
      }
    });
  }
  return parts;
}

int64_t CountAttendingLstm(const NaiveAttendingCell& cell) {
  constexpr int64_t kGates = 4;
  const int64_t attended = cell.attention_layer > 0 ? cell.attention_layer : cell.depth;
  int64_t macs = 0;
  ForEachIndex({cell.directions, cell.batch}, [&](const Ints&) {
    for (int64_t memory = 0; memory < cell.memories; ++memory) {
      macs += CountLayer(cell.depth, cell.attention);  // its key
    }
    for (int64_t step = 0; step < cell.steps; ++step) {
      macs += CountLayer(cell.input + attended, kGates * cell.hidden);
      macs += CountLayer(cell.hidden, kGates * cell.hidden);
      macs += CountLayer(cell.hidden, cell.attention);  // the query
      for (int64_t memory = 0; memory < cell.memories; ++memory) {
        macs += CountLayer(cell.attention, 1);  // its score
        macs += CountLayer(1, cell.depth);      // its share of the sum
      }
      if (cell.attention_layer > 0) {
        macs += CountLayer(cell.depth + cell.hidden, cell.attention_layer);
      }
    }
  });
  return macs;
}

int64_t CountInverse(int64_t matrices, int64_t n) {
  int64_t macs = 0;
  for (int64_t matrix = 0; matrix < matrices; ++matrix) {
    for (int64_t pivot = 0; pivot < n; ++pivot) {
      for (int64_t row = 0; row < n; ++row) {
        for (int64_t column = 0; column < n; ++column) ++macs;
      }
    }
  }
  return macs;
}

int64_t CountVectorMachine(int64_t rows, const Ints& vectors_per_class, int64_t features) {
  int64_t macs = 0;
  for (int64_t row = 0; row < rows; ++row) {
    for (size_t own = 0; own < vectors_per_class.size(); ++own) {
      for (int64_t vector = 0; vector < vectors_per_class[own]; ++vector) {
        for (int64_t feature = 0; feature < features; ++feature) ++macs;
        for (size_t other = 0; other < vectors_per_class.size(); ++other) {
          if (other != own) ++macs;
        }
      }
    }
  }
  return macs;
}

}  // namespace onnx_macs::testing
