-- Sessions and idempotency keys belong to whoever made them.

-- A customer's own sessions, newest activity first.
CREATE INDEX sessions_by_subject ON sessions (tenant_id, subject, last_activity DESC, session_id)
    WHERE subject IS NOT NULL;

-- The outcomes of a day without callers cannot be told whose they are, and go.
DROP TABLE idempotency_keys;

CREATE TABLE idempotency_keys (
    tenant_id   TEXT    NOT NULL,
    caller      TEXT    NOT NULL DEFAULT '',   -- who sent it; '' without a credential
    method      TEXT    NOT NULL,
    path        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,              -- of method, path and body
    turn_id     TEXT    REFERENCES messages (message_id) ON DELETE SET NULL,
    payment_id  TEXT,                          -- what the request began, for after a crash
    status      INTEGER,                       -- NULL while a turn that was begun is not finished
    body        TEXT    CHECK (body IS NULL OR json_valid(body)),
    location    TEXT,
    request_id  TEXT    NOT NULL,
    created_at  TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, key, caller, method, path)
) STRICT;

CREATE INDEX idempotency_keys_by_turn ON idempotency_keys (turn_id) WHERE turn_id IS NOT NULL;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
