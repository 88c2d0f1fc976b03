-- Conversation sessions.

CREATE TABLE sessions (
    tenant_id            TEXT    NOT NULL,
    session_id           TEXT    NOT NULL,
    subject              TEXT,                      -- who created it, when signed in
    metadata             TEXT    NOT NULL CHECK (json_valid(metadata)),
    message_count        INTEGER NOT NULL DEFAULT 0,
    agent_state          TEXT    CHECK (agent_state IS NULL OR json_valid(agent_state)),
    owner                TEXT    NOT NULL DEFAULT 'bot' CHECK (owner IN ('bot', 'human')),
    owner_name           TEXT,
    owner_since          TEXT,
    handoff_requested_at TEXT,
    created_at           TEXT    NOT NULL,
    last_activity        TEXT    NOT NULL,
    removing_since       TEXT,                      -- set: gone for every reader
    request_id           TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, session_id)
) STRICT;

-- Holds all that a list shows, so that a page of sessions is read without touching the table.
CREATE INDEX sessions_by_activity ON sessions
    (tenant_id, last_activity DESC, session_id, removing_since, message_count, created_at);

CREATE INDEX sessions_by_creation ON sessions (tenant_id, created_at);

CREATE INDEX sessions_removing ON sessions (removing_since) WHERE removing_since IS NOT NULL;

-- How many sessions of a tenant were last active in which ten minutes ('2026-02-20T10:3'), kept
-- in the transaction of every change: totals of active and expired sessions without counting.
CREATE TABLE session_counts (
    tenant_id TEXT    NOT NULL,
    active_in TEXT    NOT NULL,
    sessions  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, active_in)
) STRICT;
