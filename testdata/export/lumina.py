"""Lumina2's transformer. As it is written it reads the lengths of the texts out of their mask, as
numbers, which neither a meta device nor an exporter can follow. Both forms here take every text
to be of full length.
"""
import contextlib

import diffusers
import torch
from diffusers.models.transformers import transformer_lumina2


def build():
    model = diffusers.Lumina2Transformer2DModel(cap_feat_dim=2304)
    forward = model.forward

    def plain(**inputs):
        with _full_lengths(inputs["encoder_attention_mask"].shape[1]):
            return forward(**inputs)

    model.forward = plain
    return model


@contextlib.contextmanager
def _full_lengths(tokens):
    """For counting: what is read out of a tensor on the meta device is that of a full text."""
    original = torch.Tensor.tolist
    torch.Tensor.tolist = lambda tensor: (
        [tokens] * tensor.shape[0] if tensor.is_meta else original(tensor))
    try:
        yield
    finally:
        torch.Tensor.tolist = original


def read_masks_as_full(model):
    """For exporting: the same calculation without lengths, and with rotations in real numbers."""
    model.forward = lambda **inputs: _forward(model, **inputs)
    transformer_lumina2.apply_rotary_emb = _rotate


def _forward(model, hidden_states, timestep, encoder_hidden_states, encoder_attention_mask,
             return_dict):
    height, width = hidden_states.shape[2:]
    patch = model.config.patch_size
    grid = (height // patch, width // patch)
    tokens = encoder_hidden_states.shape[1]
    temb, text = model.time_caption_embed(hidden_states, timestep, encoder_hidden_states)
    rotations = _rotations(model.rope_embedder, tokens, grid)
    image = model.x_embedder(_patches(hidden_states, grid, patch))
    for layer in model.context_refiner:
        text = layer(text, encoder_attention_mask, rotations[:, :tokens])
    for layer in model.noise_refiner:
        image = layer(image, None, rotations[:, tokens:], temb)
    joint = torch.cat([text, image], dim=1)
    for layer in model.layers:
        joint = layer(joint, None, rotations, temb)
    return _image(model.norm_out(joint, temb)[:, tokens:], grid, patch, model.out_channels)


def _patches(image, grid, patch):
    batch, channels = image.shape[:2]
    cut = image.view(batch, channels, grid[0], patch, grid[1], patch)
    return cut.permute(0, 2, 4, 3, 5, 1).flatten(3).flatten(1, 2)


def _image(patches, grid, patch, channels):
    cut = patches.view(patches.shape[0], grid[0], grid[1], patch, patch, channels)
    return cut.permute(0, 5, 1, 3, 2, 4).flatten(4, 5).flatten(2, 3)


def _rotations(embedder, tokens, grid):
    """Of text and image, as [1, tokens, half a head, (cos, sin)]: the text runs along the first
    axis, the image lies at its end and spreads over the other two."""
    text = torch.arange(tokens)
    ends = torch.full((grid[0] * grid[1],), tokens)
    rows = torch.arange(grid[0]).view(-1, 1).repeat(1, grid[1]).flatten()
    columns = torch.arange(grid[1]).view(1, -1).repeat(grid[0], 1).flatten()
    none = torch.zeros_like(text)
    positions = (torch.cat([text, ends]), torch.cat([none, rows]), torch.cat([none, columns]))
    tables = [torch.view_as_real(table).float() for table in embedder.freqs_cis]
    return torch.cat([table[at] for table, at in zip(tables, positions)], dim=1).unsqueeze(0)


def _rotate(x, rotations, use_real=False):
    cos, sin = rotations.unsqueeze(2).unbind(-1)
    real, imaginary = x.float().reshape(*x.shape[:-1], -1, 2).unbind(-1)
    turned = torch.stack([real * cos - imaginary * sin, real * sin + imaginary * cos], dim=-1)
    return turned.flatten(3).type_as(x)
