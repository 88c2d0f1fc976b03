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

# measure CONNECTIONS SECONDS PATH [SCRIPT]: prints "rate p50 p99 errors", times in ms.
measure() {
    # Every thread of wrk reads the script anew, so it must be a file. What a script says of its own
    # about its end comes last and counts.
    cat Benchmarks/report.lua ${4:+"$4"} >"$folder/script.lua"
    wrk -t2 -c"$1" -d"$2s" --timeout 10s -s "$folder/script.lua" "$url$3" |
        sed -n 's/^RESULT //p'
}

# sessions TENANT COUNT MESSAGES TIME: SQL that adds sessions last active at TIME.
sessions() {
    cat <<SQL
INSERT INTO sessions (tenant_id, session_id, metadata, message_count, created_at, last_activity,
                      request_id)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
SELECT '$1', printf('seeded-%07d', i), '{}', $3, '$4', '$4', 'seed' FROM n;
INSERT INTO session_counts (tenant_id, active_in, sessions)
VALUES ('$1', substr('$4', 1, 15), $2)
ON CONFLICT (tenant_id, active_in) DO UPDATE SET sessions = sessions + excluded.sessions;
INSERT INTO messages (message_id, tenant_id, session_id, seq, role, author, content, request_id,
                      created_at, finished_at, status)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $3)
SELECT printf('msg_%s_%s_%d', session.tenant_id, session.session_id, i), session.tenant_id,
       session.session_id, i, iif(i % 2, 'user', 'assistant'), 'seed',
       'Where is my order, please? It was promised for last week. ' || i, 'seed', '$4', '$4',
       'complete'
FROM sessions session, n
WHERE session.tenant_id = '$1' AND $3 > 0;
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
