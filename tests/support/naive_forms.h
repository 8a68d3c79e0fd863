// The naive counter of what is special: attention over packed, windowed and sparse sequences, and
// the models of classical machine learning. As in naive_counter.h every number is counted by loops
// over the definition.
#ifndef ONNX_MACS_TESTS_SUPPORT_NAIVE_FORMS_H_
#define ONNX_MACS_TESTS_SUPPORT_NAIVE_FORMS_H_

#include <cstdint>
#include <vector>

#include "tests/support/naive_counter.h"

namespace onnx_macs::testing {

// Heads over pairs of queries and keys of these sizes.
struct NaiveHeads {
  int64_t heads = 1, key_size = 1, value_size = 1;
};

struct NaiveSequence {
  int64_t queries = 1, keys = 1;
};
// Sequences of different lengths: a query meets the keys of its own.
NaiveAttentionParts CountSequences(const NaiveHeads& heads,
                                   const std::vector<NaiveSequence>& sequences);

// Rows of blocks of queries meet the blocks of keys that a layout lists for them. Heads take the
// layouts in turn; the queries are the last ones of `total` tokens.
struct NaiveLayout {
  Ints row_begins;  // where the blocks of each row begin in the list, and where the last ends
};
NaiveAttentionParts CountSparse(const NaiveHeads& heads, const std::vector<NaiveLayout>& layouts,
                                int64_t block, int64_t queries, int64_t total);

// Every token meets `window` tokens on both sides of itself, as if none stood near an end; with
// those that are global (1 in the flags of its sequence) everyone meets everyone.
NaiveAttentionParts CountLongformer(const NaiveHeads& heads, int64_t window,
                                    const std::vector<Ints>& global_flags);

// A recurrent cell that attends to a memory. What it found is an input of the next step, after a
// layer of `attention_layer` (0: none) over it and the state.
struct NaiveAttendingCell {
  int64_t directions = 1, steps = 1, batch = 1, input = 1, hidden = 1;
  int64_t memories = 1, depth = 1, attention = 1, attention_layer = 0;
};
int64_t CountAttendingLstm(const NaiveAttendingCell& cell);

// Gauss and Jordan: every pivot scales its row, and is taken off every other one, over the columns
// of the inverse.
int64_t CountInverse(int64_t matrices, int64_t n);

// Rows meet support vectors, and those their coefficients: each vector has one against every other
// class. A regressor is of two classes.
int64_t CountVectorMachine(int64_t rows, const Ints& vectors_per_class, int64_t features);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_NAIVE_FORMS_H_
