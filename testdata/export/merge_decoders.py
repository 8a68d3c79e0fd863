"""Makes one model of a decoder for the first token and one for those that follow, as Hugging Face's
optimum does: an If on `use_cache_branch`, with the weights outside of it, once each.
"""
import collections

import onnx
from onnx import helper, numpy_helper

MERGED = "merged"


def merge(first_path, next_path):
    """The branch that is taken when `use_cache_branch` holds is the second model."""
    first, following = onnx.load(first_path), onnx.load(next_path)
    _give_all_outputs(following.graph, first.graph)
    weights = _share_weights([first.graph, following.graph])
    branch = helper.make_node(
        "If", ["use_cache_branch"], [output.name for output in first.graph.output],
        name="optimum::if", then_branch=_branch(following.graph, "with_past"),
        else_branch=_branch(first.graph, "no_past"))
    which = helper.make_tensor_value_info("use_cache_branch", onnx.TensorProto.BOOL, [1])
    inputs = {put.name: put for graph in (first.graph, following.graph) for put in graph.input}
    graph = helper.make_graph(
        [branch], MERGED, [*inputs.values(), which], first.graph.output, weights)
    merged = helper.make_model(
        graph, producer_name="optimum-onnx", opset_imports=first.opset_import, ir_version=9)
    onnx.checker.check_model(merged)
    return merged


def _branch(graph, name):
    small = [tensor for tensor in graph.initializer if not _is_weight(tensor)]
    return helper.make_graph(graph.node, name, [], graph.output, small)


def _give_all_outputs(graph, other):
    """A cache of the text that was read does not change, so only one of the graphs gives it: the
    other gives nothing in its place. Either way the first model's outputs are those of the whole."""
    given = {output.name for output in graph.output}
    for output in other.output:
        if output.name not in given:
            graph.node.append(_nothing(output, len(graph.node)))
    graph.ClearField("output")
    graph.output.extend(other.output)


def _nothing(output, position):
    kind = output.type.tensor_type
    sizes = [dim.dim_value or 1 for dim in kind.shape.dim]
    sizes[0] = 0
    value = helper.make_tensor("const_tensor", kind.elem_type, sizes, [])
    return helper.make_node(
        "Constant", [], [output.name], name=f"Constant_{position + 1}", value=value)


def _is_weight(tensor):
    """What optimum shares: all but scalars, and lists of integers."""
    whole = (onnx.TensorProto.INT32, onnx.TensorProto.INT64)
    return len(tensor.dims) > 1 or (len(tensor.dims) == 1 and tensor.data_type not in whole)


def _share_weights(graphs):
    """Equal weights under one name, in both graphs."""
    shared, names = {}, collections.Counter()
    for graph in graphs:
        renamed = {}
        for tensor in filter(_is_weight, graph.initializer):
            values = numpy_helper.to_array(tensor).tobytes()
            contents = (tuple(tensor.dims), tensor.data_type, values)
            if contents not in shared:
                name = f"{tensor.name}_{MERGED}_{names[tensor.name]}"
                names[tensor.name] += 1
                shared[contents] = onnx.TensorProto()
                shared[contents].CopyFrom(tensor)
                shared[contents].name = name
            renamed[tensor.name] = shared[contents].name
        for node in graph.node:
            node.input[:] = [renamed.get(name, name) for name in node.input]
    return list(shared.values())
