"""Language models with a cache of keys and values, true in structure and tiny, in the forms they
are deployed in: names and open dimensions of inputs and outputs are those of Hugging Face's optimum.
"""
import dataclasses
import inspect
from typing import Callable

import torch
import transformers
from transformers import cache_utils

BATCH, TOKENS, PAST = "batch_size", "sequence_length", "past_sequence_length"
DECODED, DECODED_BEFORE = "decoder_sequence_length", "past_decoder_sequence_length"
ENCODED = "encoder_sequence_length"

LAYERS = 2
HEADS = 4
KEY_HEADS = 2  # of Llama
HEAD_SIZE = 16
HIDDEN = HEADS * HEAD_SIZE


def _gpt2():
    return transformers.GPT2LMHeadModel(transformers.GPT2Config(
        vocab_size=500, n_positions=128, n_embd=HIDDEN, n_layer=LAYERS, n_head=HEADS,
        bos_token_id=1, eos_token_id=2))


def _llama():
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(
        vocab_size=500, hidden_size=HIDDEN, intermediate_size=160, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=KEY_HEADS, head_dim=HEAD_SIZE,
        max_position_embeddings=128))


def _t5():
    return transformers.T5ForConditionalGeneration(transformers.T5Config(
        vocab_size=500, d_model=HIDDEN, d_kv=HEAD_SIZE, d_ff=160, num_layers=LAYERS,
        num_decoder_layers=LAYERS, num_heads=HEADS, feed_forward_proj="gated-gelu",
        tie_word_embeddings=False, decoder_start_token_id=0))


@dataclasses.dataclass(frozen=True)
class Sizes:
    """What one call is about: `new` tokens after `past` others, on a text of `encoded` ones."""
    batch: int = 1
    new: int = 1
    past: int = 0
    encoded: int = 0

    def ids(self, count):
        return torch.ones(self.batch, count, dtype=torch.long)

    def cached(self, heads, count):
        return torch.zeros(self.batch, heads, count, HEAD_SIZE)


@dataclasses.dataclass(frozen=True)
class Form:
    """One file. `forward` takes the model and the inputs by name, and gives the outputs."""
    build: Callable
    forward: Callable
    inputs: Callable  # of Sizes
    axes: dict  # of inputs and outputs: names of dimensions that vary
    outputs: tuple
    traced: Sizes


def cache_names(begin, parts=("",)):
    """"present" gives present.0.key, present.0.value, present.1.key ..."""
    return [f"{begin}.{layer}.{part}{kind}"
            for layer in range(LAYERS) for part in parts for kind in ("key", "value")]


def _pairs(values):
    return list(zip(values[0::2], values[1::2]))


def _flat(cache):
    return [value for layer in cache.layers for value in (layer.keys, layer.values)]


# Decoders alone.


def _decoder_forward(with_past):
    def forward(model, **inputs):
        past = [inputs.pop(name) for name in cache_names("past_key_values") if with_past]
        cache = cache_utils.DynamicCache(_pairs(past)) if with_past else (
            cache_utils.DynamicCache(config=model.config))
        made = model(**inputs, past_key_values=cache, use_cache=True)
        return made.logits, *_flat(made.past_key_values)

    return forward


def _decoder(build, key_heads, with_past=True, traced=Sizes(batch=2, new=3, past=5)):
    past_names = cache_names("past_key_values") if with_past else []
    present_names = cache_names("present")
    total = f"{PAST} + {TOKENS}" if with_past else TOKENS

    def inputs(sizes):
        positions = torch.arange(sizes.past, sizes.past + sizes.new).repeat(sizes.batch, 1)
        made = dict(input_ids=sizes.ids(sizes.new),
                    attention_mask=sizes.ids(sizes.past + sizes.new), position_ids=positions)
        return made | {name: sizes.cached(key_heads, sizes.past) for name in past_names}

    new = {0: BATCH, 1: TOKENS}
    axes = dict(input_ids=new, attention_mask={0: BATCH, 1: total}, position_ids=new, logits=new)
    axes |= {name: {0: BATCH, 2: PAST} for name in past_names}
    axes |= {name: {0: BATCH, 2: f"{PAST} + {TOKENS}"} for name in present_names}
    outputs = ("logits", *present_names)
    return Form(build, _decoder_forward(with_past), inputs, axes, outputs, traced)


# Encoder and decoder.


def _encoder():
    def inputs(sizes):
        return dict(input_ids=sizes.ids(sizes.encoded), attention_mask=sizes.ids(sizes.encoded))

    read = {0: BATCH, 1: ENCODED}
    return Form(_t5, lambda model, **inputs: (model.encoder(**inputs).last_hidden_state,), inputs,
                dict(input_ids=read, attention_mask=read, last_hidden_state=read),
                ("last_hidden_state",), Sizes(batch=2, encoded=6))


