-- Conversation sessions and their messages.

CREATE TABLE sessions (
    tenant_id            TEXT    NOT NULL,
    session_id           TEXT    NOT NULL,
    subject              TEXT,                             -- who created it, when signed in
    metadata             TEXT    NOT NULL CHECK (json_valid(metadata)),
    message_count        INTEGER NOT NULL DEFAULT 0,
    agent_state          TEXT    CHECK (agent_state IS NULL OR json_valid(agent_state)),
    owner                TEXT    NOT NULL DEFAULT 'bot' CHECK (owner IN ('bot', 'human')),
    owner_name           TEXT,
    owner_since          TEXT,
    handoff_requested_at TEXT,
    created_at           TEXT    NOT NULL,
    last_activity        TEXT    NOT NULL,
    removing_since       TEXT,                             -- set: gone for every reader
    request_id           TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, session_id)
) STRICT;
