"""What ONNX Runtime makes of the families' TorchScript exports (families.py): optimised by its session
and by its Python optimizer, quantised with QDQ pairs and with integer operators, then without weights.
The counts are those of the models themselves: none of this may change them. And what onnxscript makes of
the dynamo exports for ONNX Runtime, NAME_fused.onnx: whole attentions are one operator there, with the
projections in it, so that the modules within them are no more.

Usage: export_optimized.py FOLDER [NAME...]
"""
import pathlib
import sys
import tempfile

import numpy as np
import onnx_ir as ir
import onnxruntime
import torch
from onnxruntime import quantization
from onnxruntime.transformers import optimizer
from onnxscript.rewriter import ort_fusions

import export_families
import families
import strip

# What the optimizer calls the family, and its heads and width.
KINDS = {"bert": "bert", "vit": "vit"}
NAMES = ("bert", "llama", "vit")
FUSED = ("bert", "llama", "vit", "whisper")


def trace(name, path):
    family = families.FAMILIES[name]
    inputs = family.inputs()
    with torch.no_grad():
        torch.onnx.export(families.build(family), tuple(inputs.values()), path, dynamo=False,
                          opset_version=17, input_names=list(inputs), output_names=["out"])


def session_optimised(source, target):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = target
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def fuse(name, folder):
    family = families.FAMILIES[name]
    with torch.no_grad():
        program = torch.onnx.export(families.build(family), (), kwargs=family.inputs(), dynamo=True,
                                    opset_version=18, verbose=False)
    fused, _ = ort_fusions.optimize_for_ort(program.model)
    strip.save_stripped(fused, folder / f"{name}_fused.onnx")
    print("made", f"{name}_fused", flush=True)


class Calibration(quantization.CalibrationDataReader):
    """One set of inputs: what they say does not matter where only the graph is wanted."""

    def __init__(self, name):
        inputs = families.FAMILIES[name].inputs()
        self._left = [{key: np.asarray(value) for key, value in inputs.items()}]

    def get_next(self):
        return self._left.pop() if self._left else None


def save(source, folder, name):
    strip.save_stripped(ir.load(source), folder / f"{name}.onnx", value_info=False)
    print("made", name, flush=True)


def make(name, folder):
    with tempfile.TemporaryDirectory() as scratch:
        plain, made = f"{scratch}/plain.onnx", f"{scratch}/made.onnx"
        trace(name, plain)
        session_optimised(plain, made)
        save(made, folder, f"{name}_ort_session")
        quantization.quantize_dynamic(plain, made)
        save(made, folder, f"{name}_ort_integer")
        quantization.quantize_static(plain, made, Calibration(name),
                                     quant_format=quantization.QuantFormat.QDQ)
        save(made, folder, f"{name}_ort_qdq")
        quantization.quantize_static(plain, made, Calibration(name),
                                     quant_format=quantization.QuantFormat.QOperator)
        save(made, folder, f"{name}_ort_qoperator")
        if name in KINDS:
            optimizer.optimize_model(plain, KINDS[name], num_heads=4, hidden_size=64
                                     ).save_model_to_file(made)
            save(made, folder, f"{name}_ort_optimizer")


def main(folder, names):
    for name in names or FUSED:
        fuse(name, folder)
    for name in names or NAMES:
        export_families.count(name, families.FAMILIES[name], folder)
        make(name, folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
