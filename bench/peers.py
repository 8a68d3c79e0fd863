"""This tool and others on the same files, in turns: time of the whole process, peak memory, and what each
finds. Writes the tables of docs/performance.md to standard output.

Usage: peers.py FOLDER [ROUNDS]

FOLDER is a build folder that has onnx-macs and bench/. The other tools are taken from the environment of the
Python that runs this, where they are installed (requirements-peers.txt); one that is not there is said to be
left out. Their weights are zeros, in sparse files: none of them works without.
"""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import onnx

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATIENCE = 600  # seconds for one run
LONG = 5  # what takes so many seconds is run once

# file, arguments of this tool, what PyTorch's counter says of one call
MODELS = [
    ("CLIP-L text encoder, dynamo", "dynamo/clip_l_text_encoder_op18.onnx", [], "clip_l.text_encoder_512"),
    ("SD 1.5 VAE decoder, dynamo", "dynamo/sd15_vae_decoder_512_op18.onnx", [], "sd15.vae_decoder_512"),
    ("SD 1.5 UNet, dynamo", "dynamo/sd15_unet_512_op18.onnx", [], "sd15.unet_512"),
    ("SD 1.5 UNet, TorchScript", "torchscript/sd15_unet.onnx", ["--res", "512"], "sd15.unet_512"),
]

# name, module that must be there, program; it prints "macs N" where it counts
PEERS = [
    ("onnx.load, no weights", "onnx", "import onnx, sys; onnx.load(sys.argv[1], load_external_data=False)"),
    ("onnx-tool", "onnx_tool", """
import sys, onnx_tool
model = onnx_tool.Model(sys.argv[1], {'verbose': False})
model.graph.graph_reorder_nodes()
model.graph.shape_infer(None)
model.graph.profile()
print('macs', int(model.graph.macs[0]))
"""),
    ("onnx_opcounter", "onnx_opcounter", """
import sys, onnx, onnx_opcounter
print('macs', int(onnx_opcounter.calculate_macs(onnx.load(sys.argv[1]))))
"""),
    ("onnxsim, counting only", "onnxsim", """
import sys, onnx
from onnxsim import model_info
print('macs', int(model_info.ModelInfo(onnx.load(sys.argv[1])).macs))
"""),
    ("ONNX Runtime, symbolic shapes", "onnxruntime", """
import sys, onnx
from onnxruntime.tools.symbolic_shape_infer import SymbolicShapeInference
SymbolicShapeInference.infer_shapes(onnx.load(sys.argv[1]), auto_merge=True)
"""),
    ("tract, typed", "tract", "import sys, tract; tract.onnx().load(sys.argv[1]).into_model()"),
]


