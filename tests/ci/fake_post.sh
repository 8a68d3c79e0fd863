#!/bin/sh
# Stands in for gh, curl and apt-get, by the name it is called by: says what it was asked, and answers as the
# services do. $POSTED is the number of the comment that is there already.
set -eu

name=$(basename "$0")
printf '%s' "$name" >&2
filter=.
before=
for word in "$@"; do
  [ "$before" != --jq ] || filter=$word
  before=$word
  case $word in
    @/dev/fd/*) word="@$(cat "${word#@}")" ;;
  esac
  printf ' [%s]' "$word" >&2
done
echo >&2
case "$name $*" in
  *--method* | *--request* | apt-get*) exit 0 ;;
esac
person='{"id": 5, "user": {"type": "User"}, "body": "<!-- onnx-macs -->? what is that?"}'
[ "$name" != curl ] || person='{"id": 5, "body": "hello"}'
posted='{"id": '${POSTED-}', "user": {"type": "Bot"}, "body": "<!-- onnx-macs -->\nbefore"}'
printf '%s' "[$person${POSTED+, $posted}]" | jq --raw-output "$filter"
