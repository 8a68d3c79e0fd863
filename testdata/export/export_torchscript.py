"""Exports Stable Diffusion 1.5's parts with torch.onnx's TorchScript exporter, without their weights.

Names and dynamic axes are those of Hugging Face's optimum. Usage: export_torchscript.py FOLDER
"""
import dataclasses
import pathlib
import sys
import tempfile

import onnx_ir as ir
import torch

import components
import strip

BATCH = "batch_size"
SEQUENCE = "sequence_length"


@dataclasses.dataclass(frozen=True)
class Export:
    """One file to make. `inputs` are for tracing only: `axes` says which dimensions may vary."""
    name: str
    opset: int
    model: torch.nn.Module
    inputs: dict
    outputs: list
    axes: dict


def unet():
    inputs = components.unet_inputs(512, batch=2, tokens=16, device="cpu")
    return Export(
        "sd15_unet", 17, components.build_unet("cpu"), inputs, ["out_sample"],
        {"sample": {0: BATCH, 2: "height", 3: "width"},
         "encoder_hidden_states": {0: BATCH, 1: SEQUENCE},
         "out_sample": {0: BATCH, 2: "height", 3: "width"}})


def vae_decoder():
    inputs = components.vae_decoder_inputs(64, batch=2, device="cpu")
    return Export(
        "sd15_vae_decoder", 14, components.build_vae_decoder("cpu"), inputs, ["sample"],
        {"latent_sample": {0: BATCH, 2: "latent_height", 3: "latent_width"},
         "sample": {0: BATCH, 2: "latent_height * 8", 3: "latent_width * 8"}})


def vae_encoder():
    inputs = components.vae_encoder_inputs(64, batch=2, device="cpu")
    return Export(
        "sd15_vae_encoder", 14, components.build_vae_encoder("cpu"), inputs, ["latent_parameters"],
        {"sample": {0: BATCH, 2: "sample_height", 3: "sample_width"},
         "latent_parameters": {0: BATCH, 2: "sample_height / 8", 3: "sample_width / 8"}})


def text_encoder():
    inputs = components.text_encoder_inputs(batch=2, device="cpu")
    return Export(
        "clip_l_text_encoder", 14, components.build_text_encoder("cpu"), inputs,
        ["last_hidden_state", "pooler_output"],
        {"input_ids": {0: BATCH, 1: SEQUENCE}, "last_hidden_state": {0: BATCH, 1: SEQUENCE}})


def run(export, folder):
    input_names = [name for name, value in export.inputs.items() if torch.is_tensor(value)]
    with tempfile.TemporaryDirectory() as scratch, torch.no_grad():
        full = f"{scratch}/model.onnx"
        torch.onnx.export(
            export.model, (), full, kwargs=export.inputs, dynamo=False, opset_version=export.opset,
            input_names=input_names, output_names=export.outputs, dynamic_axes=export.axes)
        # This exporter writes no value_info, but onnx_ir adds the weights' types on saving.
        strip.save_stripped(ir.load(full), folder / f"{export.name}.onnx", value_info=False)
    print("exported", export.name, flush=True)


def main(folder):
    # Weights differ from each other, as trained ones do: equal ones would be merged on export.
    torch.manual_seed(0)
    for make in (unet, vae_decoder, vae_encoder, text_encoder):
        run(make(), folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
