#!/usr/bin/env bash
# Measures the release build with wrk on this machine and prints a Markdown table.
# SECONDS_EACH (default 8) is how long each row runs; the server and its data live in a
# temporary folder and end with the script.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

seconds=${SECONDS_EACH:-8}
now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
.build/release/frontdesk migrate --database "$database" >/dev/null
sessions list 10000 0 "$now" | sqlite3 "$database"
sessions history 1 20 "$now" | sqlite3 "$database"
start

row() { # name, path, script or nothing
    for connections in 32 128; do
        read -r rate p50 p99 errors <<<"$(measure "$connections" "$seconds" "$2" "${3:-}")"
        printf '| %s | %d | %s | %s ms | %s ms | %d |\n' \
            "$1" "$connections" "$rate" "$p50" "$p99" "$errors"
    done
}

echo "| workload | connections | requests/s | p50 | p99 | errors |"
echo "|---|---|---|---|---|---|"
row "create session, durable" /agent/sessions Benchmarks/create.lua
row "message turn, durable" /agent/messages Benchmarks/turn.lua
row "history of 20" "/api/v1/sessions/seeded-0000001/history?tenant_id=history"
row "list 50 of 10 000" "/api/v1/sessions?tenant_id=list&limit=50"
row "health" /health
