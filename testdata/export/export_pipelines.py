"""Exports and counts the parts of the diffusion pipelines (pipelines.py), one folder for all: without
weights, NAME_opN.onnx from the dynamo exporter and, of up to a billion parameters,
NAME_torchscript_op17.onnx (traced_parts.py), beside NAME.json, PyTorch's multiply-accumulates per module
path.

Usage: export_pipelines.py FOLDER [NAME...]. Every part takes one to ten minutes and up to 10 GB.
"""
import gc
import pathlib
import sys

import torch

import count_modules
import export_dynamo
import export_torchscript
import meta_weights
import pipelines
import quick_rewrites
import traced_parts


# Those that deployments.py has not: counted at 1024x1024, too, as NAME_1024.json.
LARGE = ("sd21.unet", "sana600m.transformer", "sdxl.vae_encoder", "sd3.vae_encoder", "sana.vae_encoder",
         "kandinsky2.movq_decoder")


def twice_as_large(inputs):
    """Images and latents, which alone have four dimensions, of twice the height and width."""
    def enlarge(value):
        is_image = torch.is_tensor(value) and value.dim() == 4
        return value.repeat(1, 1, 2, 2) if is_image else value

    return {name: enlarge(value) for name, value in inputs.items()}


def count(name, part, folder):
    model, inputs = pipelines.build(part), pipelines.inputs(part)
    count_modules.save(name, model, inputs, folder)
    if name in LARGE:
        count_modules.save(f"{name}_1024", model, twice_as_large(inputs), folder)


def export(name, part, folder):
    for opset in part.opsets:
        with torch.no_grad():
            export_dynamo.export(f"{name}_op{opset}", pipelines.build(part, for_export=True),
                                 {**pipelines.inputs(part), **part.for_export}, folder, opset)
    if traced_parts.fits(part):
        export_torchscript.run(traced_parts.export(name, part), folder)


def main(folder, names):
    meta_weights.make_readable()
    quick_rewrites.make_quick()
    for name in names or pipelines.PARTS:
        part = pipelines.PARTS[name]
        count(name, part, folder)
        export(name, part, folder)
        gc.collect()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
