#!/usr/bin/env bash
# What live requests feel while 100 000 expired sessions are swept: message turns with the sweeper
# off, then with it at work, in one run.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

seconds=${SECONDS_EACH:-8}
.build/release/frontdesk migrate --database "$database" >/dev/null
old=$(date -u -d '3 days ago' +%Y-%m-%dT%H:%M:%S.000000Z)
sessions old 100000 2 "$old" | sqlite3 "$database"

start FRONTDESK_CLEANUP_ENABLED=false
measure 32 3 /agent/messages Benchmarks/turn.lua >/dev/null # warm
read -r rate p50 p99 errors <<<"$(measure 32 "$seconds" /agent/messages Benchmarks/turn.lua)"
stop
start FRONTDESK_CLEANUP_INTERVAL_SECONDS=1
measure 32 3 /agent/messages Benchmarks/turn.lua >/dev/null
before=$(sqlite3 -readonly "$database" "SELECT count(*) FROM sessions WHERE tenant_id = 'old'")
read -r rate2 p502 p992 errors2 <<<"$(measure 32 "$seconds" /agent/messages Benchmarks/turn.lua)"
after=$(sqlite3 -readonly "$database" "SELECT count(*) FROM sessions WHERE tenant_id = 'old'")

echo "| message turns, 32 connections | requests/s | p50 | p99 | errors |"
echo "|---|---|---|---|---|"
echo "| sweeper off | $rate | $p50 ms | $p99 ms | $errors |"
echo "| sweeping, $((before - after)) sessions gone meanwhile | $rate2 | $p502 ms | $p992 ms | $errors2 |"
