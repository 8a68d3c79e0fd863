"""Exports and counts the parts of the diffusion pipelines (pipelines.py), one folder for all:
NAME_opN.onnx without weights beside NAME.json, PyTorch's multiply-accumulates per module path.

Usage: export_pipelines.py FOLDER [NAME...]. Every part takes one to ten minutes and up to 10 GB.
"""
import pathlib
import sys

import torch

import count_modules
import export_dynamo
import meta_weights
import pipelines


def main(folder, names):
    meta_weights.make_readable()
    for name in names or pipelines.PARTS:
        part = pipelines.PARTS[name]
        count_modules.save(name, pipelines.build(part), pipelines.inputs(part), folder)
        for opset in part.opsets:
            with torch.no_grad():
                export_dynamo.export(f"{name}_op{opset}", pipelines.build(part),
                                     {**pipelines.inputs(part), **part.for_export}, folder, opset)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
