-- The first outcome of every request that carried an Idempotency-Key, kept for 24 hours.

CREATE TABLE idempotency_keys (
    tenant_id   TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,   -- of method, route and body
    turn_id     TEXT    REFERENCES messages (message_id) ON DELETE SET NULL,
    status      INTEGER,            -- NULL while a turn that was begun is not finished
    body        TEXT    CHECK (body IS NULL OR json_valid(body)),
    location    TEXT,
    request_id  TEXT    NOT NULL,
    created_at  TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, key)
) STRICT;

CREATE INDEX idempotency_keys_by_turn ON idempotency_keys (turn_id) WHERE turn_id IS NOT NULL;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- One row that the server writes now and then to know that it can.
CREATE TABLE server_state (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
