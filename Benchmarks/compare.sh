#!/usr/bin/env bash
# Runs the same workloads on the release build and on its peers, on this machine, and prints two
# Markdown tables: the figures, and what they are meant to be. All keep their data in SQLite with a
# write-ahead log and `synchronous=FULL`, and commit before they answer.
#
# All are started first and rest, and each row is measured on one after the other, because a machine
# is not equally fast all the time.
# SECONDS_EACH (default 4) is how long each row runs, PEERS names who takes part.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

seconds=${SECONDS_EACH:-4}
port=${PORT:-19470}
rows=$folder/rows
read -ra names <<<"${PEERS:-Frontdesk limit Go FastAPI ADK}"
# Where each listens and which process it is, by its name.
declare -A urls servers

# workload NUMBER NAME PATH [SCRIPT]: measures a workload on everybody who knows it.
workload() {
    local rank=0 path script
    for connections in 32 128; do
        for name in "${names[@]}"; do
            rank=$((rank + 1))
            path=$3 script=${4:-}
            [ "$name" != ADK ] || as_adk "$1" || continue
            url=${urls[$name]} server=${servers[$name]}
            row "$1" "$2"
        done
    done
}

# as_adk NUMBER: sets path and script of a workload for ADK, which knows neither inboxes nor
# tickets, and lists all 10 000 sessions or none.
as_adk() {
    case $1 in
    1) path=/ script=Benchmarks/peers/adk/create.lua ;;
    2) path=/ script=Benchmarks/peers/adk/turn.lua ;;
    3) path=/apps/desk/users/history/sessions/seeded-0000001 ;;
    7) ;;
    8) path=/apps/desk/users/list/sessions ;;
    *) return 1 ;;
    esac
}

# row NUMBER NAME: measures $path with $script on the server $name.
row() {
    read -r rate p50 p99 errors used \
        <<<"$(measure_with_cpu "$connections" "$seconds" "$path" "$script")"
    printf '%s\t%d\t| %s | %d | %s | %s | %s ms | %s ms | %s | %s MiB | %d |\n' \
        "$1" "$rank" "$2" "$connections" "$name" "$rate" "$p50" "$p99" \
        "$(awk -v used="$used" -v seconds="$seconds" 'BEGIN { printf "%.2f", used / seconds }')" \
        "$(memory)" "$errors" | tee -a "$rows" | cut -f3 >&2
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
}

# peer FOLDER: starts a peer, which prepares itself: the first time it installs and builds.
peer() {
    port=$((port + 1))
    url=http://127.0.0.1:$port
    "Benchmarks/peers/$1/start.sh" "$folder" "$port" >"$folder/$1.log" 2>&1 &
    server=$!
    for _ in $(seq 1200); do
        curl -sf -o /dev/null "$url/health" && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.5
    done
    echo "the peer $1 did not start:" >&2
    tail -20 "$folder/$1.log" >&2
    exit 1
}

# stop_all: ends everybody with all that they started; what still works on requests that nobody
# waits for has five seconds.
stop_all() {
    local pids=()
    for server in "${servers[@]}"; do
        # shellcheck disable=SC2207
        pids+=($(family "$server"))
        kill "$server" 2>/dev/null || true
    done
    for _ in $(seq 50); do
        kill -0 "${pids[@]}" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
}

trap 'stop_all; rm -rf "$folder"' EXIT
for name in "${names[@]}"; do
    case $name in
    Frontdesk) frontdesk ;;
    limit) peer limit ;;
    Go) peer go ;;
    FastAPI) peer fastapi ;;
    ADK) peer adk ;;
    *) echo "no peer is called $name" >&2 && exit 2 ;;
    esac
    urls[$name]=$url
    servers[$name]=$server
done

workload 1 "create session" /agent/sessions Benchmarks/create.lua
workload 2 "message turn" /agent/messages Benchmarks/turn.lua
workload 3 "history of 20" "/api/v1/sessions/seeded-0000001/history?tenant_id=history"
workload 4 "read a mapping" / Benchmarks/mapping.lua
workload 5 "route, pull, acknowledge" / Benchmarks/cycle.lua
workload 6 "price a ticket" / Benchmarks/price.lua
workload 7 "health" /health
# Last, because ADK goes on working on these long after wrk has left.
workload 8 "list 50 of 10 000" "/api/v1/sessions?tenant_id=list&limit=50"

echo "| workload | connections | server | per second | p50 | p99 | cores | memory | errors |"
echo "|---|---|---|---|---|---|---|---|---|"
cut -f3 "$rows"
echo
python3 Benchmarks/targets.py "$rows"
