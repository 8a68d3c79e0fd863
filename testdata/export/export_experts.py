"""Exports mixtures of experts (families.py) in the forms that experts take elsewhere (experts.py): NAME_FORM,
without weights. What each must cost is worked out by hand in the test that reads them.

Usage: export_experts.py FOLDER [NAME...]
"""
import pathlib
import sys

import torch

import experts
import export_dynamo
import export_torchscript
import families

NAMES = ("mixtral", "qwen_moe", "deepseek_v2", "deepseek_v3", "gpt_oss")
FORMS = {"loop": experts.Looped, "dense": experts.Dense, "denseloop": experts.DenseLooped}
# One of them is enough of what differs little from the others.
ONLY = {"denseloop": "mixtral"}


def build(name, form):
    model = families.build(families.FAMILIES[name])
    if form == "eager":
        model.config._experts_implementation = form
    else:
        experts.replace(model, FORMS[form])
    return model.eval()


def trace(name, form, folder):
    inputs = families.FAMILIES[name].inputs()
    export = export_torchscript.Export(
        f"{name}_{form}_torchscript", 17, build(name, form), inputs, ["out"], {})
    export_torchscript.run(export, folder)


def main(folder, names):
    for name in names or NAMES:
        # Transformers' loop is over the experts that the example hits: the other exporter cannot follow it.
        trace(name, "eager", folder)
        for form in FORMS:
            if ONLY.get(form, name) != name:
                continue
            torch.manual_seed(0)
            trace(name, form, folder)
            inputs = families.FAMILIES[name].inputs()
            export_dynamo.export(f"{name}_{form}_dynamo", build(name, form), inputs, folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
