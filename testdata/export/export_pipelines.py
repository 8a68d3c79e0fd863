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
        count_modules.save(name, pipelines.build(part), pipelines.inputs(part), folder)
        export(name, part, folder)
        gc.collect()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
