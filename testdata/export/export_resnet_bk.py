"""Exports the model of resnet_bk.py with open batch and sequence, without its weights.

BK-Core becomes a node of the domain `bk`. Usage: export_resnet_bk.py FOLDER
"""
import pathlib
import sys

import torch

import resnet_bk
import strip


def bk_core_node(potential):
    return torch.onnx.ops.symbolic(
        "bk::BKCore", [potential], dtype=potential.dtype, shape=[*potential.shape, 2], version=1)


def check_bk_core():
    """The operator against the inverse of the whole matrix."""
    potential = torch.randn(2, 7, dtype=torch.float64)
    ones = torch.full((6,), resnet_bk.HOPPING, dtype=torch.complex128)
    laplacian = torch.diag(ones, 1) + torch.diag(ones, -1)
    whole = laplacian + torch.diag_embed(potential + resnet_bk.ON_SITE - resnet_bk.ENERGY)
    expected = torch.diagonal(torch.linalg.inv(whole), dim1=-2, dim2=-1)
    torch.testing.assert_close(
        torch.view_as_complex(torch.ops.bk.bk_core(potential)), expected)


def main(folder):
    torch.manual_seed(0)
    check_bk_core()
    resnet_bk.bk_core = bk_core_node
    with torch.no_grad():
        program = torch.onnx.export(
            resnet_bk.ResNetBK().eval(), (torch.zeros(2, 16, dtype=torch.int64),), dynamo=True,
            opset_version=18, verbose=False, input_names=["input_ids"], output_names=["logits"],
            dynamic_shapes=({0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence")},))
    strip.save_stripped(program.model, folder / "resnet_bk.onnx")
    print("exported resnet_bk", flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
