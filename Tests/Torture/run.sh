#!/usr/bin/env bash
# Everything that is done to the server to break it, one part after the other; ends with 1 if one
# of them succeeds. Words name the parts to run; none means all.
# SHORT=1 takes minutes, for `make check`; APP is the program.
set -uo pipefail
cd "$(dirname "$0")"

[ $# -gt 0 ] || set -- contract
failed=()
for part in "$@"; do
    echo "== $part" >&2
    case $part in
    contract) EXAMPLES=${EXAMPLES:-${SHORT:+6}} contract/run.sh ;;
    *) echo "no part is called $part" >&2 && exit 2 ;;
    esac || failed+=("$part")
done
[ ${#failed[@]} -eq 0 ] && exit 0
echo "failed: ${failed[*]}" >&2
exit 1
