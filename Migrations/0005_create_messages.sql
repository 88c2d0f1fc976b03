-- Messages of sessions, their search index, and what the agent did to answer them.

CREATE TABLE messages (
    row_no      INTEGER PRIMARY KEY,
    message_id  TEXT    NOT NULL UNIQUE,
    tenant_id   TEXT    NOT NULL,
    session_id  TEXT    NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq > 0),
    role        TEXT    NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
    author      TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    request_id  TEXT    NOT NULL,
    created_at  TEXT    NOT NULL,
    finished_at TEXT,
    status      TEXT    NOT NULL
        CHECK (status IN ('pending', 'complete', 'failed', 'cancelled', 'interrupted')),
    error_code  TEXT,
    tool_calls  TEXT    CHECK (tool_calls IS NULL OR json_valid(tool_calls)),
    metadata    TEXT    CHECK (metadata IS NULL OR json_valid(metadata)),
    UNIQUE (tenant_id, session_id, seq),
    FOREIGN KEY (tenant_id, session_id)
        REFERENCES sessions (tenant_id, session_id) ON DELETE CASCADE
) STRICT;

CREATE INDEX messages_by_request ON messages (tenant_id, request_id);

CREATE INDEX messages_pending ON messages (status) WHERE status = 'pending';

-- rowid = messages.row_no; tenant_key is one token that stands for the tenant.
CREATE VIRTUAL TABLE message_search USING fts5 (
    tenant_key, content, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- The events of streamed turns; turn_id is the user message.
CREATE TABLE stream_events (
    turn_id    TEXT    NOT NULL REFERENCES messages (message_id) ON DELETE CASCADE,
    event_no   INTEGER NOT NULL,
    tenant_id  TEXT    NOT NULL,
    data       TEXT    NOT NULL CHECK (json_valid(data)),
    created_at TEXT    NOT NULL,
    PRIMARY KEY (turn_id, event_no)
) STRICT;

-- Every tool call, for the operator and against doing a thing twice.
CREATE TABLE tool_effects (
    effect_id   TEXT    PRIMARY KEY,
    tenant_id   TEXT    NOT NULL,
    turn_id     TEXT    REFERENCES messages (message_id) ON DELETE CASCADE,
    call_no     INTEGER NOT NULL,
    tool        TEXT    NOT NULL,
    server      TEXT    NOT NULL,
    arguments   TEXT    NOT NULL CHECK (json_valid(arguments)),
    state       TEXT    NOT NULL CHECK (state IN ('started', 'done', 'failed', 'unknown')),
    result      TEXT    CHECK (result IS NULL OR json_valid(result)),
    request_id  TEXT    NOT NULL,
    started_at  TEXT    NOT NULL,
    finished_at TEXT,
    UNIQUE (turn_id, call_no)
) STRICT;
