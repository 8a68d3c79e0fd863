"""The folders in which whole pipelines lie, as Hugging Face's optimum lays them out: what surrounds
the models, in FOLDER/layouts.

model_index.json names the pipeline, scheduler/scheduler_config.json its scheduler, and every model
has its config.json beside it. The models themselves are elsewhere in testdata: models.json says
where.

Usage: layouts.py FOLDER
"""
import dataclasses
import json
import pathlib
import sys
from typing import Callable

import diffusers
import torch

import components
import deployments
import pipelines

PARTS = "deployments.tar.xz/parts"
PIPELINES = "pipelines.tar.xz"
TRACED = "models/torchscript"


@dataclasses.dataclass(frozen=True)
class Model:
    """A folder of a model. `of` is what model_index.json calls it, where that is another name."""
    folder: str
    file: str
    build: Callable
    of: str = ""


@dataclasses.dataclass(frozen=True)
class Layout:
    pipeline: str
    scheduler: object
    models: tuple
    more: dict = dataclasses.field(default_factory=dict)  # what else model_index.json says


def _part(folder, name, of=""):
    """A part as deployed; its configuration is that of the part of the same name at one size."""
    base = name.removesuffix("_1024")
    build = pipelines.PARTS[base].build if base in pipelines.PARTS else (
        deployments.DEPLOYMENTS[name].build)
    return Model(folder, f"{PARTS}/{name}.onnx", build, of)


def _decoder(name):
    return _part("vae_decoder", name, of="vae")


_CLIP_L = Model("text_encoder", f"{TRACED}/clip_l_text_encoder.onnx", components.build_text_encoder)
_KL_DECODER = Model(
    "vae_decoder", f"{TRACED}/sd15_vae_decoder.onnx", components.build_vae, of="vae")
_T5 = "t5xxl.text_encoder"
_SD_NOISE = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
_SD_STEPS = dict(_SD_NOISE, set_alpha_to_one=False, steps_offset=1)

LAYOUTS = {
    "sd15": Layout(
        "StableDiffusionPipeline", diffusers.PNDMScheduler(skip_prk_steps=True, **_SD_STEPS),
        (_CLIP_L, Model("unet", f"{TRACED}/sd15_unet.onnx", components.build_unet), _KL_DECODER,
         Model("vae_encoder", f"{TRACED}/sd15_vae_encoder.onnx", components.build_vae, of="vae")),
        dict(safety_checker=[None, None], feature_extractor=[None, None],
             requires_safety_checker=False)),
    "sdxl": Layout(
        "StableDiffusionXLPipeline",
        diffusers.EulerDiscreteScheduler(**_SD_NOISE, steps_offset=1, timestep_spacing="leading"),
        (_CLIP_L, _part("text_encoder_2", "clip_g.text_encoder"), _part("unet", "sdxl.unet"),
         _decoder("sdxl.vae_decoder")),
        dict(force_zeros_for_empty_prompt=True)),
    "sd3": Layout(
        # As optimum's own runtime saves it, whose classes are named after those of diffusers.
        "ORTStableDiffusion3Pipeline", diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0),
        (_part("text_encoder", "clip_l_proj.text_encoder"),
         _part("text_encoder_2", "clip_g.text_encoder"), _part("text_encoder_3", _T5),
         _part("transformer", "sd3m.transformer"), _decoder("sd3.vae_decoder"))),
    "flux": Layout(
        "FluxPipeline",
        diffusers.FlowMatchEulerDiscreteScheduler(
            shift=3.0, use_dynamic_shifting=True, base_shift=0.5, max_shift=1.15),
        (_CLIP_L, _part("text_encoder_2", _T5), _part("transformer", "flux.transformer"),
         _decoder("flux.vae_decoder"))),
    "sana": Layout(
        "SanaPipeline",
        diffusers.DPMSolverMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0),
        (_part("text_encoder", "gemma2_2b.text_encoder"),
         _part("transformer", "sana1600m.transformer"), _decoder("sana.vae_decoder"))),
    "pixart_alpha": Layout(  # at 512x512 only
        "PixArtAlphaPipeline", diffusers.DPMSolverMultistepScheduler(),
        (_part("text_encoder", _T5),
         Model("transformer", f"{PIPELINES}/pixart_alpha.transformer_op18.onnx",
               pipelines.PARTS["pixart_alpha.transformer"].build), _KL_DECODER)),
    "pixart_sigma": Layout(  # at 1024x1024 only
        "PixArtSigmaPipeline", diffusers.DPMSolverMultistepScheduler(),
        (_part("text_encoder", _T5), _part("transformer", "pixart_sigma.transformer_1024"),
         _decoder("sdxl.vae_decoder"))),
    "kandinsky3": Layout(
        "Kandinsky3Pipeline", diffusers.DDPMScheduler(beta_schedule="squaredcos_cap_v2"),
        (_part("text_encoder", "flan_ul2.text_encoder"), _part("unet", "kandinsky3.unet"),
         _part("movq_decoder", "kandinsky3.movq_decoder", of="movq"))),
    "lumina2": Layout(
        "Lumina2Pipeline", diffusers.FlowMatchEulerDiscreteScheduler(shift=6.0),
        (_part("text_encoder", "gemma2_2b.text_encoder"),
         _part("transformer", "lumina2.transformer"), _decoder("flux.vae_decoder"))),
    "lcm": Layout(
        "LatentConsistencyModelPipeline",
        diffusers.LCMScheduler(**_SD_STEPS, original_inference_steps=50),
        (_CLIP_L, _part("unet", "lcm.unet"), _KL_DECODER)),
}


def _library(thing):
    return type(thing).__module__.split(".")[0]


def _config(model):
    if _library(model) == "diffusers":
        return json.loads(model.to_json_string())
    return {"architectures": [type(model).__name__], **model.config.to_diff_dict()}


def _write(path, contents):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(contents, indent=2, sort_keys=True) + "\n")


def write(layout, folder):
    index = {"_class_name": layout.pipeline, "_diffusers_version": diffusers.__version__,
             "scheduler": ["diffusers", type(layout.scheduler).__name__], **layout.more}
    scheduler = json.loads(layout.scheduler.to_json_string())
    _write(folder / "scheduler/scheduler_config.json", scheduler)
    for model in layout.models:
        with torch.device("meta"):
            built = model.build()
        index[model.of or model.folder] = [_library(built), type(built).__name__]
        _write(folder / model.folder / "config.json", _config(built))
    _write(folder / "model_index.json", index)


def main(folder):
    folder = folder / "layouts"
    for name, layout in LAYOUTS.items():
        write(layout, folder / name)
        print("laid out", name, flush=True)
    _write(folder / "models.json", {
        name: {f"{model.folder}/model.onnx": model.file for model in layout.models}
        for name, layout in LAYOUTS.items()})


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
