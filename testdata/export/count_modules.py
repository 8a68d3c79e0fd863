"""Counts multiply-accumulates per module with PyTorch's own FlopCounterMode, as golden files.

It counts contractions only: matrix products and convolutions. Usage: count_modules.py FOLDER
"""
import json
import pathlib
import sys

import torch
from torch.utils import flop_counter

import components


def count(model, inputs):
    """MACs per module path and kind of product; "" is the whole model."""
    counter = flop_counter.FlopCounterMode(display=False)
    # The weights must stay trainable: with frozen ones torch 2.13 runs a Linear on a transposed input
    # as bmm instead of mm. The sums are the same either way.
    with torch.no_grad(), counter:
        model(**inputs)
    counts = {}
    for module, flops in counter.get_flop_counts().items():
        path = _path(module)
        if path is not None:
            counts[path] = {str(op).split(".")[-1]: n // 2 for op, n in flops.items()}
    counts["__params__"] = sum(weight.numel() for weight in model.parameters())
    return counts


def _path(module):
    """The counter's "UNet2DConditionModel.conv_in" is our "conv_in"."""
    if module == "Global":
        return ""
    _, dot, path = module.partition(".")
    return path if dot else None  # The class alone is the whole model again.


def save(name, model, inputs, folder):
    counts = count(model, inputs)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(counts, indent=0, sort_keys=True)
    (folder / f"{name}.json").write_text(text + "\n")
    print("counted", name, sum(counts[""].values()), flush=True)


def main(folder):
    for size in (512, 1024):
        save(f"sd15.unet_{size}", components.build_unet(), components.unet_inputs(size), folder)
        save(f"sd15.vae_decoder_{size}", components.build_vae_decoder(),
             components.vae_decoder_inputs(size), folder)
        save(f"sd15.vae_encoder_{size}", components.build_vae_encoder(),
             components.vae_encoder_inputs(size), folder)
    # The text encoder never sees the image: one file is enough.
    save("clip_l.text_encoder_512", components.build_text_encoder(),
         components.text_encoder_inputs(), folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
