"""Families of models beyond diffusion: text, speech, vision, mixtures of experts. True in structure and
as narrow and shallow as still tells them apart, so that either exporter takes seconds.
"""
import dataclasses
from typing import Callable

import torch
import transformers

import signatures
import swinir

# Attention as an exporter sees it: one product pair per layer, heads and head sizes as below.
_TEXT = dict(vocab_size=1000, hidden_size=64, intermediate_size=160, num_hidden_layers=2,
             num_attention_heads=4, max_position_embeddings=128)
_GROUPED = dict(_TEXT, num_key_value_heads=2, head_dim=16)
_EXPERTS = dict(_GROUPED, intermediate_size=96)


def _tokens(count=24):
    # Without a mask transformers looks for packed sequences, by an operator the older exporter lacks.
    ones = torch.ones(1, count, dtype=torch.long)
    return dict(input_ids=ones, attention_mask=ones)


def _bert():
    return transformers.BertModel(transformers.BertConfig(**_TEXT), add_pooling_layer=False)


def _llama():
    return transformers.LlamaModel(transformers.LlamaConfig(**_GROUPED))


def _whisper_encoder():
    config = transformers.WhisperConfig(
        d_model=64, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=128, decoder_ffn_dim=128, vocab_size=1000,
        max_source_positions=100, max_target_positions=64, num_mel_bins=20, pad_token_id=0,
        bos_token_id=1, eos_token_id=2, decoder_start_token_id=1)
    return transformers.WhisperModel(config)


def _vit():
    config = transformers.ViTConfig(
        hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
        image_size=64, patch_size=16)
    return transformers.ViTModel(config, add_pooling_layer=False)


def _swin():
    config = transformers.SwinConfig(
        image_size=64, patch_size=4, embed_dim=32, depths=[2, 2], num_heads=[2, 4], window_size=4)
    return transformers.SwinModel(config, add_pooling_layer=False)


def _mixtral():
    config = transformers.MixtralConfig(
        **_EXPERTS, num_local_experts=4, num_experts_per_tok=2)
    return transformers.MixtralModel(config)


def _qwen_moe():
    config = transformers.Qwen2MoeConfig(
        **{**_TEXT, "num_key_value_heads": 2}, num_experts=4, num_experts_per_tok=2,
        moe_intermediate_size=48, shared_expert_intermediate_size=80)
    return transformers.Qwen2MoeModel(config)


# Two of four groups of two experts may be chosen from.
_DEEPSEEK = dict(
    _TEXT, num_key_value_heads=4, n_routed_experts=8, num_experts_per_tok=3, n_group=4, topk_group=2, n_shared_experts=2,
    moe_intermediate_size=48, first_k_dense_replace=1, kv_lora_rank=32, q_lora_rank=None,
    qk_nope_head_dim=16, qk_rope_head_dim=8, v_head_dim=16)


class _FeedForward(torch.nn.Module):
    """A layer without its attention: its complex rotations are beyond both exporters."""

    def __init__(self, layer, config):
        super().__init__()
        self.config = config
        self.norm, self.mlp = layer.post_attention_layernorm, layer.mlp

    def forward(self, hidden_states):
        return (hidden_states + self.mlp(self.norm(hidden_states)),)


def _deepseek_v2():
    config = transformers.DeepseekV2Config(**_DEEPSEEK, topk_method="group_limited_greedy")
    layer = transformers.DeepseekV2Model(config).layers[1]
    layer.mlp.num_experts = config.n_routed_experts  # Read there, and set nowhere.
    return _FeedForward(layer, config)


def _deepseek_v3():
    return transformers.DeepseekV3Model(transformers.DeepseekV3Config(**_DEEPSEEK))


def gpt_oss_config():
    return transformers.GptOssConfig(**_EXPERTS, num_local_experts=4, num_experts_per_tok=2)


def _gpt_oss():
    model = transformers.GptOssModel(gpt_oss_config())
    for name, weight in model.named_parameters():
        if name.endswith("bias"):  # Made as zeros, which would be merged on export.
            torch.nn.init.normal_(weight)
    return model


@dataclasses.dataclass(frozen=True)
class Family:
    build: Callable
    inputs: Callable
    experts: str = ""  # how transformers computes experts: an implementation both exporters take
    traceable: bool = True  # False: the TorchScript exporter lacks an operator


FAMILIES = {
    "bert": Family(_bert, lambda: dict(input_ids=torch.ones(1, 24, dtype=torch.long))),
    "llama": Family(_llama, _tokens),
    "whisper": Family(_whisper_encoder, lambda: dict(
        input_features=torch.zeros(1, 20, 200),
        decoder_input_ids=torch.ones(1, 12, dtype=torch.long)), traceable=False),
    "vit": Family(_vit, lambda: dict(pixel_values=torch.zeros(1, 3, 64, 64))),
    "swin": Family(_swin, lambda: dict(pixel_values=torch.zeros(1, 3, 64, 64))),
    "swinir": Family(swinir.SwinIR, lambda: dict(pixel_values=torch.zeros(1, 3, 64, 64))),
    "mixtral": Family(_mixtral, _tokens, experts="batched_mm"),
    "qwen_moe": Family(_qwen_moe, _tokens, experts="batched_mm"),
    "gpt_oss": Family(_gpt_oss, _tokens, experts="batched_mm"),
    "deepseek_v3": Family(_deepseek_v3, _tokens, experts="batched_mm"),
    "deepseek_v2": Family(_deepseek_v2, lambda: dict(hidden_states=torch.randn(1, 24, 64)),
                          experts="batched_mm"),
}


def build(family):
    torch.manual_seed(0)  # Equal weights would be merged on export.
    model = family.build().eval()
    if isinstance(model, transformers.PreTrainedModel):
        model.config.use_cache = False
    if family.experts:
        model.config._experts_implementation = family.experts
    model.forward = signatures.of_names(
        list(family.inputs()), signatures.first_tensor(model.forward))
    return model
