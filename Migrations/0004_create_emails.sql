-- The outbox of every part: a row commits with the change it tells of, and a worker sends it later.

CREATE TABLE emails (
    email_id        TEXT    PRIMARY KEY,
    tenant_id       TEXT    NOT NULL,
    kind            TEXT    NOT NULL,                      -- 'agent', or what a part calls its own
    about           TEXT,                                  -- what it tells of; NULL for 'agent'
    recipients      TEXT    NOT NULL CHECK (json_valid(recipients)),
    cc              TEXT    NOT NULL CHECK (json_valid(cc)),
    bcc             TEXT    NOT NULL CHECK (json_valid(bcc)),
    subject         TEXT    NOT NULL,
    body            TEXT    NOT NULL,
    is_html         INTEGER NOT NULL CHECK (is_html IN (0, 1)),
    attachments     TEXT    NOT NULL CHECK (json_valid(attachments)),  -- name, size, sha256 of each
    state           TEXT    NOT NULL
        CHECK (state IN ('held', 'queued', 'sending', 'sent', 'failed')),
    attempts        INTEGER NOT NULL DEFAULT 0,            -- how often sending was begun
    next_attempt_at TEXT,                                  -- while sending: when the lease runs out
    lease_until     TEXT,                                  -- set only while sending
    last_error      TEXT,
    sent_at         TEXT,
    session_id      TEXT,
    request_id      TEXT    NOT NULL,
    created_at      TEXT    NOT NULL,
    UNIQUE (tenant_id, kind, about)                        -- no change is told twice
) STRICT;

-- What the worker looks at, soonest first; a lease that ran out is due like a new message.
CREATE INDEX emails_due ON emails (next_attempt_at) WHERE state IN ('queued', 'sending');
-- The figures by state, and the held messages of a tenant. The tenant comes first so that SQLite
-- does not take this index instead of the one above and then sort all that is queued.
CREATE INDEX emails_by_state ON emails (tenant_id, state);
