"""Exports Stable Diffusion 1.5's parts with torch.onnx's current exporter, without their weights.

The models live on the meta device, so no weight ever takes memory. Usage: export_dynamo.py FOLDER
"""
import pathlib
import sys

import torch

import components
import meta_weights
import strip


def export(name, model, inputs, folder, opset=18, dynamic_shapes=None, **names):
    with torch.no_grad():
        program = torch.onnx.export(
            model, (), kwargs=inputs, dynamo=True, opset_version=opset, verbose=False,
            dynamic_shapes=dynamic_shapes, **names)
    strip.save_stripped(program.model, folder / f"{name}.onnx")
    print("exported", name, flush=True)


def symbolic_unet_shapes():
    # AUTO lets the exporter find out what the model asks of each dimension, and name the symbols.
    auto = torch.export.Dim.AUTO
    return dict(
        sample={0: auto, 2: auto, 3: auto},
        timestep=None,
        encoder_hidden_states={0: auto, 1: auto},
        return_dict=None,
    )


def export_unet(folder):
    inputs = components.unet_inputs(512)
    for opset in (18, 23):
        export(f"sd15_unet_512_op{opset}", components.build_unet(), inputs, folder, opset)
    # A dimension of size 1 would be taken for a constant, hence the batch of 2.
    inputs = components.unet_inputs(512, batch=2)
    export("sd15_unet_dynamic", components.build_unet(), inputs, folder,
           dynamic_shapes=symbolic_unet_shapes())


def export_vae_decoder(folder):
    model = components.VaeDecoder(components.build_vae())
    export("sd15_vae_decoder_512_op18", model, components.vae_decoder_inputs(512), folder)


def export_text_encoder(folder):
    export("clip_l_text_encoder_op18", components.build_text_encoder(),
           components.text_encoder_inputs(), folder)


def main(folder):
    meta_weights.make_readable()
    export_unet(folder)
    export_vae_decoder(folder)
    export_text_encoder(folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
