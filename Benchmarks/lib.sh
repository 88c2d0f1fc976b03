# Shared by the benchmarks: a server on a database of its own, and wrk's figures on one line.

folder=$(mktemp -d)
database=$folder/bench.db
server=

# Starts the release build with further arguments as environment assignments; sets $url.
start() {
    : >"$folder/out"
    env "$@" .build/release/frontdesk serve --demo --port 0 --database "$database" \
        >"$folder/out" 2>>"$folder/log" &
    server=$!
    url=
    for _ in $(seq 300); do
        url=$(sed -n 's/^listening on //p' "$folder/out")
        [ -n "$url" ] && return
        sleep 0.1
    done
    echo "the server did not start:" >&2
    cat "$folder/log" >&2
    exit 1
}

# Stops the server and waits for it.
stop() {
    [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
    server=
}

trap 'stop; rm -rf "$folder"' EXIT

# family PID: the process and all that it started.
family() {
    echo "$1"
    for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do family "$child"; done
}

# cpu: seconds of processor time that the server has used.
cpu() {
    for pid in $(family "$server"); do
        # The name of the program may hold blanks, so count from its end.
        sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }'
    done | awk -v ticks="$(getconf CLK_TCK)" '{ sum += $1 } END { print sum / ticks }'
}

# memory: MiB that the server holds.
memory() {
    for pid in $(family "$server"); do grep VmRSS "/proc/$pid/status"; done |
        awk '{ sum += $2 } END { printf "%.0f", sum / 1024 }'
}

# measure CONNECTIONS SECONDS PATH [SCRIPT]: prints "rate p50 p99 errors", times in ms.
measure() {
    # Every thread of wrk reads the script anew, so it must be a file. What a script says of its own
    # about its end comes last and counts.
    cat Benchmarks/report.lua ${4:+"$4"} >"$folder/script.lua"
    wrk -t2 -c"$1" -d"$2s" --timeout 10s -s "$folder/script.lua" "$url$3" |
        sed -n 's/^RESULT //p'
}

# measure_with_cpu: as measure; last come the seconds of processor time that the server used.
measure_with_cpu() {
    local before
    before=$(cpu)
    echo "$(measure "$@") $(awk -v before="$before" -v after="$(cpu)" \
        'BEGIN { print after - before }')"
}

# sessions TENANT COUNT MESSAGES TIME [SECONDS]: SQL that adds sessions last active at TIME, or
# evenly within the SECONDS up to TIME.
sessions() {
    cat <<SQL
INSERT INTO sessions (tenant_id, session_id, metadata, message_count, created_at, last_activity,
                      request_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
SELECT '$1', printf('seeded-%07d', i), '{}', $3, at, at, 'seed'
FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%f000Z', '$4',
                         ((i - $2) * ${5:-0}.0 / $2) || ' seconds') at FROM n);
INSERT INTO session_counts (tenant_id, active_in, sessions)
SELECT tenant_id, substr(last_activity, 1, 15), count(*) FROM sessions
WHERE tenant_id = '$1' GROUP BY 2;
INSERT INTO messages (message_id, tenant_id, session_id, seq, role, author, content, request_id,
                      created_at, finished_at, status)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $3)
SELECT printf('msg_%s_%s_%d', session.tenant_id, session.session_id, i), session.tenant_id,
       session.session_id, i, iif(i % 2, 'user', 'assistant'), 'seed',
       'Where is my order, please? It was promised for last week. ' || i, 'seed',
       session.last_activity, session.last_activity, 'complete'
FROM sessions session, n
WHERE session.tenant_id = '$1' AND $3 > 0
ORDER BY session.session_id, i;
INSERT INTO message_search (rowid, tenant_key, content)
SELECT row_no, 't' || lower(hex('$1')), content FROM messages WHERE tenant_id = '$1';
SQL
}

# mappings COUNT TIME: SQL that registers agents with an inbox at this server.
mappings() {
    cat <<SQL
INSERT INTO agent_inboxes (tenant_id, ai_agent_address, inbox_destination_type, inbox_name, status,
                           description, owner_team, search_key, updated_by, request_id,
                           registered_at, updated_at)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)
SELECT 'default', 'agent-' || i, 'FRONTDESK_INBOX', 'inbox', 'ACTIVE', 'Answers customers.',
       'Support', 'agent-' || i, 'seed', 'seed', '$2', '$2' FROM n;
INSERT INTO agent_inbox_counts VALUES ('default', 'ACTIVE', 'FRONTDESK_INBOX', 'Support', $1);
SQL
}
