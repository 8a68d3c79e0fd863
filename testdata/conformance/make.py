"""Writes the node cases of the installed `onnx` package in the form in which the tests read them.

FOLDER/node/CASE/model.onnx and test_data_set_0/input_N.pb, and FOLDER/node-manifest.jsonl: a line per
case with its name and the types of its inputs and outputs, and of every value in between where the
reference evaluator can run the model. Usage: make.py FOLDER
"""
import json
import pathlib
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case import node as node_cases
from onnx.reference import ReferenceEvaluator

STORED = {"sequence_type": numpy_helper.from_list, "optional_type": numpy_helper.from_optional}


def main(folder):
    manifest = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Cases overflow on purpose.
        for case in node_cases.collect_testcases():
            manifest.append(json.dumps(_describe(case)))
            _store(case, folder / "node" / case.name)
    (folder / "node-manifest.jsonl").write_text("\n".join(manifest) + "\n")
    print(f"{len(manifest)} cases of onnx {onnx.__version__} in {folder}")


def _store(case, folder):
    data = folder / "test_data_set_0"
    data.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(case.model.SerializeToString())
    for i, (declared, value) in enumerate(zip(case.model.graph.input, case.data_sets[0][0])):
        (data / f"input_{i}.pb").write_bytes(_message(declared, value).SerializeToString())


def _message(declared, value):
    if isinstance(value, onnx.TensorProto):
        return value
    store = STORED.get(declared.type.WhichOneof("value"), numpy_helper.from_array)
    return store(value if store is not numpy_helper.from_array else np.asarray(value), declared.name)


def _describe(case):
    graph = case.model.graph
    inputs, outputs = case.data_sets[0]
    entry = {
        "name": case.name,
        "inputs": [[v.name, _type(x)] for v, x in zip(graph.input, inputs)],
        "outputs": [[v.name, _type(x)] for v, x in zip(graph.output, outputs)],
    }
    if len(graph.node) > 1:
        known = {v.name for v in [*graph.input, *graph.output]}
        values = _values(case.model, inputs)
        entry["intermediates"] = {k: _type(x) for k, x in values.items() if k and k not in known}
    return entry


def _values(model, inputs):
    """Every value of the main graph; none where the reference evaluator cannot run the model."""
    feeds = {v.name: _array(x) for v, x in zip(model.graph.input, inputs)}
    try:
        return ReferenceEvaluator(model).run(None, feeds, intermediate=True)
    except Exception:  # It raises whatever the operator at fault does.
        return {}


def _array(value):
    return numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else value


def _type(value):
    """[dtype, dims], or ["seq", [type, ...]]; None for nothing."""
    if value is None:
        return None
    if isinstance(value, list):
        return ["seq", [_type(x) for x in value]]
    if isinstance(value, onnx.TensorProto):
        return [value.data_type, list(value.dims)]
    value = np.asarray(value)
    return [onnx.helper.np_dtype_to_tensor_dtype(value.dtype), list(value.shape)]


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
