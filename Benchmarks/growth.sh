#!/usr/bin/env bash
# What an operation costs in small and in large databases: prints Markdown tables and writes
# Benchmarks/growth.svg. Fails when something grows much faster than the logarithm of the size.
# SIZES (default "1000 100000 1000000") are numbers of sessions. A database of size N has N sessions
# of 4 messages and N / 100 of 20, which were active within a day, and N each of agents,
# acknowledged messages to them, tickets and held prices. Filled once, they stay in .build/growth; a
# million takes 4.4 GB, twice that while it is measured.
# SECONDS_EACH (default 5) is how long each operation runs, with 32 connections, STARTS (default 5)
# how often the server is started.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

sizes=${SIZES:-1000 100000 1000000}
seconds=${SECONDS_EACH:-5}
kept=.build/growth
figures=$folder/figures
day=86400

# acknowledged COUNT TIME: SQL that adds a message that is done to each of the agents.
acknowledged() {
    cat <<SQL
INSERT INTO inbox_messages (message_id, tenant_id, ai_agent_address, priority, payload, attributes,
                            sender_id, state, attempts, available_at, lease_id, request_id,
                            created_at, delivered_at, acked_at)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)
SELECT printf('%s-0000-4000-8000-%012d', lower(hex(randomblob(4))), i), 'default', 'agent-' || i, 0,
       '{"text":"Hi"}', '{}', '', 'acknowledged', 1, '$2', 'lease-' || i, 'seed', '$2', '$2', '$2'
FROM n;
SQL
}

# tickets COUNT TIME: SQL that adds customers with a ticket each, and a held price for each ticket.
tickets() {
    cat <<SQL
CREATE TEMP TABLE n AS
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
SELECT printf('seeded-%07d', i) id FROM n;
INSERT INTO customers (tenant_id, customer_id, email, first_name, last_name, created_at, updated_at)
SELECT 'default', id, id || '@example.com', 'Ada', 'Example', '$2', '$2' FROM n;
INSERT INTO tickets (tenant_id, ticket_id, customer_id, ticket_number, ticket_type, original_cents,
                     currency, event_date, status, metadata, created_at, updated_at)
SELECT 'default', id, id, upper(id), 'general', 5000, 'USD', date('now', '+200 days'), 'active',
       '{}', '$2', '$2' FROM n;
INSERT INTO price_quotes (tenant_id, quote_id, ticket_id, upgrade_tier, event_date, category,
                          factor_bp, base_cents, upgrade_cents, original_cents, total_cents,
                          currency, expires_at, created_at)
SELECT 'default', 'quo_' || id, id, 'non-stop', date('now', '+200 days'), 'standard', 10000, 5000,
       5000, 5000, 10000, 'USD', '$2', '$2' FROM n;
SQL
}

# needle SIZE: SQL that puts a word into one message only, in the middle of all.
needle() {
    cat <<SQL
CREATE TEMP TABLE needle AS SELECT row_no FROM messages
WHERE message_id = printf('msg_default_seeded-%07d_1', $1 / 2 + 1);
UPDATE messages SET content = 'A needle' WHERE row_no = (SELECT row_no FROM needle);
UPDATE message_search SET content = 'A needle' WHERE rowid = (SELECT row_no FROM needle);
SQL
}

# fill SIZE: makes the database of that size unless it is there.
fill() {
    local now
    [ -f "$kept/$1.db" ] && return
    echo "filling $1" >&2
    mkdir -p "$kept"
    rm -f "$kept/new.db"*
    .build/release/frontdesk migrate --database "$kept/new.db" >/dev/null
    now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
    {
        echo "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;"
        sessions default "$1" 4 "$now" $day
        sessions history $(($1 / 100)) 20 "$now" $day
        needle "$1"
        mappings "$1" "$now"
        acknowledged "$1" "$now"
        tickets "$1" "$now"
        echo "PRAGMA journal_mode = WAL;"
    } | sqlite3 "$kept/new.db" >/dev/null
    echo "$now" >"$kept/$1.filled"
    mv "$kept/new.db" "$kept/$1.db"
}

# operation NAME PATH [SCRIPT]: measures the server that runs.
operation() {
    read -r rate _ _ errors used <<<"$(measure_with_cpu 32 "$seconds" "$2" "${3:-}")"
    awk -v size="$size" -v name="$1" -v rate="$rate" -v errors="$errors" -v used="$used" \
        -v seconds="$seconds" 'BEGIN {
            printf "%d\t%s\t%.2f\t%d\t%d\n", size, name, used * 1e6 / seconds / rate, rate, errors
        }' | tee -a "$figures" >&2
}

# numbered NAME METHOD PATH COUNT [BODY]: an operation on the newer half of so many things, on
# another one each time. The oldest sessions may expire meanwhile.
numbered() {
    METHOD=$2 PATH_FORMAT=$3 COUNT=$4 BODY=${5:-} operation "$1" / Benchmarks/numbered.lua
}

operations() {
    numbered "history of 20" GET \
        "/api/v1/sessions/seeded-%07d/history?tenant_id=history" $((size / 100))
    operation "list 50 sessions" "/api/v1/sessions?tenant_id=default&limit=50"
    operation "search, a word in all" "/api/v1/sessions/search?tenant_id=default&q=promised"
    operation "search, a word in one" "/api/v1/sessions/search?tenant_id=default&q=needle"
    numbered "read a mapping" GET /v1/agent-inboxes/agent-%d "$size"
    operation "health" /health
    numbered "message turn" POST /agent/messages "$size" \
        '{"session_id": "seeded-%07d", "message": "Where is my order ORD-10001?"}'
    operation "route, pull, acknowledge" / Benchmarks/cycle.lua
    numbered "price a ticket" POST /tickets/seeded-%07d/pricing "$size" \
        '{"upgrade_tier": "non-stop"}'
    operation "create session" /agent/sessions Benchmarks/create.lua
}

for size in $sizes; do
    fill "$size"
    cp "$kept/$size.db" "$database"
    # As if the clock stood still since: the oldest hour of sessions has just expired.
    age=$(($(date +%s) - $(date -d "$(cat "$kept/$size.filled")" +%s)))
    hours=$(awk -v age="$age" -v day=$day 'BEGIN { printf "%.4f", (age + day) / 3600 - 1 }')
    settings=(FRONTDESK_LOG_LEVEL=warning FRONTDESK_SESSIONS_TTL_HOURS="$hours"
        FRONTDESK_CLEANUP_ENABLED=false FRONTDESK_ROUTER_MAX_INBOX_DEPTH=100000000)
    read -r took used memory <<<"$(env "${settings[@]}" \
        python3 Benchmarks/start-up.py "$database" "${STARTS:-5}")"
    printf '%d\t%s\t%s\n' "$size" "start-up, ms" "$took" \
        "$size" "start-up, ms of a processor" "$used" \
        "$size" "memory at the start, MiB" "$memory" | tee -a "$figures" >&2
    start "${settings[@]}"
    operations
    printf '%d\t%s\t%s\n' "$size" "memory after the load, MiB" "$(memory)" | tee -a "$figures" >&2
    stop
    rm -f "$database"*
done
python3 Benchmarks/growth.py "$figures" Benchmarks/growth.svg
