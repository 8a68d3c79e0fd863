# shellcheck shell=sh
# Sourced from testdata by the golden commands about examples/ci: goes to a repository as a pull request finds
# it, with what its jobs set, and with programs in the path that stand for those that ask a service.
sources=$(cd .. && pwd)
mkdir "$TMP/bin"
for name in gh curl apt-get; do ln -s "$sources/tests/ci/fake_post.sh" "$TMP/bin/$name"; done
PATH=$TMP/bin:$PATH
"$sources/tests/ci/make_repository.sh" "$TMP/repository"
# A repository with the examples as a job clones it.
mkdir -p "$TMP/tool/examples"
cp -r "$sources/examples/ci" "$TMP/tool/examples/"
export GITHUB_REPOSITORY=owner/models GITHUB_BASE_REF=main PULL_REQUEST=7 GH_TOKEN=secret
export CI_API_V4_URL=https://gitlab.example/api/v4 CI_PROJECT_ID=3 CI_MERGE_REQUEST_IID=7
export GITLAB_TOKEN=secret TARGET=main ONNX_MACS_REF=v0.1.0 ONNX_MACS_URL="file://$TMP/tool"
export ONNX_MACS_OPTIONS='--dim rows=3' ONNX_MACS_COMMENT=onnx-macs-comment.md
cd "$TMP/repository" || exit 1
