"""Puts whole pipelines together as folders, out of testdata: layouts/NAME of deployments.tar.xz,
and the models that layouts/models.json names. Needs nothing but Python.

Usage: lay_out.py FOLDER [NAME...]
"""
import json
import pathlib
import shutil
import sys
import tarfile
import tempfile

DATA = pathlib.Path(__file__).resolve().parent.parent


def _unpacked(scratch, archive):
    folder = scratch / archive
    if not folder.exists():
        with tarfile.open(DATA / archive) as files:
            files.extractall(folder, filter="data")
    return folder


def _file(scratch, path):
    """`path` lies in testdata, or in an archive of it: ARCHIVE.tar.xz/PATH."""
    archive, found, inner = path.partition(".tar.xz/")
    return _unpacked(scratch, f"{archive}.tar.xz") / inner if found else DATA / path


def main(folder, names):
    with tempfile.TemporaryDirectory() as made:
        scratch = pathlib.Path(made)
        layouts = _file(scratch, "deployments.tar.xz/layouts")
        models = json.loads((layouts / "models.json").read_text())
        for name in names or models:
            shutil.copytree(layouts / name, folder / name, dirs_exist_ok=True)
            for place, source in models[name].items():
                shutil.copyfile(_file(scratch, source), folder / name / place)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
