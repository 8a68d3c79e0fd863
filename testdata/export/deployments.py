"""Parts of diffusion pipelines as people deploy them: any size of image, any number of tokens, with
the names Hugging Face's optimum gives to inputs, outputs and their dimensions.

The models are those of pipelines.py. What cannot be traced for all sizes is here once per size.
"""
import dataclasses
import functools
from typing import Callable

import torch

import lumina
import pipelines
import signatures

BATCH, TOKENS, PACKED = "batch_size", "sequence_length", "packed_height_width"
CLIP_TOKENS = 77


@dataclasses.dataclass(frozen=True)
class Call:
    """What one call is about. A height and width of pixels, a number of tokens."""
    batch: int = 1
    height: int = 512
    width: int = 512
    tokens: int = CLIP_TOKENS

    def zeros(self, *shape):
        return torch.zeros(self.batch, *shape, device="meta")

    def latent(self, channels, factor=8):
        return self.zeros(channels, self.height // factor, self.width // factor)

    def text(self, width):
        return self.zeros(self.tokens, width)

    def ids(self):
        return torch.ones(self.batch, self.tokens, dtype=torch.long, device="meta")


def square(side, tokens=CLIP_TOKENS):
    return Call(height=side, width=side, tokens=tokens)


# Traced at sizes that are all different, and a batch that is not 1: the tracer takes equal ones for
# the same, and 1 for a constant.
TRACED = Call(batch=2, height=512, width=640, tokens=24)


@dataclasses.dataclass(frozen=True)
class Deployment:
    build: Callable
    inputs: Callable  # of a Call
    axes: dict  # of each input: which dimensions may vary, and their names
    outputs: tuple
    counted: dict  # the Calls that PyTorch counts, by the name of the file of counts
    traced: Call = TRACED
    constants: dict = dataclasses.field(default_factory=lambda: dict(return_dict=False))
    prepare: Callable = lambda model: None  # what only the exporter needs
    most_tokens: int | None = None


def at_512_and_1024(tokens=CLIP_TOKENS):
    return {str(side): square(side, tokens) for side in (512, 1024)}


def by_tokens(*counts):
    return {f"{count}_tokens": Call(tokens=count) for count in counts}


def _part(name):
    return pipelines.PARTS[name].build


def image_axes(height="height", width="width"):
    return {0: BATCH, 2: height, 3: width}


TEXT_AXES = {0: BATCH, 1: TOKENS}
PER_IMAGE = {0: BATCH}
_LARGEST_BATCH = 63  # From 64 on diffusers upsamples by other means.
_NO_CONDITIONS = dict(resolution=None, aspect_ratio=None)  # Only one checkpoint of PixArt has them.


# Denoisers.


def _unet(build, channels_of_text, more_inputs=lambda call: {}):
    """A UNet2DConditionModel; `more_inputs` are as wide as the batch."""
    def make(call):
        return dict(sample=call.latent(4), timestep=torch.zeros((), device="meta"),
                    encoder_hidden_states=call.text(channels_of_text), **more_inputs(call))

    axes = dict(sample=image_axes(), timestep=None, encoder_hidden_states=TEXT_AXES)
    axes.update({name: PER_IMAGE for name in more_inputs(TRACED)})
    return Deployment(build, make, axes, ("out_sample",), at_512_and_1024())


def _sdxl_unet():
    """Its text_embeds and time_ids are inputs of their own, as optimum makes them."""
    unet = pipelines.PARTS["sdxl.unet"].build()
    forward = unet.forward
    unet.forward = lambda text_embeds, time_ids, **others: forward(
        **others, added_cond_kwargs=dict(text_embeds=text_embeds, time_ids=time_ids))
    return unet


def _sd3_inputs(call):
    return dict(hidden_states=call.latent(16), encoder_hidden_states=call.text(4096),
                pooled_projections=call.zeros(2048), timestep=call.zeros())


def _flux_inputs(call):
    packed = (call.height // 16) * (call.width // 16)
    return dict(
        hidden_states=call.zeros(packed, 64), encoder_hidden_states=call.text(4096),
        pooled_projections=call.zeros(768), timestep=call.zeros(),
        img_ids=torch.zeros(packed, 3, device="meta"),
        txt_ids=torch.zeros(call.tokens, 3, device="meta"), guidance=call.zeros())


def _masked_inputs(channels, width_of_text, factor=8, image="hidden_states",
                   mask_type=torch.float32):
    def make(call):
        return {image: call.latent(channels, factor), "timestep": call.zeros(),
                "encoder_hidden_states": call.text(width_of_text),
                "encoder_attention_mask": call.zeros(call.tokens).to(mask_type)}

    return make


def _masked_axes(image="hidden_states", axes=None):
    return {image: axes or image_axes(), "timestep": PER_IMAGE,
            "encoder_hidden_states": TEXT_AXES, "encoder_attention_mask": TEXT_AXES}


def _pixart_at(name, side, tokens):
    """Its table of positions is made for one size while tracing, so the image's size is fixed."""
    return Deployment(
        _part(name), _masked_inputs(4, 4096), _masked_axes(axes=PER_IMAGE), ("out_sample",),
        {"": square(side, tokens)}, Call(batch=2, height=side, width=side, tokens=24),
        constants=dict(return_dict=False, added_cond_kwargs=_NO_CONDITIONS))


# Autoencoders.


def _decoder(name, channels, factor=8):
    return Deployment(
        _part(name), lambda call: dict(latent_sample=call.latent(channels, factor)),
        dict(latent_sample=image_axes("latent_height", "latent_width")), ("sample",),
        at_512_and_1024(), constants={})


# Text encoders.


def _text_encoder(name, outputs, token_counts, with_mask=False):
    def make(call):
        masks = dict(attention_mask=call.ids()) if with_mask else {}
        return dict(input_ids=call.ids(), **masks)

    axes = dict(input_ids=TEXT_AXES)
    if with_mask:
        axes["attention_mask"] = TEXT_AXES
    return Deployment(_part(name), make, axes, outputs, by_tokens(*token_counts))


def _gemma():
    """Counted without a mask, and with a cache. Otherwise it looks for what a mask hides, and for
    several texts in one, and reads numbers out of tensors that on the meta device have none."""
    model = pipelines.PARTS["gemma2_2b.text_encoder"].build()
    forward = model.forward
    model.forward = lambda attention_mask, use_cache, **inputs: forward(**inputs)
    return model


def _read_mask(model):
    del model.forward  # so that it is again the one of its class


def _clip(name):
    """With every layer's output, which the pipelines of SDXL and SD3 read."""
    def build():
        model = pipelines.PARTS[name].build()
        forward = model.forward

        def all_outputs(**inputs):
            made = forward(**inputs, output_hidden_states=True)
            return (made.text_embeds, made.last_hidden_state, *made.hidden_states)

        model.forward = all_outputs
        return model

    return build


def _clip_with_projection(name, layers):
    hidden = tuple(f"hidden_states.{i}" for i in range(layers + 1))
    return Deployment(
        _clip(name), lambda call: dict(input_ids=call.ids()), dict(input_ids=TEXT_AXES),
        ("text_embeds", "last_hidden_state", *hidden), by_tokens(CLIP_TOKENS), constants={},
        most_tokens=CLIP_TOKENS)


DEPLOYMENTS = {
    "sdxl.unet": _unet(
        _sdxl_unet, 2048, lambda call: dict(text_embeds=call.zeros(1280), time_ids=call.zeros(6))),
    "lcm.unet": _unet(
        _part("lcm.unet"), 768, lambda call: dict(timestep_cond=call.zeros(256))),
    "sd3m.transformer": Deployment(
        _part("sd3m.transformer"), _sd3_inputs,
        dict(hidden_states=image_axes(), encoder_hidden_states=TEXT_AXES,
             pooled_projections=PER_IMAGE, timestep=PER_IMAGE),
        ("out_hidden_states",), at_512_and_1024(77 + 256)),
    "flux.transformer": Deployment(
        _part("flux.transformer"), _flux_inputs,
        dict(hidden_states={0: BATCH, 1: PACKED}, encoder_hidden_states=TEXT_AXES,
             pooled_projections=PER_IMAGE, timestep=PER_IMAGE, img_ids={0: PACKED},
             txt_ids={0: TOKENS}, guidance=PER_IMAGE),
        ("out_hidden_states",), at_512_and_1024(512)),
    "sana1600m.transformer": Deployment(
        _part("sana1600m.transformer"), _masked_inputs(32, 2304, factor=32), _masked_axes(),
        ("out_hidden_states",), at_512_and_1024(300)),
    "kandinsky3.unet": Deployment(
        _part("kandinsky3.unet"), _masked_inputs(4, 4096, image="sample"), _masked_axes("sample"),
        ("out_sample",), at_512_and_1024(128)),
    "lumina2.transformer": Deployment(
        lumina.build, _masked_inputs(16, 2304, mask_type=torch.bool), _masked_axes(),
        ("out_hidden_states",), at_512_and_1024(256), prepare=lumina.read_masks_as_full),
    "pixart_alpha.transformer_1024": _pixart_at("pixart_alpha.transformer", 1024, 120),
    "pixart_sigma.transformer_1024": _pixart_at("pixart_sigma.transformer", 1024, 300),
    "sdxl.vae_decoder": _decoder("sdxl.vae_decoder", 4),
    "sd3.vae_decoder": _decoder("sd3.vae_decoder", 16),
    "flux.vae_decoder": _decoder("flux.vae_decoder", 16),
    "sana.vae_decoder": _decoder("sana.vae_decoder", 32, 32),
    "kandinsky3.movq_decoder": _decoder("kandinsky3.movq_decoder", 4),
    "clip_l_proj.text_encoder": _clip_with_projection("clip_l_proj.text_encoder", 12),
    "clip_g.text_encoder": _clip_with_projection("clip_g.text_encoder", 32),
    "t5xxl.text_encoder": _text_encoder(
        "t5xxl.text_encoder", ("last_hidden_state",), (77, 120, 256, 300, 512)),
    "flan_ul2.text_encoder": _text_encoder(
        "flan_ul2.text_encoder", ("last_hidden_state",), (77, 128)),
    "gemma2_2b.text_encoder": dataclasses.replace(
        _text_encoder("gemma2_2b.text_encoder", ("last_hidden_state",), (256, 300, 512), True),
        build=_gemma, prepare=_read_mask, constants=dict(return_dict=False, use_cache=False)),
}


def build(deployment, for_export=False):
    """A model whose forward() takes the deployment's inputs and nothing else."""
    with torch.device("meta"):
        model = deployment.build().eval()
    if for_export:
        deployment.prepare(model)
    forward = functools.partial(model.forward, **deployment.constants)
    model.forward = signatures.of_names(list(deployment.axes), forward)
    return model


def dynamic_shapes(deployment):
    """The axes as torch.export asks for them. What several inputs share has to be one symbol from
    the start; of heights and widths it finds out for itself what the model asks."""
    largest = {BATCH: _LARGEST_BATCH, TOKENS: deployment.most_tokens, PACKED: None}
    shared = {name: torch.export.Dim(name, max=most) for name, most in largest.items()}
    free = torch.export.Dim.DYNAMIC
    return {name: axes and {at: shared.get(axis, free) for at, axis in axes.items()}
            for name, axes in deployment.axes.items()}


def inputs(deployment, call):
    made = deployment.inputs(call)
    return {name: made[name] for name in deployment.axes}
