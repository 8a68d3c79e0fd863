"""Makes an exported model small enough to commit: its large weights become external tensors whose data
file is never written, and what is specific to the exporting machine goes.
"""
import onnx_ir as ir

MOST_INLINE_BYTES = 1024  # What shape inference reads (axes, target shapes) is far smaller.


def save_stripped(model, path, value_info=True):
    """Writes the ir.Model to the pathlib.Path without its large weights. Alters the model.

    With value_info=False the file tells the types of inputs, outputs and weights, of nothing else.
    """
    _drop_weights(model.graph, path.name + ".data")
    _drop_stack_traces(model.graph)
    proto = ir.serde.serialize_model(model)
    if not value_info:
        proto.graph.ClearField("value_info")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(proto.SerializeToString(deterministic=True))


def _drop_weights(graph, data_file):
    offset = 0
    for value in graph.initializers.values():
        weight = value.const_value
        if weight.nbytes <= MOST_INLINE_BYTES:
            continue
        value.const_value = ir.ExternalTensor(
            data_file, offset, weight.nbytes, weight.dtype, shape=weight.shape, name=value.name)
        offset += weight.nbytes


def _drop_stack_traces(graph):
    """They are long and full of the exporting machine's paths."""
    for node in graph.all_nodes():
        for key in [key for key in node.metadata_props if key.endswith("stack_trace")]:
            del node.metadata_props[key]
