"""A small language model as onnxruntime-genai's model builder writes it: GroupQueryAttention,
packed products and fused norms, with the builder's names, beside the genai_config.json that tells a
runtime about them.
"""
import json

import numpy as np
import onnx_ir as ir
from onnx import TensorProto, helper, numpy_helper

import strip

LAYERS, HEADS, KEY_HEADS, HEAD_SIZE = 2, 4, 2, 16
HIDDEN, INNER, VOCABULARY, CONTEXT = HEADS * HEAD_SIZE, 160, 500, 128
KEYS = KEY_HEADS * HEAD_SIZE
MICROSOFT = "com.microsoft"


def counts(prefilled, past):
    """By hand: the builder's operators are not PyTorch's."""
    return {"prefill": {str(new): _macs(new, 0) for new in prefilled},
            "decode": {str(before): _macs(1, before) for before in past},
            "params": _parameters()}


def _macs(new, past):
    projections = HIDDEN * (HIDDEN + 2 * KEYS) + HIDDEN * HIDDEN
    products = 2 * HEADS * HEAD_SIZE * (past + new)  # of one query, with keys and with values
    gated = 3 * HIDDEN * INNER
    return new * (LAYERS * (projections + products + gated) + HIDDEN * VOCABULARY)


def _parameters():
    projections = HIDDEN * (HIDDEN + 2 * KEYS) + HIDDEN * HIDDEN
    norms = LAYERS * 2 + 1
    # The tables of cosines and sines are none.
    return (LAYERS * (projections + 3 * HIDDEN * INNER) + norms * HIDDEN
            + 2 * VOCABULARY * HIDDEN)


class _Builder:
    """Collects nodes and weights. Values are named after the node that gives them."""

    def __init__(self):
        self.nodes, self.weights = [], []
        self.random = np.random.default_rng(0)

    def add(self, name, op, inputs, outputs=(), domain="", **attributes):
        outputs = outputs or [f"{name}/output_0"]
        self.nodes.append(helper.make_node(
            op, inputs, outputs, name=name, domain=domain, **attributes))
        return outputs[0]

    def weight(self, name, *shape):
        values = self.random.standard_normal(shape).astype(np.float32)
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def constant(self, values):
        """Named by type and contents, and written once."""
        name = f"/model/constants/INT64/{values}"
        if name not in [weight.name for weight in self.weights]:
            self.weights.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def matmul(self, name, value, rows, columns):
        weight = self.weight(name.removeprefix("/").replace("/", ".") + ".weight", rows, columns)
        return self.add(name, "MatMul", [value, weight])

    def norm(self, name, value, skip=None, last=False):
        """The sum with `skip` is the second result; after the last norm nobody reads it."""
        weight = self.weight(name.removeprefix("/").replace("/", ".").rsplit(".", 1)[0] + ".weight",
                             HIDDEN)
        if skip is None:
            return self.add(name, "SimplifiedLayerNormalization", [value, weight], axis=-1,
                            epsilon=1e-6, stash_type=1), value
        outputs = [f"{name}/output_0", "", "", f"{name}/output_3"]
        self.add(name, "SkipSimplifiedLayerNormalization", [value, skip, weight],
                 outputs[:1] if last else outputs, MICROSOFT, epsilon=1e-6)
        return outputs[0], outputs[3]


def _lengths(builder):
    """Of the sequences, and the longest of all: GroupQueryAttention gets them out of the mask."""
    base = "/model/attn_mask_reformat/attn_mask_subgraph"
    total = builder.add(f"{base}/ReduceSum", "ReduceSum", ["attention_mask", builder.constant([1])])
    last = builder.add(f"{base}/Sub", "Sub", [total, builder.constant([1])])
    lengths = builder.add(f"{base}/Sub/Cast", "Cast", [last], to=TensorProto.INT32)
    shape = builder.add(f"{base}/Shape", "Shape", ["attention_mask"])
    longest = builder.add(f"{base}/Gather", "Gather", [shape, builder.constant(1)], axis=0)
    return lengths, builder.add(f"{base}/Gather/Cast", "Cast", [longest], to=TensorProto.INT32)


