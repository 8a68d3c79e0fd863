// Words that edits choose from: the attributes that rules read, by what is usually under them,
// texts that some of them take, and names of sizes.
#ifndef FUZZ_WORDS_H_
#define FUZZ_WORDS_H_

#include "absl/strings/string_view.h"

namespace onnx_macs::fuzz {

// Words, not rows.
// clang-format off
inline constexpr absl::string_view kIntNames[] = {
    "activation", "allowzero", "axis", "batch_axis", "batch_dims", "bits", "blocksize", "broadcast",
    "ceil_mode", "channels", "channels_last", "dilation", "dim", "do_rotary", "dtype",
    "embedding_size", "end", "expert_weight_bits", "fmod", "gather_axis", "group", "group_size",
    "groups", "hidden_size", "input_as_shape", "inverse", "is_causal", "k", "keepdims",
    "kv_num_heads", "layout", "left_window_size", "local_window_size", "max_map", "max_ngram_size",
    "maxsplit", "n_head_per_ngram", "n_supports", "n_targets", "new_axis", "ngram_size",
    "noop_with_empty_axes", "num_groups", "num_heads", "num_outputs", "num_scan_inputs", "onesided",
    "output_datatype", "output_dtype", "output_height", "output_width", "past_present_share_buffer",
    "positive", "q_num_heads", "qk_l2_norm", "right_window_size", "rotary_embedding_dim",
    "sample_size", "sampling_ratio", "signal_ndim", "size", "sliding_window_cache",
    "softmax_precision", "sparse_block_size", "start", "stash_type", "state_update_capacity",
    "state_window", "step", "swiglu_fusion", "targets", "to", "transA", "transB", "transBatchA",
    "transBatchB", "v_head_size", "vocab_size", "window"};
inline constexpr absl::string_view kIntsNames[] = {
    "axes", "border", "dilations", "extra_shape", "inputdimensions", "kernel_shape",
    "ngram_indexes", "nodes_treeids", "output_padding", "output_shape", "pads", "perm",
    "pooled_shape", "qkv_hidden_sizes", "scale", "scan_input_axes", "scan_output_axes", "shape",
    "split", "strides", "value_ints", "vectors_per_class"};
inline constexpr absl::string_view kFloatNames[] = {
    "alpha", "height_scale", "max", "min", "value", "value_float", "width_scale"};
inline constexpr absl::string_view kFloatsNames[] = {
    "scales", "value_floats", "nodes_values"};
inline constexpr absl::string_view kStringNames[] = {
    "activation", "activation_type", "approximate", "auto_pad", "cast_to",
    "coordinate_transformation_mode", "direction", "dst_format", "equation",
    "keep_aspect_ratio_policy", "kernel_type", "map_form", "metric", "mode", "operator",
    "pixel_format", "reduction", "update_rule"};
inline constexpr absl::string_view kTensorNames[] = {
    "value", "default_tensor", "sparse_value"};
inline constexpr absl::string_view kStringsNames[] = {
    "nodes_modes", "stopwords", "activations", "cats_strings"};
inline constexpr absl::string_view kStringValues[] = {
    "", "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", "ij,jk->ik", "bij,bjk", "...ij,...jk->...ik",
    "ii->i", "i,i->", "->", "i->ij", "...", "ij,jk,kl,lm,mn->in", "linear", "nearest", "cubic",
    "forward", "reverse", "bidirectional", "LEFT", "RIGHT", "none", "mean", "sum",
    "tf_crop_and_resize", "align_corners", "half_pixel", "stretch", "not_larger", "not_smaller",
    "constant", "edge", "reflect", "wrap", "DCR", "CRD", "Gelu", "silu", "swiglu", "RGB",
    "Grayscale", "TO_FLOAT", "TO_STRING", "DENSE", "SPARSE", "euclidean", "LINEAR", "RBF",
    "BRANCH_LEQ", "LEAF", "ALL", "\xff"};
inline constexpr absl::string_view kSizeNames[] = {
    "batch", "batch_size", "N", "seq", "past_seq + seq", "h", "height", "width", "w", "2*h",
    "floor(h/2)", "h*w", "-1", "h-1", "h%8", "min(h,w)", "h^9", "?", "", "a b", "\xff",
    "999999999999", "h*-1", "unk__1", "max(1, seq)"};
// clang-format on

}  // namespace onnx_macs::fuzz

#endif  // FUZZ_WORDS_H_