def _answer(model, cache, encoder_attention_mask, input_ids, encoder_hidden_states=None):
    decoded = model.decoder(
        input_ids=input_ids, encoder_hidden_states=encoder_hidden_states,
        encoder_attention_mask=encoder_attention_mask, past_key_values=cache, use_cache=True)
    return model.lm_head(decoded.last_hidden_state), decoded.past_key_values


def _both(cache):
    """Per layer what the decoder says, then what it read."""
    layers = zip(cache.self_attention_cache.layers, cache.cross_attention_cache.layers)
    return [value for pair in layers for layer in pair for value in (layer.keys, layer.values)]


def _first_answer(model, **inputs):
    empty = [cache_utils.DynamicCache(config=model.config) for _ in range(2)]
    logits, cache = _answer(model, cache_utils.EncoderDecoderCache(*empty), **inputs)
    return logits, *_both(cache)


def _next_answer(model, **inputs):
    past = [inputs.pop(name) for name in cache_names("past_key_values", _HALVES)]
    layers = _pairs(_pairs(past))
    said, read = ([layer[half] for layer in layers] for half in (0, 1))
    cache = cache_utils.EncoderDecoderCache(
        cache_utils.DynamicCache(said), cache_utils.DynamicCache(read))
    # Keys and values of the text are in the cache: of the text itself only the size matters.
    unread = torch.zeros(*inputs["encoder_attention_mask"].shape, HIDDEN)
    logits, cache = _answer(model, cache, encoder_hidden_states=unread, **inputs)
    return logits, *_flat(cache.self_attention_cache)


_HALVES = ("decoder.", "encoder.")
_DECODED_BY_THEN = f"{DECODED_BEFORE} + {DECODED}"  # also where there is no before


def _t5_decoder():
    def inputs(sizes):
        return dict(encoder_attention_mask=sizes.ids(sizes.encoded), input_ids=sizes.ids(sizes.new),
                    encoder_hidden_states=torch.zeros(sizes.batch, sizes.encoded, HIDDEN))

    outputs = ("logits", *cache_names("present", _HALVES))
    read, said = {0: BATCH, 1: ENCODED}, {0: BATCH, 1: DECODED}
    axes = dict(
        encoder_attention_mask=read, input_ids=said, encoder_hidden_states=read, logits=said)
    axes |= _cache_axes("present", _DECODED_BY_THEN)
    return Form(_t5, _first_answer, inputs, axes, outputs, Sizes(batch=2, new=3, encoded=6))


def _t5_decoder_with_past():
    def inputs(sizes):
        made = dict(encoder_attention_mask=sizes.ids(sizes.encoded), input_ids=sizes.ids(sizes.new))
        for name in cache_names("past_key_values", _HALVES):
            count = sizes.encoded if ".encoder." in name else sizes.past
            made[name] = sizes.cached(HEADS, count)
        return made

    outputs = ("logits", *cache_names("present", _HALVES[:1]))
    said = {0: BATCH, 1: DECODED}
    axes = dict(encoder_attention_mask={0: BATCH, 1: ENCODED}, input_ids=said, logits=said)
    axes |= _cache_axes("past_key_values", DECODED_BEFORE)
    axes |= {name: _cache_axes("present", _DECODED_BY_THEN)[name] for name in outputs[1:]}
    return Form(_t5, _next_answer, inputs, axes, outputs,
                Sizes(batch=2, new=3, past=5, encoded=6))


def _cache_axes(begin, said):
    return {name: {0: BATCH, 2: ENCODED if ".encoder." in name else said}
            for name in cache_names(begin, _HALVES)}


FORMS = {
    "gpt2/model": _decoder(_gpt2, HEADS),
    "gpt2_merged/decoder_model": _decoder(_gpt2, HEADS, False, Sizes(batch=2, new=3)),
    "gpt2_merged/decoder_with_past_model": _decoder(_gpt2, HEADS),
    "llama/model": _decoder(_llama, KEY_HEADS),
    "t5/encoder_model": _encoder(),
    "t5/decoder_model": _t5_decoder(),
    "t5/decoder_with_past_model": _t5_decoder_with_past(),
    "t5_merged/encoder_model": _encoder(),
    "t5_merged/decoder_model": _t5_decoder(),
    "t5_merged/decoder_with_past_model": _t5_decoder_with_past(),
}


def build(form):
    torch.manual_seed(0)  # The forms of one model have the same weights.
    model = form.build().eval()
    for weight in model.parameters():
        torch.nn.init.normal_(weight)  # Equal ones, as fresh norms are, would be merged on export.
    forward = model.forward
    names = list(form.inputs(form.traced))

    def plain(*values):
        model.forward = forward
        try:
            return form.forward(model, **dict(zip(names, values)))
        finally:
            model.forward = plain

    plain.__signature__ = inspect.Signature(
        [inspect.Parameter(name.replace(".", "_"), inspect.Parameter.POSITIONAL_ONLY)
         for name in names])
    model.forward = plain
    return model
