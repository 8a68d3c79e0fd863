"""The parts of the diffusion pipelines people deploy, from their configurations: denoisers, autoencoders
and text encoders, each with the inputs of one call.

Like components.py, which has Stable Diffusion 1.5, nothing is downloaded and weights take no memory.
"""
import dataclasses
from typing import Callable

import diffusers
import torch
import transformers

import components
import lumina

# Halves of autoencoders, whose forward() does what a pipeline asks of them.


def _decoder(make, **options):
    def build():
        vae = make()
        vae.forward = lambda latent_sample: vae.decode(
            latent_sample, return_dict=False, **options)[0]
        return vae

    return build


def _encoder(make):
    def build():
        vae = make()

        def forward(sample):
            encoded = vae.encode(sample)
            return getattr(encoded, "latent", None) if hasattr(encoded, "latent") else (
                encoded["latent_dist"].parameters)

        vae.forward = forward
        return vae

    return build


def _kl(**changes):
    config = {**components.VAE_CONFIG, "sample_size": 1024, **changes}
    return lambda: diffusers.AutoencoderKL(**config)


def _kl_16_channels(scaling_factor, shift_factor):
    return _kl(latent_channels=16, scaling_factor=scaling_factor, shift_factor=shift_factor,
               use_quant_conv=False, use_post_quant_conv=False)


_DC_CHANNELS = (128, 256, 512, 512, 1024, 1024)
_DC_BLOCKS = ("ResBlock",) * 3 + ("EfficientViTBlock",) * 3
_DC_SCALES = ((), (), (), (5,), (5,), (5,))


def _dc():
    return diffusers.AutoencoderDC(
        in_channels=3, latent_channels=32, attention_head_dim=32,
        encoder_block_types=_DC_BLOCKS, decoder_block_types=_DC_BLOCKS,
        encoder_block_out_channels=_DC_CHANNELS, decoder_block_out_channels=_DC_CHANNELS,
        encoder_qkv_multiscales=_DC_SCALES, decoder_qkv_multiscales=_DC_SCALES,
        encoder_layers_per_block=(2, 2, 2, 3, 3, 3), decoder_layers_per_block=(3,) * 6,
        downsample_block_type="conv", upsample_block_type="interpolate",
        decoder_norm_types="rms_norm", decoder_act_fns="silu", scaling_factor=0.41407)


def _movq(channels):
    return lambda: diffusers.VQModel(
        in_channels=3, out_channels=3, act_fn="silu", block_out_channels=channels,
        down_block_types=("DownEncoderBlock2D",) * 3 + ("AttnDownEncoderBlock2D",),
        up_block_types=("AttnUpDecoderBlock2D",) + ("UpDecoderBlock2D",) * 3,
        latent_channels=4, layers_per_block=2, norm_num_groups=32, norm_type="spatial",
        num_vq_embeddings=16384, vq_embed_dim=4, sample_size=32, scaling_factor=0.18215)


def _clip(kind, **changes):
    config = transformers.CLIPTextConfig(**{**components.CLIP_L_CONFIG, **changes})
    return lambda: kind(config)


_CLIP_H = dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=23,
               num_attention_heads=16, hidden_act="gelu", projection_dim=512)
_CLIP_G = dict(hidden_size=1280, intermediate_size=5120, num_hidden_layers=32,
               num_attention_heads=20, hidden_act="gelu", projection_dim=1280)


def _t5(**config):
    return lambda: transformers.T5EncoderModel(transformers.T5Config(
        vocab_size=32128, d_model=4096, feed_forward_proj="gated-gelu",
        relative_attention_num_buckets=32, tie_word_embeddings=False, **config))


def _gemma():
    return transformers.Gemma2Model(transformers.Gemma2Config(
        vocab_size=256000, hidden_size=2304, intermediate_size=9216, num_hidden_layers=26,
        num_attention_heads=8, num_key_value_heads=4, head_dim=256, query_pre_attn_scalar=256,
        sliding_window=4096, attn_logit_softcapping=50.0, final_logit_softcapping=30.0))


def _sd2_unet():
    return diffusers.UNet2DConditionModel(
        sample_size=64, cross_attention_dim=1024, attention_head_dim=(5, 10, 20, 20),
        use_linear_projection=True)


