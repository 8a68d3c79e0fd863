"""Exports and counts the families of models (families.py) with both exporters, one folder for all:
NAME_dynamo_opN.onnx and NAME_torchscript_op17.onnx without weights beside NAME.json, PyTorch's counts.

Usage: export_families.py FOLDER [NAME...]
"""
import pathlib
import sys

from torch.nn import attention

import count_modules
import export_dynamo
import export_torchscript
import families


def export_both(name, folder):
    family = families.FAMILIES[name]
    for opset in (18, 23):
        export_dynamo.export(f"{name}_dynamo_op{opset}", families.build(family),
                             family.inputs(), folder, opset)
    if not family.traceable:
        return
    traced = export_torchscript.Export(
        f"{name}_torchscript_op17", 17, families.build(family), family.inputs(), ["out"], {})
    export_torchscript.run(traced, folder)


def count(name, family, folder):
    # The counter knows attention by the products it is made of, not by the kernel of the processor.
    with attention.sdpa_kernel(attention.SDPBackend.MATH):
        count_modules.save(name, families.build(family), family.inputs(), folder)


def main(folder, names):
    for name in names or families.FAMILIES:
        family = families.FAMILIES[name]
        count(name, family, folder)
        export_both(name, folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
