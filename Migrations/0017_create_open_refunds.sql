-- Refunds that a provider is asked for (tickets.md, section 7): written before it is asked and gone
-- with what came of it, so that one which a crash cuts short is asked for again, by the same key.

CREATE TABLE open_refunds (
    tenant_id  TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    reason     TEXT,
    request_id TEXT NOT NULL,                              -- the request that asked for it
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, payment_id),
    FOREIGN KEY (tenant_id, payment_id)
        REFERENCES payments (tenant_id, payment_id) ON DELETE CASCADE
) STRICT;
