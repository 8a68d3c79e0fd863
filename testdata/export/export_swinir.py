"""Exports the classical SwinIR (swinir.py) with open batch, height and width, and counts it at two sizes:
super_resolution/swinir_x2.onnx without weights, beside swinir_x2_64.json and swinir_x2_128.json.

Usage: export_swinir.py FOLDER
"""
import pathlib
import sys

import torch

import count_modules
import export_torchscript
import swinir

AXES = {0: "batch_size", 2: "height", 3: "width"}


def _model():
    torch.manual_seed(0)  # Equal weights would be merged on export, and norms are made alike.
    model = swinir.classical().eval()
    for number, module in enumerate(model.modules()):
        if isinstance(module, torch.nn.LayerNorm):
            torch.nn.init.constant_(module.weight, 1 + number)
            torch.nn.init.constant_(module.bias, -1 - number)
    return model


def main(folder):
    model = _model()
    example = dict(pixel_values=torch.rand(2, 3, 24, 16))
    export_torchscript.run(export_torchscript.Export(
        "swinir_x2", 17, model, example, ["upscaled"],
        {"pixel_values": AXES, "upscaled": {0: "batch_size"}}), folder)
    for size in (64, 128):
        image = torch.zeros(1, 3, size, size, device="meta")
        count_modules.save(f"swinir_x2_{size}", model.to("meta"), dict(pixel_values=image), folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) / "super_resolution")