def _lcm_unet():
    """Stable Diffusion 1.5's, distilled: the strength of guidance is an input."""
    return diffusers.UNet2DConditionModel(**components.UNET_CONFIG, time_cond_proj_dim=256)


def _sdxl_unet():
    return diffusers.UNet2DConditionModel(
        sample_size=128, cross_attention_dim=2048, attention_head_dim=(5, 10, 20),
        block_out_channels=(320, 640, 1280),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 2, 10), use_linear_projection=True,
        addition_embed_type="text_time", addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=2816)


def _sd3():
    return diffusers.SD3Transformer2DModel(
        sample_size=128, num_layers=24, num_attention_heads=24, caption_projection_dim=1536,
        pos_embed_max_size=192)


def _flux():
    return diffusers.FluxTransformer2DModel(guidance_embeds=True)


def _sana_600m():
    return diffusers.SanaTransformer2DModel(
        num_attention_heads=36, attention_head_dim=32, num_layers=28, num_cross_attention_heads=16,
        cross_attention_head_dim=72, cross_attention_dim=1152, caption_channels=2304, mlp_ratio=2.5,
        sample_size=16)


def _sana_1600m():
    return diffusers.SanaTransformer2DModel(sample_size=16)


def _pixart():
    return diffusers.PixArtTransformer2DModel(
        sample_size=64, num_layers=28, attention_head_dim=72, num_attention_heads=16, in_channels=4,
        out_channels=8, patch_size=2, attention_bias=True, cross_attention_dim=1152,
        activation_fn="gelu-approximate", num_embeds_ada_norm=1000, norm_type="ada_norm_single",
        norm_elementwise_affine=False, norm_eps=1e-6, caption_channels=4096, interpolation_scale=1,
        use_additional_conditions=False)


# Inputs of one call at 512x512: names, shapes and how they are made.


def _floats(**shapes):
    return lambda: {name: torch.zeros(shape, device="meta") for name, shape in shapes.items()}


def _tokens(count):
    return lambda: dict(input_ids=torch.ones(1, count, dtype=torch.long, device="meta"))


def _and(make, **more):
    return lambda: {**make(), **{name: value() for name, value in more.items()}}


def _pixart_inputs(tokens):
    plain = _floats(hidden_states=(1, 4, 64, 64), timestep=(1,),
                    encoder_hidden_states=(1, tokens, 4096), encoder_attention_mask=(1, tokens))
    return _and(plain, added_cond_kwargs=lambda: dict(resolution=None, aspect_ratio=None))


def _sana_inputs():
    return _floats(hidden_states=(1, 32, 16, 16), timestep=(1,),
                   encoder_hidden_states=(1, 300, 2304), encoder_attention_mask=(1, 300))


def _lumina_inputs():
    made = _floats(hidden_states=(1, 16, 64, 64), timestep=(1,),
                   encoder_hidden_states=(1, 256, 2304), encoder_attention_mask=(1, 256))()
    mask = made["encoder_attention_mask"].bool()
    return {**made, "encoder_attention_mask": mask}


_LATENT_4 = _floats(latent_sample=(1, 4, 64, 64))
_LATENT_16 = _floats(latent_sample=(1, 16, 64, 64))
_PIXELS = _floats(sample=(1, 3, 512, 512))


@dataclasses.dataclass(frozen=True)
class Part:
    build: Callable  # under a device of the caller's
    inputs: Callable
    opsets: tuple = (18,)
    wants_return_dict: bool = False  # forward() can be told to give plain tensors
    for_export: dict = dataclasses.field(default_factory=dict)  # what only exporters ask for
    prepare: Callable = lambda model: None  # what only exporters need


