#!/usr/bin/env bash
# Opens streams whose turns wait for a model that says nothing, and measures what each costs the
# release build in memory, at first and after some time; prints a Markdown table.
# STREAMS (default 2000) is how many, SECONDS_EACH (default 600) for how long they stay.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

streams=${STREAMS:-2000}
seconds=${SECONDS_EACH:-600}
# Each stream has a connection of its client and one to the model.
ulimit -n "$(ulimit -Hn)"

coproc UPSTREAM { exec python3 Benchmarks/upstream.py -1; }
upstream=$UPSTREAM_PID
read -r line <&"${UPSTREAM[0]}"
trap 'kill "$upstream"; stop; rm -rf "$folder"' EXIT
start FRONTDESK_LOG_LEVEL=warning FRONTDESK_AGENT_PROVIDER=openai FRONTDESK_AGENT_MODEL=m \
    FRONTDESK_AGENT_BASE_URL="${line#listening on }/v1" FRONTDESK_SERVER_SHUTDOWN_SECONDS=0 \
    FRONTDESK_AGENT_MAX_CONCURRENT_TURNS=$((streams + 10)) \
    FRONTDESK_AGENT_TIMEOUT_SECONDS=$((seconds + 120))

read -r before opened after late open \
    <<<"$(python3 Benchmarks/idle.py "$url" "$server" "$streams" "$seconds")"
echo "| idle streams | memory before | with them open | a stream | after $seconds s | still open |"
echo "|---|---|---|---|---|---|"
awk -v n="$streams" -v b="$before" -v o="$opened" -v a="$after" -v s="$open" 'BEGIN {
    printf "| %d | %.1f MiB | %.1f MiB | %.1f KiB | %.1f MiB | %d |\n",
        n, b / 1024, o / 1024, (o - b) / n, a / 1024, s }'
# More than a tenth beyond what they took at first is growth.
[ "$late" -le $((opened + opened / 10)) ] || { echo "memory grew to $late KiB" >&2; exit 1; }
[ "$open" -eq "$streams" ]
