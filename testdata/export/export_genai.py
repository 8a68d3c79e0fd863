"""Builds a small Llama by the model builder of onnxruntime-genai, in float and with weights of four bits,
and a GPT-OSS: with its experts in one node, in either precision, and decomposed.
Runs in an environment of its own (requirements-genai.txt).

Usage: export_genai.py FOLDER
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import onnx
import tokenizers
import torch
import transformers
from onnxruntime_genai.models import builder

CONFIG = dict(
    vocab_size=1000, hidden_size=64, intermediate_size=160, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=2, head_dim=16, max_position_embeddings=128,
    bos_token_id=1, eos_token_id=2, pad_token_id=0)


EXPERTS = dict(CONFIG, intermediate_size=96, num_local_experts=4, num_experts_per_tok=2)


def save_model(model, folder):
    """The builder reads a folder with a tokenizer in it, whatever that may be."""
    model.eval().save_pretrained(folder)
    words = tokenizers.models.WordLevel({f"w{i}": i for i in range(1000)}, unk_token="w0")
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizers.Tokenizer(words), unk_token="w0", bos_token="w1",
        eos_token="w2").save_pretrained(folder)


def _quantised_experts(*_, **__):
    """In place of those that the builder reads from the published checkpoint alone."""
    experts, hidden, inner = (
        EXPERTS[key] for key in ("num_local_experts", "hidden_size", "intermediate_size"))
    return torch.randn(experts, 2 * inner, hidden), torch.randn(experts, hidden, inner)


def _transpose_experts(file):
    """Decomposed, matrices are stored as transformers has them and multiplied as if transposed."""
    model = onnx.load(file, load_external_data=False)
    for tensor in model.graph.initializer:
        if tensor.name.endswith("_proj.weight") and len(tensor.dims) == 3:
            tensor.dims[1], tensor.dims[2] = tensor.dims[2], tensor.dims[1]
    onnx.save(model, file)


def build_experts(folder):
    config = transformers.GptOssConfig(**EXPERTS)
    config.swiglu_limit = 7.0
    builder.GPTOSSModel.load_mxfp4_experts = _quantised_experts
    with tempfile.TemporaryDirectory() as scratch:
        save_model(transformers.GptOssForCausalLM(config), f"{scratch}/gpt_oss")
        for form, *kind in (("moe", "fp32", "cpu"), ("qmoe", "int4", "cpu"),
                            ("decomposed", "fp16", "dml")):
            made = folder / f"genai_gpt_oss_{form}"
            where = (f"{scratch}/gpt_oss", made, *kind, scratch)
            options = builder.parse_extra_options(None, *where, [])
            builder.create_model(None, *where, **options)
            if form == "decomposed":
                _transpose_experts(made / "model.onnx")
            print("exported", form, flush=True)


def main(folder):
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as scratch:
        save_model(transformers.LlamaForCausalLM(transformers.LlamaConfig(**CONFIG)),
                   f"{scratch}/llama")
        for precision in ("fp32", "int4"):
            made = pathlib.Path(scratch) / precision
            subprocess.run(
                [sys.executable, "-m", "onnxruntime_genai.models.builder", "-m", f"{scratch}/llama",
                 "-o", made, "-p", precision, "-e", "cpu", "-c", scratch],
                check=True, stdout=subprocess.DEVNULL)
            # Beside each model its weights, in a file that both call model.onnx.data: hence a folder.
            shutil.copytree(made, folder / f"genai_llama_{precision}")
            print("exported", precision, flush=True)
    build_experts(folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
