"""Exports revisions of one small network, as a model that changes from week to week: each but the first
differs from `base` in one thing. What `onnx-macs diff` says of them is in tests/golden/diff_*.

Usage: export_revisions.py FOLDER
"""
import pathlib
import sys
import tempfile

import onnx_ir as ir
import torch
from torch import nn

from strip import save_stripped

WIDTH, HEADS, TOKENS, CLASSES = 64, 4, 16, 10


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        heads = self.qkv(x).reshape(batch, tokens, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(heads[0] @ heads[1].transpose(-1, -2) * (width // HEADS) ** -0.5, dim=-1)
        return self.out((weights @ heads[2]).transpose(1, 2).reshape(batch, tokens, width))


class MLP(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, hidden, attention=True, mlp_name="mlp"):
        super().__init__()
        self.attn = Attention(WIDTH) if attention else None
        self.mlp_name = mlp_name
        self.add_module(mlp_name, MLP(WIDTH, hidden))

    def forward(self, x):
        if self.attn is not None:
            x = x + self.attn(x)
        return x + getattr(self, self.mlp_name)(x)


class Net(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.embed = nn.Linear(24, WIDTH)
        self.blocks = nn.ModuleList(blocks)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, x):
        x = self.embed(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean(dim=1))


class Wrapper(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(x)


# The second block is wider than the others, so that it is known again where it moves to.
def base_blocks():
    return [Block(128), Block(256), Block(128), Block(192)]


def moved_blocks():
    blocks = base_blocks()
    return [blocks[0], blocks[2], blocks[3], blocks[1]]


REVISIONS = {
    "base": lambda: Net(base_blocks()),
    "wider": lambda: Net([Block(128), Block(320), Block(128), Block(192)]),
    "deeper": lambda: Net([*base_blocks()[:3], Block(160), base_blocks()[3]]),
    "no_attention": lambda: Net([Block(128), Block(256), Block(128, attention=False), Block(192)]),
    "renamed": lambda: Net([Block(128), Block(256, mlp_name="feed_forward"), Block(128), Block(192)]),
    "moved": lambda: Net(moved_blocks()),
    "half": lambda: Net(base_blocks()).half(),
    "wrapped": lambda: Wrapper(Net([Block(128), Block(320), Block(128), Block(192)])),
}


def export(model, path, dynamic_batch=False):
    model.eval()
    dtype = next(model.parameters()).dtype
    with tempfile.TemporaryDirectory() as folder:
        whole = pathlib.Path(folder) / "whole.onnx"
        torch.onnx.export(
            model, (torch.zeros(1, TOKENS, 24, dtype=dtype),), whole, dynamo=False, opset_version=17,
            input_names=["x"], output_names=["y"],
            dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}} if dynamic_batch else None)
        save_stripped(ir.load(whole), path, value_info=False)


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, make in REVISIONS.items():
        torch.manual_seed(0)
        export(make(), folder / f"{name}.onnx")
    export(REVISIONS["base"](), folder / "dynamic.onnx", dynamic_batch=True)


main()