PARTS = {
    "sd21.unet": Part(
        _sd2_unet,
        _floats(sample=(1, 4, 64, 64), timestep=(), encoder_hidden_states=(1, 77, 1024)),
        wants_return_dict=True),
    "lcm.unet": Part(
        _lcm_unet,
        _floats(sample=(1, 4, 64, 64), timestep=(), encoder_hidden_states=(1, 77, 768),
                timestep_cond=(1, 256)),
        wants_return_dict=True),
    "sdxl.unet": Part(
        _sdxl_unet,
        _and(_floats(sample=(1, 4, 64, 64), timestep=(), encoder_hidden_states=(1, 77, 2048)),
             added_cond_kwargs=_floats(text_embeds=(1, 1280), time_ids=(1, 6))),
        wants_return_dict=True),
    "sd3m.transformer": Part(
        _sd3,
        _floats(hidden_states=(1, 16, 64, 64), timestep=(1,), encoder_hidden_states=(1, 333, 4096),
                pooled_projections=(1, 2048)),
        opsets=(18, 23), wants_return_dict=True),
    "flux.transformer": Part(
        _flux,
        _floats(hidden_states=(1, 1024, 64), timestep=(1,), guidance=(1,),
                pooled_projections=(1, 768), encoder_hidden_states=(1, 512, 4096),
                txt_ids=(512, 3), img_ids=(1024, 3)),
        opsets=(18, 23), wants_return_dict=True),
    "sana600m.transformer": Part(_sana_600m, _sana_inputs(), wants_return_dict=True),
    "sana1600m.transformer": Part(_sana_1600m, _sana_inputs(), wants_return_dict=True),
    "pixart_alpha.transformer": Part(_pixart, _pixart_inputs(120), wants_return_dict=True),
    "pixart_sigma.transformer": Part(_pixart, _pixart_inputs(300), wants_return_dict=True),
    "kandinsky3.unet": Part(
        diffusers.Kandinsky3UNet,
        _floats(sample=(1, 4, 64, 64), timestep=(1,), encoder_hidden_states=(1, 128, 4096),
                encoder_attention_mask=(1, 128)),
        wants_return_dict=True),
    "lumina2.transformer": Part(
        lumina.build, _lumina_inputs, wants_return_dict=True, prepare=lumina.read_masks_as_full),
    "sdxl.vae_encoder": Part(_encoder(_kl(scaling_factor=0.13025)), _PIXELS),
    "sdxl.vae_decoder": Part(_decoder(_kl(scaling_factor=0.13025)), _LATENT_4),
    "sd3.vae_decoder": Part(_decoder(_kl_16_channels(1.5305, 0.0609)), _LATENT_16),
    "sd3.vae_encoder": Part(_encoder(_kl_16_channels(1.5305, 0.0609)), _PIXELS),
    "flux.vae_decoder": Part(_decoder(_kl_16_channels(0.3611, 0.1159)), _LATENT_16),
    "sana.vae_decoder": Part(_decoder(_dc), _floats(latent_sample=(1, 32, 16, 16))),
    "sana.vae_encoder": Part(_encoder(_dc), _PIXELS),
    # Pipelines give these what the denoiser made, without looking it up in the code book.
    "kandinsky3.movq_decoder": Part(
        _decoder(_movq((256, 512, 512, 1024)), force_not_quantize=True), _LATENT_4),
    "kandinsky2.movq_decoder": Part(
        _decoder(_movq((128, 256, 256, 512)), force_not_quantize=True), _LATENT_4),
    "clip_l_proj.text_encoder": Part(
        _clip(transformers.CLIPTextModelWithProjection), _tokens(77), wants_return_dict=True),
    "clip_h.text_encoder": Part(
        _clip(transformers.CLIPTextModel, **_CLIP_H), _tokens(77), wants_return_dict=True),
    "clip_g.text_encoder": Part(
        _clip(transformers.CLIPTextModelWithProjection, **_CLIP_G), _tokens(77),
        wants_return_dict=True),
    "t5xxl.text_encoder": Part(
        _t5(d_kv=64, d_ff=10240, num_layers=24, num_heads=64), _tokens(256),
        wants_return_dict=True),
    "flan_ul2.text_encoder": Part(
        _t5(d_kv=256, d_ff=16384, num_layers=32, num_heads=16), _tokens(128),
        wants_return_dict=True),
    "gemma2_2b.text_encoder": Part(
        _gemma, _tokens(300), wants_return_dict=True, for_export=dict(use_cache=False)),
}


def build(part, device="meta", for_export=False):
    with torch.device(device):
        model = part.build().eval()
    if for_export:
        part.prepare(model)
    return model


def inputs(part):
    made = part.inputs()
    if part.wants_return_dict:
        made["return_dict"] = False
    return made
