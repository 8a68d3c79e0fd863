"""Lets torch.onnx's current exporter read weights that live on the meta device, by making them up.

Its optimizer reads weights, which fails where there is no memory to read.
"""
import zlib

import numpy as np
# Private, so any release may change it. With torch 2.13.0 both replacements below are needed, and enough:
# numpy() is read to fold weights, tobytes() to merge equal ones. 2.14 can be patched in the same way.
from torch.onnx._internal.exporter import _core

MOST_MADE_UP_ELEMENTS = 8192


def make_readable():
    """From here on, the exporter's tensors have contents even if they are on the meta device."""
    _core.TorchTensor.numpy = _with_stand_in(_core.TorchTensor.numpy, _array)
    _core.TorchTensor.tobytes = _with_stand_in(_core.TorchTensor.tobytes, _bytes)


def _with_stand_in(original, stand_in):
    return lambda tensor: stand_in(tensor) if tensor.raw.is_meta else original(tensor)


def _array(tensor):
    shape, dtype = tuple(tensor.raw.shape), tensor.dtype.numpy()
    if tensor.raw.numel() > MOST_MADE_UP_ELEMENTS:
        # Takes no memory. Not zero: the optimizer leaves out a bias of zeros.
        return np.broadcast_to(np.asarray(0.5, dtype), shape)
    return np.random.default_rng(_seed(tensor)).standard_normal(shape).astype(dtype)


def _bytes(tensor):
    if tensor.raw.numel() > MOST_MADE_UP_ELEMENTS:
        # Read only to find equal weights, of which there are none.
        return _seed(tensor).to_bytes(4, "little")
    return _array(tensor).tobytes()


def _seed(tensor):
    """A number of the tensor's own, so that no two weights get merged."""
    return zlib.crc32((tensor.name or "").encode())
