#!/usr/bin/env bash
# Makes testdata/models and testdata/golden anew: installs the pinned packages, exports, counts, checks.
# usage: run_all.sh [VENV]
# VENV is made if missing. It takes 1.3 GB; exporting takes 10 GB of memory and 3.5 GB in $TMPDIR. The
# pipelines take an hour, what is deployed of them another, all else five minutes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly data=${here%/*}
readonly venv=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/onnx-macs/export-venv}
readonly python=$venv/bin/python

install_packages() {
  [[ -x $python ]] || python3.11 -m venv "$venv"
  # Torch first and by itself, so that nothing else decides which torch is installed.
  "$python" -m pip install --quiet "$(grep '^torch==' "$here/requirements.txt")"
  "$python" -m pip install --quiet -r "$here/requirements.txt"
}

# Fails if a result tells where it was made.
check_paths() {
  if grep -rlaE '/(home|root|tmp|usr|work)/|site-packages' "$@"; then
    echo 'run_all.sh: the files above hold paths of this machine' >&2
    return 1
  fi
}

# Everything a script makes, in one archive: the exports of a family are much alike. Nothing in it tells when
# or by whom it was made.
# pack ARCHIVE SCRIPT...
pack() {
  local archive=$1 script made
  made=$(mktemp -d)
  for script in "${@:2}"; do "$python" "$here/$script" "$made"; done
  compress "$made" "$archive"
}

# compress FOLDER ARCHIVE
compress() {
  check_paths "$1"
  tar --sort=name --mtime=2026-01-01 --owner=0 --group=0 --numeric-owner -C "$1" -cf - . |
    xz -9e >"$data/$2"
  rm -rf "$1"
}

# What needs packages that do not go together with PyTorch's, each in an environment beside VENV.
# pack_foreign ARCHIVE TOOL...
pack_foreign() {
  local archive=$1 tool whole made
  whole=$(mktemp -d)
  made=$(mktemp -d)
  for tool in "${@:2}"; do
    python3.11 -m venv "$venv-$tool"
    "$venv-$tool/bin/python" -m pip install --quiet -r "$here/requirements-$tool.txt"
    "$venv-$tool/bin/python" "$here/export_$tool.py" "$whole"
  done
  "$python" "$here/strip_folder.py" "$whole" "$made"
  rm -rf "$whole"
  compress "$made" "$archive"
}

install_packages
export PYTHONDONTWRITEBYTECODE=1
"$python" "$here/export_torchscript.py" "$data/models/torchscript"
"$python" "$here/export_dynamo.py" "$data/models/dynamo"
"$python" "$here/export_resnet_bk.py" "$data/models/dynamo"
"$python" "$here/count_modules.py" "$data/golden"
check_paths "$data/models" "$data/golden"
pack families.tar.xz export_families.py export_optimized.py export_experts.py export_swinir.py
pack memory.tar.xz measure_memory.py
pack pipelines.tar.xz export_pipelines.py
pack deployments.tar.xz export_language_models.py layouts.py export_deployments.py
pack_foreign exporters.tar.xz keras jax genai
