#!/bin/sh
# Makes a repository in FOLDER as a pull request finds it: `main`, and a branch `change` that has made one
# model wider, added one and deleted one. Its remote is itself. The examples for CI are tested on it.
set -eu

folder=${1:?usage: make_repository.sh FOLDER}
models=$(cd "$(dirname "$0")/../golden/models" && pwd)

mkdir -p "$folder/models"
cd "$folder"
git init --quiet --initial-branch=main
git config user.name nobody
git config user.email nobody@localhost
git config commit.gpgsign false
git remote add origin .
cp "$models/mlp.onnxtxt" models/
cp "$models/pairs.onnxtxt" models/gone.onnxtxt
git add .
git commit --quiet --message before
git checkout --quiet -b change
sed -i 's/\[8, 16\]/[8, 32]/; s/\[16, 4\]/[32, 4]/' models/mlp.onnxtxt
git rm --quiet models/gone.onnxtxt
cp "$models/mlp.onnxtxt" models/new.onnxtxt
git add .
git commit --quiet --message after
git fetch --quiet origin
