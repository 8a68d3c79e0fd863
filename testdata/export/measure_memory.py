"""Measures what five models hold of memory at most while ONNX Runtime runs them: FOLDER/NAME.onnx without
weights, and FOLDER/peaks.json.

ONNX Runtime runs them as they are, without optimising, and its profile tells in which order nodes ran and
what each gave. References to these are counted. Usage: measure_memory.py FOLDER
"""
import collections
import json
import math
import pathlib
import sys
import tempfile

import diffusers
import onnx
import onnx_ir as ir
import onnxruntime
import torch
from torch import nn

import families
import strip

# Whose output is the memory of its first input, as ONNX Runtime's kernels declare it.
SHARING = ("Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity")
BYTES = dict(float=4, int64=8, int32=4, bool=1, float16=2, double=8)


class _Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride)

    def forward(self, x):
        return torch.relu(self.conv2(torch.relu(self.conv1(x))) + self.shortcut(x))


def _resnet():
    widths = (16, 16, 32, 32, 64, 64)
    blocks = [_Residual(a, b, 1 if a == b else 2) for a, b in zip((16,) + widths, widths)]
    model = nn.Sequential(nn.Conv2d(3, 16, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1), *blocks,
                          nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    return model, dict(input=torch.rand(4, 3, 128, 128))


class _Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(100, 32)
        self.lstm = nn.LSTM(32, 64, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(128, 100)

    def forward(self, tokens):
        return self.head(self.lstm(self.embedding(tokens))[0])


def _lstm():
    return _Recurrent(), dict(tokens=torch.ones(3, 40, dtype=torch.long))


def _unet():
    model = diffusers.UNet2DConditionModel(
        sample_size=32, block_out_channels=(32, 64), layers_per_block=1, cross_attention_dim=32,
        attention_head_dim=8, norm_num_groups=8,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
    return model, dict(sample=torch.rand(2, 4, 32, 32), timestep=torch.tensor([1]),
                       encoder_hidden_states=torch.rand(2, 7, 32), return_dict=False)


def _family(name):
    def make():
        family = families.FAMILIES[name]
        return families.build(family), family.inputs()
    return make


MODELS = dict(resnet=_resnet, lstm=_lstm, unet=_unet, bert=_family("bert"), vit=_family("vit"))


def export(make, path):
    torch.manual_seed(0)
    model, inputs = make()
    model.eval()
    tensors = {name: value for name, value in inputs.items() if torch.is_tensor(value)}
    with torch.no_grad():
        torch.onnx.export(model, (), path, kwargs=inputs, dynamo=False, opset_version=17,
                          input_names=list(tensors))
    proto = onnx.load(path)
    for number, node in enumerate(proto.graph.node):  # The profile knows nodes by name.
        node.name = f"{node.op_type}_{number}"
    onnx.save(proto, path)
    return proto, {name: value.numpy() for name, value in tensors.items()}


def profile(path, feeds):
    """Of every node that ran, in that order: its name and the bytes of each of its outputs."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.enable_profiling = True
    options.intra_op_num_threads = 1
    options.profile_file_prefix = path
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    session.run(None, feeds)
    events = json.loads(pathlib.Path(session.end_profiling()).read_text())
    runs = [event for event in events if event["name"].endswith("_kernel_time")]
    for event in sorted(runs, key=lambda event: event["ts"]):
        sizes = [BYTES[kind] * math.prod(shape)
                 for output in event["args"]["output_type_shape"]
                 for kind, shape in output.items()]
        assert sum(sizes) == int(event["args"]["output_size"]), event
        yield event["name"].removesuffix("_kernel_time"), sizes


def peak(proto, feeds, runs):
    """The most bytes that are referred to at once."""
    nodes = {node.name: node for node in proto.graph.node}
    readers = collections.Counter(name for node, _ in runs for name in nodes[node].input)
    readers.update(output.name for output in proto.graph.output)
    holders = collections.Counter()  # by the name of the first tensor in some memory
    memory, held, most = {}, {}, 0

    def hold(name, owner, size):
        memory[name] = owner
        holders[owner] += 1
        held.setdefault(owner, size)

    def drop(name):
        owner = memory.pop(name)
        holders[owner] -= 1
        if holders[owner] == 0:
            del held[owner]

    for name, value in feeds.items():
        hold(name, name, value.nbytes)
    for run, sizes in runs:
        node = nodes[run]
        for output, size in zip([name for name in node.output if name], sizes):
            shares = node.op_type in SHARING and node.input[0] in memory
            hold(output, memory[node.input[0]] if shares else output, size)
        most = max(most, sum(held.values()))
        readers.subtract(node.input)
        for name in [name for name in memory if readers[name] == 0]:
            drop(name)
    return most


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    peaks = {}
    for name, make in MODELS.items():
        with tempfile.TemporaryDirectory() as scratch:
            path = f"{scratch}/model.onnx"
            proto, feeds = export(make, path)
            runs = list(profile(path, feeds))
            peaks[name] = dict(peak_bytes=peak(proto, feeds, runs), nodes_run=len(runs))
            strip.save_stripped(ir.load(path), folder / f"{name}.onnx", value_info=False)
        print("measured", name, peaks[name], flush=True)
    (folder / "peaks.json").write_text(json.dumps(peaks, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
