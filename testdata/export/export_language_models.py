"""Exports and counts the language models (language_models.py), a folder each in FOLDER/language:
FORM.onnx without weights, config.json, and counts.json, PyTorch's multiply-accumulates by how much is
new and how much was before.

Usage: export_language_models.py FOLDER
"""
import json
import pathlib
import sys
import tempfile

import onnx_ir as ir
import torch
from torch.nn import attention
from torch.utils import flop_counter

import export_dynamo
import genai_model
import language_models
import merge_decoders
import strip

OPSET = 17
PREFILLED = (1, 7, 32)
PAST = (1, 5, 7, 8, 31, 40)
ENCODED = 13  # Tokens of the text that an answer is about.


def macs(form, sizes):
    counter = flop_counter.FlopCounterMode(display=False)
    # The counter knows attention by the products it is made of, not by the kernel of the processor.
    with torch.no_grad(), counter, attention.sdpa_kernel(attention.SDPBackend.MATH):
        language_models.build(form)(*form.inputs(sizes).values())
    return counter.get_total_flops() // 2


def by_size(form, sizes):
    return {name: macs(form, size) for name, size in sizes.items()}


def prefills(encoded=0):
    return {str(new): language_models.Sizes(new=new, encoded=encoded) for new in PREFILLED}


def decodes(encoded=0):
    return {str(past): language_models.Sizes(past=past, encoded=encoded) for past in PAST}


def parameters(name):
    model = language_models.build(language_models.FORMS[name])
    return sum(weight.numel() for weight in model.parameters())


def count(folder):
    """What each folder's files cost, by what they are asked."""
    forms = language_models.FORMS
    encodes = {str(count): language_models.Sizes(encoded=count) for count in (*PREFILLED, ENCODED)}
    counts = {
        name: {"prefill": by_size(forms[f"{name}/model"], prefills()),
               "decode": by_size(forms[f"{name}/model"], decodes()),
               "params": parameters(f"{name}/model")}
        for name in ("gpt2", "llama")}
    counts["t5"] = {
        "encoded": ENCODED,
        "encode": by_size(forms["t5/encoder_model"], encodes),
        "prefill": by_size(forms["t5/decoder_model"], prefills(ENCODED)),
        "decode": by_size(forms["t5/decoder_with_past_model"], decodes(ENCODED)),
        "params": parameters("t5/decoder_model")}
    counts["genai"] = genai_model.counts(PREFILLED, PAST)
    same_as = {"gpt2_merged": "gpt2", "llama_dynamo": "llama", "t5_merged": "t5"}
    counts.update({name: counts[other] for name, other in same_as.items()})
    for name, made in counts.items():
        path = folder / name / "counts.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(made, indent=1) + "\n")
        print("counted", name, made, flush=True)


def write_configs(folder):
    for name in language_models.FORMS:
        model = language_models.build(language_models.FORMS[name])
        config = {"architectures": [type(model).__name__], **model.config.to_diff_dict()}
        text = json.dumps(config, indent=1, sort_keys=True) + "\n"
        for path in folder.glob(name.split("/")[0].removesuffix("_merged") + "*"):
            (path / "config.json").write_text(text)


def trace(form, path):
    inputs = form.inputs(form.traced)
    with torch.no_grad():
        torch.onnx.export(
            language_models.build(form), tuple(inputs.values()), str(path), dynamo=False,
            opset_version=OPSET, input_names=list(inputs), output_names=list(form.outputs),
            dynamic_axes=form.axes)


def export_traced(folder, scratch):
    """Every form by the TorchScript exporter; where two are merged, only what becomes of them."""
    for name, form in language_models.FORMS.items():
        path = scratch / f"{name}.onnx"
        path.parent.mkdir(parents=True, exist_ok=True)
        trace(form, path)
    for halves in scratch.glob("*_merged"):
        first, following = (
            halves / f"{half}.onnx" for half in ("decoder_model", "decoder_with_past_model"))
        merged = merge_decoders.merge(first, following)
        save(ir.from_proto(merged), folder / halves.name / "decoder_model_merged.onnx")
        first.unlink()
        following.unlink()
    for path in scratch.glob("*/*.onnx"):
        save(ir.load(path), folder / path.relative_to(scratch))


def save(model, path):
    # The exporter writes no value_info, but onnx_ir adds the weights' types on saving.
    strip.save_stripped(model, path, value_info=False)
    print("exported", path.parent.name, path.stem, flush=True)


def export_llama_by_dynamo(folder):
    form = language_models.FORMS["llama/model"]
    inputs = form.inputs(form.traced)
    shared = {name: torch.export.Dim(name)
              for name in (language_models.BATCH, language_models.TOKENS, language_models.PAST)}
    shared[form.axes["attention_mask"][1]] = (
        torch.export.Dim.DYNAMIC)  # a sum of two others, as the exporter finds out
    shapes = tuple({at: shared[axis] for at, axis in form.axes[name].items()} for name in inputs)
    with torch.no_grad():
        program = torch.export.export(language_models.build(form), tuple(inputs.values()),
                                      dynamic_shapes=shapes, strict=False)
    export_dynamo.export(
        "model", program, {}, folder / "llama_dynamo", 18,
        dynamic_shapes=tuple(form.axes[name] for name in inputs),
        input_names=list(inputs), output_names=list(form.outputs))


def main(folder):
    folder = folder / "language"
    count(folder)
    write_configs(folder)
    with tempfile.TemporaryDirectory() as scratch:
        export_traced(folder, pathlib.Path(scratch))
    export_llama_by_dynamo(folder)
    genai_model.write(folder / "genai")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
