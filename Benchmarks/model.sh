#!/usr/bin/env bash
# Measures what the release build adds to a model that answers after 200 ms, at 1, 32 and 256 turns
# at once, and how many streams it serves; prints Markdown tables. The model is Benchmarks/upstream.py
# on this machine, and its own times are measured the same way.
# SECONDS_EACH (default 8) is how long each row runs.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

seconds=${SECONDS_EACH:-8}

# model DELAY: starts a model; sets $model to its address.
model() {
    coproc UPSTREAM { exec python3 Benchmarks/upstream.py "$1"; }
    local line
    read -r line <&"${UPSTREAM[0]}"
    model=${line#listening on }
    upstream=$UPSTREAM_PID
}

# desk MODEL: starts the server with that model.
desk() {
    start FRONTDESK_LOG_LEVEL=warning FRONTDESK_AGENT_PROVIDER=openai FRONTDESK_AGENT_MODEL=m \
        FRONTDESK_AGENT_BASE_URL="$1/v1" FRONTDESK_AGENT_MAX_CONCURRENT_TURNS=256
}

# ask KIND CONNECTIONS URL: prints "rate p50 p99 errors", times in ms.
ask() {
    cat Benchmarks/report.lua Benchmarks/model.lua >"$folder/script.lua"
    ANSWERS=$1 RUN=run-$1-$2 wrk -t$(($2 > 1 ? 2 : 1)) -c"$2" -d"${seconds}s" --timeout 10s \
        -s "$folder/script.lua" "$3" | sed -n 's/^RESULT //p'
}

ends() {
    kill "$upstream" 2>/dev/null || true
    wait "$upstream" 2>/dev/null || true
}
trap 'ends; stop; rm -rf "$folder"' EXIT

model 0.2
desk "$model"
echo "| turns at once | turns/s | model p50 | turn p50 | added | model p99 | turn p99 | added | errors |"
echo "|---|---|---|---|---|---|---|---|---|"
for connections in 1 32 256; do
    read -r _ own50 own99 _ <<<"$(ask model "$connections" "$model")"
    read -r rate p50 p99 errors <<<"$(ask turn "$connections" "$url")"
    awk -v c="$connections" -v r="$rate" -v a="$own50" -v b="$p50" -v d="$own99" -v e="$p99" \
        -v f="$errors" 'BEGIN {
            printf "| %d | %d | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %d |\n",
                c, r, a, b, b - a, d, e, e - d, f }'
done
stop
ends

model 0
desk "$model"
echo
echo "| streamed turns with a model that answers at once | streams/s | p50 | p99 | errors |"
echo "|---|---|---|---|---|"
for connections in 1 32 256; do
    read -r rate p50 p99 errors <<<"$(ask stream "$connections" "$url")"
    echo "| $connections at once | $rate | $p50 ms | $p99 ms | $errors |"
done
