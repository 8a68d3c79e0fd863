"""The parts of Stable Diffusion 1.5, built from their configurations with random weights.

Nothing is downloaded. On the device "meta" a model has shapes but no memory behind its weights, which
is all that counting and exporting need.
"""
import diffusers
import torch
import transformers

LATENT_SCALE = 8  # Pixels per latent, along each side.
LATENT_CHANNELS = 4
TOKENS = 77

UNET_CONFIG = dict(sample_size=64, cross_attention_dim=768)

VAE_CONFIG = dict(
    sample_size=512,
    in_channels=3,
    out_channels=3,
    latent_channels=LATENT_CHANNELS,
    down_block_types=("DownEncoderBlock2D",) * 4,
    up_block_types=("UpDecoderBlock2D",) * 4,
    block_out_channels=(128, 256, 512, 512),
    layers_per_block=2,
    act_fn="silu",
    norm_num_groups=32,
    scaling_factor=0.18215,
)

CLIP_L_CONFIG = dict(
    vocab_size=49408,
    max_position_embeddings=TOKENS,
    hidden_size=768,
    intermediate_size=3072,
    num_hidden_layers=12,
    num_attention_heads=12,
    hidden_act="quick_gelu",
    projection_dim=768,
    bos_token_id=0,
    eos_token_id=2,
)


class VaeDecoder(torch.nn.Module):
    """The VAE's decoding half as a model of its own; its weights keep the prefix `vae.`."""

    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample):
        return self.vae.decode(latent_sample, return_dict=False)[0]


def build_unet(device="meta"):
    with torch.device(device):
        return diffusers.UNet2DConditionModel(**UNET_CONFIG).eval()


def build_vae(device="meta"):
    with torch.device(device):
        return diffusers.AutoencoderKL(**VAE_CONFIG).eval()


def build_vae_decoder(device="meta"):
    """A VAE whose forward() decodes. Unlike VaeDecoder it adds no level to the module paths."""
    vae = build_vae(device)
    vae.forward = lambda latent_sample: vae.decode(latent_sample, return_dict=False)[0]
    return vae


def build_vae_encoder(device="meta"):
    """A VAE whose forward() encodes, up to the parameters of the latents' distribution."""
    vae = build_vae(device)
    vae.forward = lambda sample: vae.encode(sample)["latent_dist"].parameters
    return vae


def build_text_encoder(device="meta"):
    with torch.device(device):
        return transformers.CLIPTextModel(transformers.CLIPTextConfig(**CLIP_L_CONFIG)).eval()


# Arguments of forward(). Where a model could return an object of its own, it is told not to: exporters
# want plain tensors.
def unet_inputs(resolution, batch=1, tokens=TOKENS, device="meta"):
    side = resolution // LATENT_SCALE
    return dict(
        sample=torch.zeros(batch, LATENT_CHANNELS, side, side, device=device),
        timestep=torch.zeros((), device=device),
        encoder_hidden_states=torch.zeros(
            batch, tokens, UNET_CONFIG["cross_attention_dim"], device=device),
        return_dict=False,
    )


def vae_decoder_inputs(resolution, batch=1, device="meta"):
    side = resolution // LATENT_SCALE
    return dict(latent_sample=torch.zeros(batch, LATENT_CHANNELS, side, side, device=device))


def vae_encoder_inputs(resolution, batch=1, device="meta"):
    return dict(sample=torch.zeros(batch, 3, resolution, resolution, device=device))


def text_encoder_inputs(batch=1, device="meta"):
    return dict(
        input_ids=torch.ones(batch, TOKENS, dtype=torch.long, device=device),
        return_dict=False,
    )
