"""Exports and counts the parts of pipelines as deployed (deployments.py) in FOLDER/parts: NAME.onnx
without weights beside NAME_512.json and the like, PyTorch's multiply-accumulates per module path.

Usage: export_deployments.py FOLDER [NAME...]. Every part takes one to ten minutes and up to 10 GB.
"""
import gc
import pathlib
import sys

import torch

import count_modules
import deployments
import export_dynamo
import meta_weights
import quick_rewrites

OPSET = 18


def count(name, deployment, folder):
    for size, call in deployment.counted.items():
        file = f"{name}_{size}" if size else name
        count_modules.save(file, deployments.build(deployment),
                             deployments.inputs(deployment, call), folder)


def export(name, deployment, folder):
    model = deployments.build(deployment, for_export=True)
    inputs = deployments.inputs(deployment, deployment.traced)
    # Not by torch.onnx.export: it traces as if any size might be 1, and so refuses masks that are.
    with torch.no_grad():
        traced = torch.export.export(
            model, (), inputs, dynamic_shapes=deployments.dynamic_shapes(deployment), strict=False)
    export_dynamo.export(name, traced, {}, folder, OPSET, dynamic_shapes=deployment.axes,
                         input_names=list(inputs), output_names=list(deployment.outputs))


def main(folder, names):
    meta_weights.make_readable()
    quick_rewrites.make_quick()
    for name in names or deployments.DEPLOYMENTS:
        deployment = deployments.DEPLOYMENTS[name]
        count(name, deployment, folder / "parts")
        export(name, deployment, folder / "parts")
        gc.collect()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
