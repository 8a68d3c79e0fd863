"""The parts of pipelines for the TorchScript exporter, with weights in memory: those of up to a billion
parameters. Inputs and their dimensions have the names that Hugging Face's optimum gives them.
"""
import functools

import torch

import deployments
import export_torchscript
import pipelines
import signatures

OPSET = 17
MOST_PARAMS = 1_000_000_000

# A U-Net's sample is of latents, an encoder's of pixels. Not all parts have all inputs.
_DENOISER_AXES = dict(
    sample=deployments.image_axes(), hidden_states=deployments.image_axes(),
    timestep=deployments.PER_IMAGE, encoder_hidden_states=deployments.TEXT_AXES,
    encoder_attention_mask=deployments.TEXT_AXES, timestep_cond=deployments.PER_IMAGE)
_AXES = {
    "unet": _DENOISER_AXES,
    "transformer": _DENOISER_AXES,
    "vae_decoder": dict(latent_sample=deployments.image_axes("latent_height", "latent_width")),
    "movq_decoder": dict(latent_sample=deployments.image_axes("latent_height", "latent_width")),
    "vae_encoder": dict(sample=deployments.image_axes("sample_height", "sample_width")),
    "text_encoder": dict(input_ids=deployments.TEXT_AXES),
}
# PixArt's table of positions is made while tracing: its images are of one size.
_FIXED_IMAGES = dict(_DENOISER_AXES, hidden_states=deployments.PER_IMAGE)

# What is traced, where a dimension may vary: sizes other than those that are counted, so that none is
# taken for a constant unnoticed. Images are half as high and wide.
_TRACED = {deployments.BATCH: 2, deployments.TOKENS: 16}


def _axes(name, inputs):
    of_kind = _FIXED_IMAGES if name.startswith("pixart") else _AXES[name.split(".")[1]]
    # A time step without a batch has no dimensions.
    return {key: {at: axis for at, axis in of_kind[key].items() if at < value.dim()}
            for key, value in inputs.items()}


def _example(value, axes):
    shape = list(value.shape)
    for at, axis in axes.items():
        shape[at] = _TRACED.get(axis, shape[at] // 2)
    return torch.ones(shape, dtype=value.dtype)


def _make_weights_differ(model):
    """Those of norms, and some others, are made alike. Equal weights are merged on export, which
    trained ones never are."""
    for weight in model.parameters():
        if weight.amin() == weight.amax():
            torch.nn.init.normal_(weight)


def fits(part):
    return sum(weight.numel() for weight in pipelines.build(part).parameters()) <= MOST_PARAMS


def export(name, part):
    torch.manual_seed(0)
    given = {**pipelines.inputs(part), **part.for_export}
    tensors = {key: value for key, value in given.items() if torch.is_tensor(value)}
    constants = {key: value for key, value in given.items() if key not in tensors}
    model = pipelines.build(part, "cpu", for_export=True)
    with torch.no_grad():
        _make_weights_differ(model)
    forward = functools.partial(model.forward, **constants)
    model.forward = signatures.of_names(list(tensors), signatures.first_tensor(forward))
    axes = _axes(name, tensors)
    inputs = {key: _example(value, axes[key]) for key, value in tensors.items()}
    return export_torchscript.Export(
        f"{name}_torchscript_op{OPSET}", OPSET, model, inputs, ["out"], axes)