def run(command, folder):
    """Seconds, peak megabytes and output; None where it failed."""
    script = ("import os, resource, subprocess, sys, time; start = time.perf_counter(); "
              "status = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode; "
              "print('\\nseconds', time.perf_counter() - start); "
              "print('kilobytes', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(status)")
    try:
        done = subprocess.run([sys.executable, "-c", script, *command], cwd=folder, text=True, timeout=PATIENCE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        return None
    words = dict(line.split(" ", 1) for line in done.stdout.splitlines() if line.count(" ") == 1)
    if done.returncode != 0 or "seconds" not in words:
        return None
    return float(words["seconds"]), int(words["kilobytes"]) / 1000, words.get("macs")


def write_weights(model_file, folder):
    """External data as long as the file says, all zeros and nowhere on the disk."""
    sizes = {}
    for tensor in onnx.load(model_file, load_external_data=False).graph.initializer:
        entries = {entry.key: entry.value for entry in tensor.external_data}
        if "location" in entries:
            end = int(entries.get("offset", 0)) + int(entries.get("length", 0))
            sizes[entries["location"]] = max(sizes.get(entries["location"], 0), end)
    for location, size in sizes.items():
        with open(folder / location, "wb") as file:
            os.truncate(file.fileno(), size)


def programs(build, model, arguments):
    """name, command; first those that are measured against."""
    yield "protobuf's parse alone", [str(build / "bench/parse_only"), model]
    yield "the parse and ONNX's InferShapes", [str(build / "bench/infer_only"), model]
    yield "**onnx-macs**", [str(build / "onnx-macs"), model, "--quiet", *arguments]
    for name, module, code in PEERS:
        if importlib.util.find_spec(module) is None:
            print(f"left out: {name} ({module} is not installed)", file=sys.stderr)
        else:
            yield name, [sys.executable, "-c", code, model]


def ours(build, model, arguments, folder):
    """What this tool counts by the convention of PyTorch's counter."""
    text = subprocess.run([str(build / "onnx-macs"), model, *arguments, "--convention", "contractions", "--format",
                           "csv", "--by", "file"], cwd=folder, text=True, capture_output=True, check=True).stdout
    head, row = (line.split(",") for line in text.splitlines())
    return dict(zip(head, row))["macs"]


# A process that is started is charged with what its parent had, so less cannot be told.
LEAST_MEGABYTES = 20


def memory_text(megabytes):
    return f"{megabytes:.0f} MB" if megabytes > LEAST_MEGABYTES else f"under {LEAST_MEGABYTES} MB"


def verdict(found, right):
    if found is None:
        return "counts nothing"
    difference = int(found) - right
    return "right" if difference == 0 else f"{100 * difference / right:+.2f} %"


def measure(build, rounds, name, file, arguments, counts):
    right = sum(json.loads((ROOT / f"testdata/golden/{counts}.json").read_text())[""].values())
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        source = ROOT / "testdata/models" / file
        (folder / source.name).write_bytes(source.read_bytes())
        write_weights(source, folder)
        rows = {title: (command, []) for title, command in programs(build, source.name, arguments)}
        for _ in range(rounds):
            for title, (command, results) in rows.items():
                is_worth_another = not results or (results[-1] is not None and results[-1][0] < LONG)
                if is_worth_another:
                    results.append(run(command, folder))
        print(f"\n### {name}\n\n| | time | beside the parse | memory | MACs |\n| --- | ---: | ---: | ---: | --- |")
        parse = min(result[0] for result in rows["protobuf's parse alone"][1])
        for title, (command, results) in rows.items():
            if results[-1] is None:
                print(f"| {title} | fails | | | |")
                continue
            seconds, memory, found = min(results)
            if "onnx-macs" in title:
                found = ours(build, source.name, arguments, folder)
            print(f"| {title} | {seconds * 1000:.1f} ms | {seconds / parse:.2f} | {memory_text(memory)} | "
                  f"{verdict(found, right)} |")


# One command line with many files, against a loop that only loads them.
MANY = 1000
LOAD_MANY = ("import onnx, sys\n"
             "for file in sys.argv[1:]: onnx.load(file, load_external_data=False)")


def processor_use(command, folder):
    """Seconds by the clock and the share of one processor, without what starting Python takes."""
    script = ("import resource, subprocess, sys, time; start = time.perf_counter(); "
              "status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
              "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
              "print(time.perf_counter() - start, used.ru_utime + used.ru_stime); sys.exit(status)")
    done = subprocess.run([sys.executable, "-c", script, *command], cwd=folder, text=True, check=True,
                          stdout=subprocess.PIPE)
    return tuple(float(word) for word in done.stdout.split())


def measure_many(build, rounds):
    source = ROOT / "testdata/models/torchscript/clip_l_text_encoder.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        files = [f"{i}.onnx" for i in range(MANY)]
        for file in files:
            (folder / file).write_bytes(source.read_bytes())
        tool = str(build / "onnx-macs")
        commands = {
            "Python starts and imports onnx": [sys.executable, "-c", LOAD_MANY],
            "onnx.load of each": [sys.executable, "-c", LOAD_MANY, *files],
            "**onnx-macs \\*.onnx --seq 77**": [tool, *files, "--seq", "77"],
            "**onnx-macs \\*.onnx --by file**": [tool, *files, "--by", "file"],
            "**onnx-macs \\*.onnx**": [tool, *files],
        }
        results = {title: [] for title in commands}
        for _ in range(rounds):
            for title, command in commands.items():
                results[title].append(processor_use(command, folder))
        print(f"\n### CLIP-L text encoder, TorchScript, {MANY:,} copies on one command line\n\n"
              "| | time | processor use |\n| --- | ---: | ---: |")
        for title, runs in results.items():
            wall, used = min(runs)
            print(f"| {title} | {wall * 1000:.0f} ms | {100 * used / wall:.0f} % |")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    for model in MODELS:
        measure(build, rounds, *model)
    measure_many(build, rounds)


main()
