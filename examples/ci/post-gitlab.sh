#!/usr/bin/env bash
# Posts a note to a merge request on GitLab, or puts it in place of the one posted before.
#
#   post-gitlab.sh FILE
#
# Needs curl, jq and GITLAB_TOKEN, a project access token with the scope api, as a masked variable: a job's
# own token may not write notes. Everything else is set in every pipeline of a merge request.
set -euo pipefail

file=${1:?usage: post-gitlab.sh FILE}
marker=$(head -n 1 "$file")
notes="${CI_API_V4_URL:?}/projects/${CI_PROJECT_ID:?}/merge_requests/${CI_MERGE_REQUEST_IID:?}/notes"

# The token goes through a file descriptor: arguments can be read by everybody on the machine.
api() {
  curl --fail --silent --show-error --header @<(printf 'PRIVATE-TOKEN: %s' "${GITLAB_TOKEN:?}") "$@"
}

id=$(api "$notes?per_page=100&sort=asc" |
  jq --arg marker "$marker" 'map(select(.body | startswith($marker))) | .[0].id // empty')
if [[ $id ]]; then
  api --request PUT "$notes/$id" --data-urlencode "body@$file" >/dev/null
else
  api --request POST "$notes" --data-urlencode "body@$file" >/dev/null
fi
