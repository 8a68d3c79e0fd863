"""Exports a small transformer of Flax by jax2onnx, its modules as functions and without. Runs in an
environment of its own (requirements-jax.txt).

Usage: export_jax.py FOLDER
"""
import pathlib
import sys

import jax2onnx
import onnx
from flax import nnx

# Weights are stored in the bodies of functions, where they cannot be left out: hence so narrow.
WIDTH, HEADS = 16, 2


class Mlp(nnx.Module):
    def __init__(self, rngs):
        self.up = nnx.Linear(WIDTH, 2 * WIDTH, rngs=rngs)
        self.down = nnx.Linear(2 * WIDTH, WIDTH, rngs=rngs)

    def __call__(self, x):
        return self.down(nnx.gelu(self.up(x)))


class Block(nnx.Module):
    def __init__(self, mlp, rngs):
        self.norm1 = nnx.LayerNorm(WIDTH, rngs=rngs)
        self.norm2 = nnx.LayerNorm(WIDTH, rngs=rngs)
        self.attn = nnx.MultiHeadAttention(
            num_heads=HEADS, in_features=WIDTH, qkv_features=WIDTH, decode=False, rngs=rngs)
        self.mlp = mlp(rngs)

    def __call__(self, x):
        x = x + self.attn(self.norm1(x), deterministic=True)
        return x + self.mlp(self.norm2(x))


class Network(nnx.Module):
    def __init__(self, block, mlp, rngs):
        self.blocks = nnx.List([block(mlp, rngs) for _ in range(2)])
        self.head = nnx.Linear(WIDTH, 10, rngs=rngs)

    def __call__(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def export(name, block, mlp, folder):
    model = jax2onnx.to_onnx(
        Network(block, mlp, nnx.Rngs(0)), [(1, 16, WIDTH)], model_name="network", opset=21)
    onnx.save(model, folder / f"{name}.onnx")
    print("exported", name, flush=True)


def main(folder):
    export("jax_flat", Block, Mlp, folder)
    # The decorator changes the classes themselves, so that the flat export comes first.
    export("jax_functions", jax2onnx.onnx_function(Block), jax2onnx.onnx_function(Mlp), folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
