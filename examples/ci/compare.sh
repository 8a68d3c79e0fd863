#!/usr/bin/env bash
# What the models of this revision cost beside those of another: one comment for a pull request.
#
#   compare.sh [--staged] BASE_REF [MODEL...]
#
# BASE_REF is what the change goes into: origin/main. Without models, those that were changed since are
# compared; with --staged, as they are in the index. The comment goes to standard output, what is over
# budget to standard error, and the exit status is that of onnx-macs: 4 when a gate does not hold.
#
#   ONNX_MACS_OPTIONS    for every comparison, split at spaces: "--res 512 --batch 1"
#   ONNX_MACS_FAIL_OVER  gates, split at spaces (2%); empty: none
#   ONNX_MACS_COMMENT    a file for the comment, instead of standard output
#
# onnx-macs is taken from PATH; where it is not there and this script lies in its sources, it is built.
set -euo pipefail

readonly MARKER='<!-- onnx-macs -->'  # by which the comment is found again
readonly MOST_BYTES=60000             # GitHub takes 65536 characters

say() { printf 'compare.sh: %s\n' "$*" >&2; }
usage() { say "$*; usage: compare.sh [--staged] BASE_REF [MODEL...]"; exit 2; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
staged=
if [[ ${1-} == --staged ]]; then staged=1; shift; fi
[[ $# -gt 0 ]] || usage 'no revision to compare with is given'
base_ref=$1
shift

# Sets `tool` to the command, and builds nothing else.
find_tool() {
  local sources
  if command -v onnx-macs >/dev/null; then tool=onnx-macs; return; fi
  sources=$(cd "$here/../.." && pwd)
  [[ -x $sources/dev ]] || { say 'onnx-macs is not in PATH, nor are its sources here'; exit 2; }
  "$sources/dev" build onnx-macs onnx-macs-text >&2 || { say 'onnx-macs could not be built'; exit 2; }
  tool=$sources/build/onnx-macs
}

# Where the change began: what the base branch has got since is not part of it.
find_base() {
  git rev-parse --quiet --verify "$base_ref^{commit}" >/dev/null ||
    { say "there is no revision '$base_ref' here: fetch it first (git fetch origin)"; exit 2; }
  base=$(git merge-base "$base_ref" HEAD) ||
    { say "$base_ref and HEAD have no common commit here: fetch all of their history"; exit 2; }
}

list_changed() {
  git diff --name-only --no-renames -z ${staged:+--cached} "$base" -- '*.onnx' '*.onnxtxt'
}

is_pointer() { [[ $(head -c 7 "$1" | tr -d '\0') == version ]] && grep -aqF 'git-lfs' "$1"; }

# materialise REVISION PATH FILE: writes the file as it is in a revision; 1 where it is not there.
materialise() {
  local revision=$1 path=$2 file=$3 when='as staged'
  [[ -z $revision ]] || when="as it was in $base_ref"
  git cat-file -e "$revision:$path" 2>/dev/null || return 1
  mkdir -p "$(dirname "$file")"
  git cat-file blob "$revision:$path" >"$file"
  ! is_pointer "$file" && return
  if ! git lfs smudge <"$file" >"$file.smudged" 2>/dev/null || is_pointer "$file.smudged"; then
    rm -f "$file.smudged"
    say "$path, $when, is a Git LFS pointer that git-lfs cannot fetch"
    return 0
  fi
  mv "$file.smudged" "$file"
}

# note STATUS: keeps the exit status that counts most.
note() {
  local order=(2 1 4 3 0) candidate
  for candidate in "${order[@]}"; do
    if [[ $1 -eq $candidate || $status -eq $candidate ]]; then status=$candidate; return; fi
  done
  status=1
}

# run COMMAND...: its output goes to the comment. Names are those of the revision, not of a folder here.
run() {
  local result=0
  (cd "$work" && "$tool" "$@" --format markdown ${options[@]+"${options[@]}"}) >>"$work/comment" || result=$?
  [[ $result -eq 0 || $result -eq 4 ]] || printf '_not compared: see the log_\n' >>"$work/comment"
  note "$result"
}

compare() {
  local path=$1 gate gates=()
  local has_old='' has_new=''
  for gate in $fail_over; do gates+=(--fail-over "$gate"); done
  printf '\n' >>"$work/comment"
  materialise "$base" "$path" "$work/base/$path" && has_old=1
  if [[ $staged ]]; then
    materialise '' "$path" "$work/head/$path" && has_new=1
  elif [[ -f $path ]]; then
    has_new=1
    mkdir -p "$(dirname "$work/head/$path")"
    ln -s "$PWD/$path" "$work/head/$path"
  fi
  if [[ $has_old && $has_new ]]; then
    run diff "base/$path" "head/$path" ${gates[@]+"${gates[@]}"}
  elif [[ $has_new ]]; then
    printf '%s\n\n' "**$path** is new." >>"$work/comment"
    run "head/$path" --depth 1
  elif [[ $has_old ]]; then
    printf '%s\n' "**$path** is deleted." >>"$work/comment"
  else
    say "there is no model '$path', neither here nor in $base_ref"
    note 2
  fi
}

# Whole lines of what a comment may hold.
shortened() {
  if [[ $(wc -c <"$1") -le $MOST_BYTES ]]; then cat "$1"; return; fi
  head -c "$MOST_BYTES" "$1" | sed '$d'
  printf '\n_The rest is left out: this is as much as a comment holds. The log of the job has all._\n'
  cat "$1" >&2
}

main() {
  local models=("$@") path
  local options=() fail_over=${ONNX_MACS_FAIL_OVER-2%}
  read -ra options <<<"${ONNX_MACS_OPTIONS-}"
  status=0
  find_tool
  cd "$(git rev-parse --show-toplevel)"
  find_base
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/base" "$work/head"
  [[ ${#models[@]} -gt 0 ]] || mapfile -d '' -t models < <(list_changed)
  printf '%s\n## Cost of models, beside %s\n' "$MARKER" "$base_ref" >"$work/comment"
  [[ ${#models[@]} -gt 0 ]] || printf '\nNo model is changed.\n' >>"$work/comment"
  for path in ${models[@]+"${models[@]}"}; do compare "$path"; done
  shortened "$work/comment" >"${ONNX_MACS_COMMENT:-/dev/stdout}"
  exit "$status"
}

main "$@"
