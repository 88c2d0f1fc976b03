-- What webhooks are signed with (Standard Webhooks 1.0): one secret at a time, and beside it those
-- that were replaced not long ago, so that a receiver can change over without losing a message.

CREATE TABLE webhook_secrets (
    tenant_id        TEXT NOT NULL,
    ai_agent_address TEXT NOT NULL,
    secret           TEXT NOT NULL CHECK (secret LIKE 'whsec_%'),
    created_at       TEXT NOT NULL,
    valid_until      TEXT,                          -- set: replaced, and signed with until then
    PRIMARY KEY (tenant_id, ai_agent_address, secret),
    FOREIGN KEY (tenant_id, ai_agent_address)
        REFERENCES agent_inboxes (tenant_id, ai_agent_address) ON DELETE CASCADE
) STRICT;

CREATE UNIQUE INDEX webhook_secrets_present ON webhook_secrets (tenant_id, ai_agent_address)
    WHERE valid_until IS NULL;
