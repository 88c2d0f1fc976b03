#!/usr/bin/env bash
# Runs the same workloads on the release build and on each peer, one after the other on this
# machine, and prints two Markdown tables: the figures, and what they are meant to be. All keep
# their data in SQLite with a write-ahead log and `synchronous=FULL`, and commit before they answer.
# SECONDS_EACH (default 4) is how long each row runs, PEERS names who takes part.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

seconds=${SECONDS_EACH:-4}
port=${PORT:-19470}
rows=$folder/rows

# row NUMBER WORKLOAD PATH [SCRIPT]: measures the server that runs.
row() {
    for connections in 32 128; do
        read -r rate p50 p99 errors used \
            <<<"$(measure_with_cpu "$connections" "$seconds" "$3" "${4:-}")"
        printf '%s\t%d\t%d\t| %s | %d | %s | %s | %s ms | %s ms | %s | %s MiB | %d |\n' \
            "$1" "$connections" "$rank" "$2" "$connections" "$name" "$rate" "$p50" "$p99" \
            "$(awk -v used="$used" -v seconds="$seconds" \
                'BEGIN { printf "%.2f", used / seconds }')" "$(memory)" "$errors" | tee -a "$rows" |
            cut -f4 >&2
    done
}

# workloads: what Frontdesk and the peers that are written here have in common.
workloads() {
    row 1 "create session" /agent/sessions Benchmarks/create.lua
    row 2 "message turn" /agent/messages Benchmarks/turn.lua
    row 3 "history of 20" "/api/v1/sessions/seeded-0000001/history?tenant_id=history"
    row 4 "list 50 of 10 000" "/api/v1/sessions?tenant_id=list&limit=50"
    row 5 "read a mapping" / Benchmarks/mapping.lua
    row 6 "route, pull, acknowledge" / Benchmarks/cycle.lua
    row 7 "price a ticket" / Benchmarks/price.lua
    row 8 "health" /health
}

# ADK knows neither inboxes nor tickets, and lists all 10 000 sessions or none.
adk_workloads() {
    row 1 "create session" / Benchmarks/peers/adk/create.lua
    row 2 "message turn" / Benchmarks/peers/adk/turn.lua
    row 3 "history of 20" /apps/desk/users/history/sessions/seeded-0000001
    row 8 "health" /health
    # Last, because it goes on working on these long after wrk has left.
    row 4 "list 50 of 10 000" /apps/desk/users/list/sessions
}

frontdesk() {
    local now
    now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
    .build/release/frontdesk migrate --database "$database" >/dev/null
    {
        sessions list 10000 0 "$now"
        sessions history 1 20 "$now"
        mappings 1000 "$now"
    } | sqlite3 "$database"
    start FRONTDESK_LOG_LEVEL=warning FRONTDESK_ROUTER_MAX_INBOX_DEPTH=100000000
    workloads
    stop
}

# end_peer: ends a peer with all that it started; what still works on requests that nobody waits
# for has five seconds.
end_peer() {
    local pids
    pids=$(family "$server")
    kill "$server"
    for _ in $(seq 50); do
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    # shellcheck disable=SC2086
    kill -9 $pids 2>/dev/null || true
    wait "$server" || true
    server=
}

# peer FOLDER WORKLOADS: starts a peer, which prepares itself, and measures it.
peer() {
    url=http://127.0.0.1:$port
    "Benchmarks/peers/$1/start.sh" "$folder" "$port" >"$folder/$1.log" 2>&1 &
    server=$!
    # The first time it installs and builds.
    for _ in $(seq 1200); do
        if curl -sf -o /dev/null "$url/health"; then
            "$2"
            end_peer
            return
        fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.5
    done
    echo "the peer $1 did not start:" >&2
    tail -20 "$folder/$1.log" >&2
    exit 1
}

rank=0
for name in ${PEERS:-Frontdesk limit Go FastAPI ADK}; do
    rank=$((rank + 1))
    case $name in
    Frontdesk) frontdesk ;;
    limit) peer limit workloads ;;
    Go) peer go workloads ;;
    FastAPI) peer fastapi workloads ;;
    ADK) peer adk adk_workloads ;;
    *) echo "no peer is called $name" >&2 && exit 2 ;;
    esac
done

echo "| workload | connections | server | per second | p50 | p99 | cores | memory | errors |"
echo "|---|---|---|---|---|---|---|---|---|"
sort -n -k1,1 -k2,2 -k3,3 "$rows" | cut -f4
echo
python3 Benchmarks/targets.py "$rows"
