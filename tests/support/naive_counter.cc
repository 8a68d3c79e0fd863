// The loops of naive_counter.h.
#include "tests/support/naive_counter.h"

#include <algorithm>
#include <map>

namespace onnx_macs::testing {
namespace {

Ints KernelOf(const NaiveConv& conv) {
  Ints kernel;
  for (const NaiveAxis& axis : conv.axes) kernel.push_back(axis.kernel);
  return kernel;
}

}  // namespace

void ForEachIndex(const Ints& shape, const std::function<void(const Ints&)>& visit) {
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return;
  Ints index(shape.size(), 0);
  while (true) {
    visit(index);
    size_t axis = shape.size();
    while (axis > 0 && ++index[axis - 1] == shape[axis - 1]) index[--axis] = 0;
    if (axis == 0) return;
  }
}

int64_t CountWindows(const NaiveAxis& axis, bool ceil_mode) {
  int64_t windows = 0;
  for (int64_t start = -axis.pad_begin;; start += axis.stride) {
    int64_t last_tap = start;
    for (int64_t tap = 1; tap < axis.kernel; ++tap) last_tap += axis.dilation;
    const int64_t overhang = last_tap - (axis.size + axis.pad_end - 1);
    const bool may_hang = ceil_mode && overhang < axis.stride && start < axis.size;
    if (overhang > 0 && !may_hang) return windows;
    ++windows;
  }
}

NaiveResult CountConv(const NaiveConv& conv) {
  NaiveResult result{{conv.batch, conv.out_channels}, 0};
  for (const NaiveAxis& axis : conv.axes) result.shape.push_back(CountWindows(axis, false));
  const int64_t out_per_group = conv.out_channels / conv.group;
  const int64_t in_per_group = conv.in_channels / conv.group;
  ForEachIndex(result.shape, [&](const Ints& out) {
    const int64_t group = out[1] / out_per_group;
    for (int64_t c = 0; c < conv.in_channels; ++c) {
      if (c / in_per_group != group) continue;
      ForEachIndex(KernelOf(conv), [&](const Ints&) { ++result.macs; });
    }
  });
  return result;
}

NaiveResult CountConvTranspose(const NaiveConv& conv) {
  NaiveResult result{{conv.batch, conv.out_channels}, 0};
  Ints in = {conv.batch, conv.in_channels};
  Ints ends(conv.axes.size(), 0);
  for (const NaiveAxis& axis : conv.axes) in.push_back(axis.size);
  const int64_t out_per_group = conv.out_channels / conv.group;
  ForEachIndex(in, [&](const Ints& from) {
    for (int64_t m = 0; m < out_per_group; ++m) {
      ForEachIndex(KernelOf(conv), [&](const Ints& tap) {
        ++result.macs;
        for (size_t i = 0; i < ends.size(); ++i) {
          const NaiveAxis& axis = conv.axes[i];
          ends[i] = std::max(ends[i], from[i + 2] * axis.stride + tap[i] * axis.dilation + 1);
        }
      });
    }
  });
  for (size_t i = 0; i < ends.size(); ++i) {
    const NaiveAxis& axis = conv.axes[i];
    result.shape.push_back(ends[i] - axis.pad_begin - axis.pad_end + axis.output_padding);
  }
  return result;
}

NaiveResult CountMatMul(const Ints& a, const Ints& b) {
  Ints x = a, y = b;
  if (a.size() == 1) x.insert(x.begin(), 1);
  if (b.size() == 1) y.push_back(1);
  const int64_t rows = x[x.size() - 2], inner = x.back(), columns = y.back();
  while (x.size() < y.size()) x.insert(x.begin(), 1);
  while (y.size() < x.size()) y.insert(y.begin(), 1);
  NaiveResult result;
  for (size_t i = 0; i + 2 < x.size(); ++i) result.shape.push_back(x[i] == 1 ? y[i] : x[i]);
  Ints all = result.shape;
  all.insert(all.end(), {rows, columns, inner});
  ForEachIndex(all, [&](const Ints&) { ++result.macs; });
  if (a.size() > 1) result.shape.push_back(rows);
  if (b.size() > 1) result.shape.push_back(columns);
  return result;
}

NaiveResult CountGemm(const Ints& a, const Ints& b, bool trans_a, bool trans_b) {
  const Ints x = trans_a ? Ints{a[1], a[0]} : a;
  const Ints y = trans_b ? Ints{b[1], b[0]} : b;
  return CountMatMul(x, y);
}

NaiveAttentionParts CountAttention(const NaiveAttention& attention) {
  NaiveAttentionParts parts;
  const int64_t all_keys = attention.past + attention.keys;
  ForEachIndex({attention.batch, attention.heads, attention.queries, all_keys}, [&](const Ints&) {
    ++parts.softmax;
    for (int64_t i = 0; i < attention.key_size; ++i) ++parts.qk;
    for (int64_t i = 0; i < attention.value_size; ++i) ++parts.av;
  });
  return parts;
}

int64_t CountWindowedPairs(int64_t past, int64_t queries, int64_t keys, int64_t left,
                           int64_t right) {
  int64_t pairs = 0;
  for (int64_t query = past; query < past + queries; ++query) {
    for (int64_t key = 0; key < past + keys; ++key) {
      if (left >= 0 && key < query - left) continue;
      if (right >= 0 && key > query + right) continue;
      ++pairs;
    }
  }
  return pairs;
}

int64_t CountRecurrence(const NaiveRecurrence& layer) {
  int64_t macs = 0;
  const Ints gates = {layer.directions, layer.steps, layer.batch, layer.gates, layer.hidden};
  ForEachIndex(gates, [&](const Ints&) {
    for (int64_t i = 0; i < layer.input; ++i) ++macs;
    for (int64_t i = 0; i < layer.hidden; ++i) ++macs;
  });
  return macs;
}

int64_t CountLinearAttention(const NaiveLinearAttention& attention) {
  int64_t macs = 0;
  const Ints state = {attention.key_size, attention.value_size};
  const int64_t sharing = std::max<int64_t>(1, attention.query_heads / attention.kv_heads);
  ForEachIndex({attention.batch, attention.steps, attention.kv_heads}, [&](const Ints&) {
    if (attention.has_delta) ForEachIndex(state, [&](const Ints&) { ++macs; });
    ForEachIndex(state, [&](const Ints&) { ++macs; });
    for (int64_t query = 0; query < sharing; ++query) {
      ForEachIndex(state, [&](const Ints&) { ++macs; });
    }
  });
  return macs;
}

int64_t CountExperts(const NaiveExperts& experts) {
  int64_t macs = 0;
  ForEachIndex({experts.tokens, experts.chosen}, [&](const Ints&) {
    const Ints projection = {experts.hidden, experts.inner};
    ForEachIndex(projection, [&](const Ints&) { ++macs; });
    if (experts.is_gated) ForEachIndex(projection, [&](const Ints&) { ++macs; });
    ForEachIndex({experts.inner, experts.hidden}, [&](const Ints&) { ++macs; });
  });
  return macs;
}

NaiveResult CountEinsum(const std::string& equation, const std::vector<Ints>& shapes) {
  const size_t arrow = equation.find("->");
  std::map<char, int64_t> sizes;
  size_t operand = 0, axis = 0;
  for (char c : equation.substr(0, arrow)) {
    if (c == ',') {
      ++operand;
      axis = 0;
    } else {
      sizes[c] = std::max<int64_t>(sizes[c], shapes[operand][axis++]);
    }
  }
  NaiveResult result;
  for (char c : equation.substr(arrow + 2)) result.shape.push_back(sizes[c]);
  Ints all;
  for (const auto& [label, size] : sizes) all.push_back(size);
  ForEachIndex(all, [&](const Ints&) { ++result.macs; });
  return result;
}

}  // namespace onnx_macs::testing
