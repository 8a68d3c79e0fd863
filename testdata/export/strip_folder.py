"""Copies the models of a folder into another without their weights: what other environments exported,
NAME.onnx or NAME/model.onnx.

Usage: strip_folder.py FROM TO
"""
import pathlib
import sys

import onnx_ir as ir

import strip


def main(source, target):
    files = {file.stem: file for file in source.glob("*.onnx")}
    files |= {file.parent.name: file for file in source.glob("*/model.onnx")}
    for name, file in sorted(files.items()):
        strip.save_stripped(ir.load(file), target / f"{name}.onnx")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