def _attention(builder, base, value, layer, lengths):
    packed = builder.matmul(f"{base}/qkv_proj/MatMul", value, HIDDEN, HIDDEN + 2 * KEYS)
    name = f"{base}/GroupQueryAttention"
    attended = builder.add(
        name, "GroupQueryAttention",
        [packed, "", "", f"past_key_values.{layer}.key", f"past_key_values.{layer}.value", *lengths,
         "cos_cache", "sin_cache"],
        [f"{name}/output_0", f"present.{layer}.key", f"present.{layer}.value"], MICROSOFT,
        num_heads=HEADS, kv_num_heads=KEY_HEADS, scale=HEAD_SIZE ** -0.5, do_rotary=1,
        rotary_interleaved=0)
    return builder.matmul(f"{base}/o_proj/MatMul", attended, HIDDEN, HIDDEN)


def _mlp(builder, base, value):
    gate = builder.matmul(f"{base}/gate_proj/MatMul", value, HIDDEN, INNER)
    up = builder.matmul(f"{base}/up_proj/MatMul", value, HIDDEN, INNER)
    bent = builder.add(f"{base}/act_fn/Sigmoid", "Sigmoid", [gate])
    bent = builder.add(f"{base}/act_fn/Mul", "Mul", [gate, bent])
    product = builder.add(f"{base}/Mul", "Mul", [bent, up])
    return builder.matmul(f"{base}/down_proj/MatMul", product, INNER, HIDDEN)


def _nodes():
    builder = _Builder()
    lengths = _lengths(builder)
    for table in ("cos_cache", "sin_cache"):
        builder.weight(table, CONTEXT, HEAD_SIZE // 2)
    embedding = builder.weight("model.embed_tokens.weight", VOCABULARY, HIDDEN)
    whole = builder.add("/model/embed_tokens/Gather", "Gather", [embedding, "input_ids"])
    added = None
    for layer in range(LAYERS):
        base = f"/model/layers.{layer}"
        kind = "LayerNorm" if added is None else "SkipLayerNorm"
        normed, whole = builder.norm(f"{base}/input_layernorm/{kind}", whole, added)
        added = _attention(builder, f"{base}/attn", normed, layer, lengths)
        normed, whole = builder.norm(f"{base}/post_attention_layernorm/SkipLayerNorm", whole, added)
        added = _mlp(builder, f"{base}/mlp", normed)
    base = f"/model/layers.{LAYERS}/final_norm_layernorm"
    normed, _ = builder.norm(f"{base}/SkipLayerNorm", whole, added, last=True)
    weight = builder.weight("lm_head.MatMul.weight", HIDDEN, VOCABULARY)
    builder.add("/lm_head/MatMul", "MatMul", [normed, weight], ["logits"])
    return builder


def _tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def _caches(begin, length):
    return [_tensor(f"{begin}.{layer}.{kind}", TensorProto.FLOAT,
                    ["batch_size", KEY_HEADS, length, HEAD_SIZE])
            for layer in range(LAYERS) for kind in ("key", "value")]


def _model():
    builder = _nodes()
    inputs = [
        _tensor("input_ids", TensorProto.INT64, ["batch_size", "sequence_length"]),
        _tensor("attention_mask", TensorProto.INT64, ["batch_size", "total_sequence_length"]),
        *_caches("past_key_values", "past_sequence_length")]
    outputs = [
        _tensor("logits", TensorProto.FLOAT, ["batch_size", "sequence_length", VOCABULARY]),
        *_caches("present", "total_sequence_length")]
    graph = helper.make_graph(builder.nodes, "main_graph", inputs, outputs, builder.weights)
    return helper.make_model(
        graph, producer_name="onnxruntime-genai", producer_version="0.9.2", ir_version=10,
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)])


def _config():
    each = "past_key_values.%d.{}", "present.%d.{}"
    decoder = {
        "filename": "model.onnx", "head_size": HEAD_SIZE, "hidden_size": HIDDEN,
        "inputs": {"input_ids": "input_ids", "attention_mask": "attention_mask",
                   "past_key_names": each[0].format("key"),
                   "past_value_names": each[0].format("value")},
        "outputs": {"logits": "logits", "present_key_names": each[1].format("key"),
                    "present_value_names": each[1].format("value")},
        "num_attention_heads": HEADS, "num_hidden_layers": LAYERS, "num_key_value_heads": KEY_HEADS}
    return {"model": {"bos_token_id": 1, "context_length": CONTEXT, "decoder": decoder,
                      "eos_token_id": 2, "pad_token_id": 0, "type": "llama",
                      "vocab_size": VOCABULARY},
            "search": {"max_length": CONTEXT, "past_present_share_buffer": True}}


def write(folder):
    strip.save_stripped(ir.from_proto(_model()), folder / "model.onnx", value_info=False)
    (folder / "genai_config.json").write_text(json.dumps(_config(), indent=4) + "\n")
    print("wrote", folder.name, flush=True)
