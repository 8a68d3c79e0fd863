"""Builds a small Llama by the model builder of onnxruntime-genai, in float and with weights of four bits.
Runs in an environment of its own (requirements-genai.txt).

Usage: export_genai.py FOLDER
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import tokenizers
import torch
import transformers

CONFIG = dict(
    vocab_size=1000, hidden_size=64, intermediate_size=160, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=2, head_dim=16, max_position_embeddings=128,
    bos_token_id=1, eos_token_id=2, pad_token_id=0)


def save_model(folder):
    """The builder reads a folder with a tokenizer in it, whatever that may be."""
    torch.manual_seed(0)
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**CONFIG)).eval()
    model.save_pretrained(folder)
    words = tokenizers.models.WordLevel({f"w{i}": i for i in range(1000)}, unk_token="w0")
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizers.Tokenizer(words), unk_token="w0", bos_token="w1",
        eos_token="w2").save_pretrained(folder)


def main(folder):
    with tempfile.TemporaryDirectory() as scratch:
        save_model(f"{scratch}/llama")
        for precision in ("fp32", "int4"):
            made = pathlib.Path(scratch) / precision
            subprocess.run(
                [sys.executable, "-m", "onnxruntime_genai.models.builder", "-m", f"{scratch}/llama",
                 "-o", made, "-p", precision, "-e", "cpu", "-c", scratch],
                check=True, stdout=subprocess.DEVNULL)
            # Beside each model its weights, in a file that both call model.onnx.data: hence a folder.
            shutil.copytree(made, folder / f"genai_llama_{precision}")
            print("exported", precision, flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
