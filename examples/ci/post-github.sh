#!/usr/bin/env bash
# Posts a comment to a pull request on GitHub, or puts it in place of the one posted before.
#
#   post-github.sh FILE
#
# Needs gh with GH_TOKEN, GITHUB_REPOSITORY (set in every workflow) and PULL_REQUEST, its number.
set -euo pipefail

file=${1:?usage: post-github.sh FILE}
marker=$(head -n 1 "$file")
comments="repos/${GITHUB_REPOSITORY:?}/issues/${PULL_REQUEST:?}/comments"

id=$(gh api --paginate "$comments" \
  --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id" | head -n 1)
if [[ $id ]]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$file" --silent
else
  gh api --method POST "$comments" --field "body=@$file" --silent
fi
