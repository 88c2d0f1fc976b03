#!/usr/bin/env bash
# Measures the router of the release build on this machine and prints Markdown tables: reading
# mappings, sending, messages taken through their whole life in batches of ten, and what a pull
# costs with 10 and with 100 000 messages waiting.
# SECONDS_EACH (default 8) is how long each row runs, ROUNDS (default 500) how often is pulled.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

seconds=${SECONDS_EACH:-8}
now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
.build/release/frontdesk migrate --database "$database" >/dev/null

# inbox ADDRESS COUNT: SQL that puts messages into an agent's inbox.
inbox() {
    cat <<SQL
INSERT INTO inbox_messages (message_id, tenant_id, ai_agent_address, priority, payload, attributes,
                            sender_id, state, available_at, request_id, created_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
SELECT printf('%s-4000-8000-%012d', substr(hex(randomblob(6)), 1, 8) || '-0000', i), 'default',
       '$1', 0, '{"text":"Hi"}', '{}', '', 'ready', '$now', 'seed', '$now' FROM n;
INSERT INTO inbox_depths (tenant_id, ai_agent_address, ready) VALUES ('default', '$1', $2);
SQL
}

{
    mappings 1000 "$now"
    inbox agent-10 10
    inbox agent-11 100000
} | sqlite3 "$database"
start FRONTDESK_LOG_LEVEL=warning FRONTDESK_ROUTER_MAX_INBOX_DEPTH=100000000

row() { # name, script
    for connections in 32 128; do
        read -r rate p50 p99 errors <<<"$(measure "$connections" "$seconds" / "$2")"
        printf '| %s | %d | %s | %s ms | %s ms | %d |\n' \
            "$1" "$connections" "$rate" "$p50" "$p99" "$errors"
    done
}

echo "| workload | connections | per second | p50 | p99 | errors |"
echo "|---|---|---|---|---|---|"
row "read a mapping" Benchmarks/mapping.lua
row "send a message, durable" Benchmarks/send.lua
stop
# What was sent above would be pulled below.
sqlite3 "$database" "DELETE FROM inbox_messages WHERE ai_agent_address IN ('agent-1', 'agent-2');
    DELETE FROM inbox_depths WHERE ai_agent_address IN ('agent-1', 'agent-2');"
start FRONTDESK_LOG_LEVEL=warning FRONTDESK_ROUTER_MAX_INBOX_DEPTH=100000000
row "send, pull and acknowledge in tens, durable" Benchmarks/cycle.lua

echo
echo "| pull of 10 | p50 | p99 |"
echo "|---|---|---|"
python3 Benchmarks/pull.py "$url" "${ROUNDS:-500}" agent-10 agent-11 |
    while read -r address p50 p99; do
        case $address in agent-10) depth=10 ;; *) depth="100 000" ;; esac
        echo "| with $depth waiting | $p50 ms | $p99 ms |"
    done
