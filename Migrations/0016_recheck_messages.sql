-- Checks the words of messages and tool calls one by one: for a list of three or more, SQLite
-- builds a table with every row, which was a seventh of the work of a turn.

CREATE TABLE new_messages (
    row_no      INTEGER PRIMARY KEY,
    message_id  TEXT    NOT NULL UNIQUE,
    tenant_id   TEXT    NOT NULL,
    session_id  TEXT    NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq > 0),
    role        TEXT    NOT NULL CHECK (role = 'user' OR role = 'assistant' OR role = 'system'),
    author      TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    request_id  TEXT    NOT NULL,
    created_at  TEXT    NOT NULL,
    finished_at TEXT,
    status      TEXT    NOT NULL
        CHECK (status = 'complete' OR status = 'pending' OR status = 'failed'
               OR status = 'cancelled' OR status = 'interrupted'),
    error_code  TEXT,
    tool_calls  TEXT    CHECK (tool_calls IS NULL OR json_valid(tool_calls)),
    metadata    TEXT    CHECK (metadata IS NULL OR json_valid(metadata)),
    UNIQUE (tenant_id, session_id, seq),
    FOREIGN KEY (tenant_id, session_id)
        REFERENCES sessions (tenant_id, session_id) ON DELETE CASCADE
) STRICT;

INSERT INTO new_messages
    (row_no, message_id, tenant_id, session_id, seq, role, author, content, request_id, created_at,
     finished_at, status, error_code, tool_calls, metadata)
SELECT row_no, message_id, tenant_id, session_id, seq, role, author, content, request_id,
       created_at, finished_at, status, error_code, tool_calls, metadata
FROM messages;

DROP TABLE messages;

ALTER TABLE new_messages RENAME TO messages;

CREATE INDEX messages_by_request ON messages (tenant_id, request_id);

CREATE INDEX messages_pending ON messages (status) WHERE status = 'pending';

CREATE TABLE new_tool_effects (
    effect_id   TEXT    PRIMARY KEY,
    tenant_id   TEXT    NOT NULL,
    turn_id     TEXT    REFERENCES messages (message_id) ON DELETE CASCADE,
    call_no     INTEGER NOT NULL,
    tool        TEXT    NOT NULL,
    server      TEXT    NOT NULL,
    arguments   TEXT    NOT NULL CHECK (json_valid(arguments)),
    state       TEXT    NOT NULL
        CHECK (state = 'done' OR state = 'failed' OR state = 'started' OR state = 'unknown'),
    result      TEXT    CHECK (result IS NULL OR json_valid(result)),
    request_id  TEXT    NOT NULL,
    started_at  TEXT    NOT NULL,
    finished_at TEXT,
    UNIQUE (turn_id, call_no)
) STRICT;

INSERT INTO new_tool_effects
    (effect_id, tenant_id, turn_id, call_no, tool, server, arguments, state, result, request_id,
     started_at, finished_at)
SELECT effect_id, tenant_id, turn_id, call_no, tool, server, arguments, state, result, request_id,
       started_at, finished_at
FROM tool_effects;

DROP TABLE tool_effects;

ALTER TABLE new_tool_effects RENAME TO tool_effects;

CREATE INDEX tool_effects_standing ON tool_effects (started_at) WHERE turn_id IS NULL;
