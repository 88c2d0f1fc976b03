-- Messages to agents, each a row from being sent until its retention ends, whatever kind of place
-- delivers it. Where a message stands:
--
--   ready         may be handed out now; the only state that a delivery looks at
--   delayed       waits for available_at
--   held          waits behind an earlier message of its ordering key
--   leased        is in somebody's hands until lease_until
--   delivered     a webhook or topic took it
--   acknowledged  a puller did what was to be done
--   dead          failed too often
--   removed       a dead letter thrown away; kept a day so that sending it again stores nothing
--
-- Of the messages of one ordering key, at most one is ready, delayed or leased: the head. The
-- transaction that ends a head makes the earliest held message the next one. So what is ready can
-- be taken without a look at keys, and what is held costs nothing.

CREATE TABLE inbox_messages (
    id                INTEGER PRIMARY KEY,          -- in order of arrival
    message_id        TEXT    NOT NULL UNIQUE,      -- a random UUID, which callers see
    tenant_id         TEXT    NOT NULL,
    ai_agent_address  TEXT    NOT NULL,
    ordering_key      TEXT,
    priority          INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
    payload           TEXT    NOT NULL CHECK (json_valid(payload)),
    attributes        TEXT    NOT NULL CHECK (json_valid(attributes)),  -- as they are delivered
    sender_id         TEXT    NOT NULL,             -- the sending service, '' when it has no name
    sender_message_id TEXT,                         -- its own id, against storing a message twice
    state             TEXT    NOT NULL CHECK (state IN (
        'ready', 'delayed', 'held', 'leased', 'delivered', 'acknowledged', 'dead', 'removed')),
    attempts          INTEGER NOT NULL DEFAULT 0,   -- how often it was handed out
    available_at      TEXT    NOT NULL,             -- from when on it may be handed out
    lease_id          TEXT,                         -- kept after acknowledging
    lease_until       TEXT,
    last_error        TEXT,
    request_id        TEXT    NOT NULL,
    traceparent       TEXT,
    created_at        TEXT    NOT NULL,
    delivered_at      TEXT,                         -- when it was last handed out or taken
    acked_at          TEXT,
    dead_at           TEXT,
    FOREIGN KEY (tenant_id, ai_agent_address)
        REFERENCES agent_inboxes (tenant_id, ai_agent_address),
    CHECK (state <> 'held' OR ordering_key IS NOT NULL),
    CHECK ((state = 'leased') = (lease_until IS NOT NULL)),
    CHECK ((state = 'acknowledged') = (acked_at IS NOT NULL)),
    CHECK ((state IN ('dead', 'removed')) = (dead_at IS NOT NULL))
) STRICT;

-- For the foreign key and for removing an inbox; not one of the hot paths.
CREATE INDEX inbox_messages_by_address ON inbox_messages (tenant_id, ai_agent_address);
-- What a delivery takes next.
CREATE INDEX inbox_messages_ready ON inbox_messages (
    tenant_id, ai_agent_address, priority DESC, id) WHERE state = 'ready';
-- What time alone makes ready again.
CREATE INDEX inbox_messages_delayed ON inbox_messages (
    tenant_id, ai_agent_address, available_at) WHERE state = 'delayed';
CREATE INDEX inbox_messages_leased ON inbox_messages (
    tenant_id, ai_agent_address, lease_until) WHERE state = 'leased';
-- The head of each ordering key, never two, and who comes next.
CREATE UNIQUE INDEX inbox_messages_heads ON inbox_messages (
    tenant_id, ai_agent_address, ordering_key)
    WHERE ordering_key IS NOT NULL AND state IN ('ready', 'delayed', 'leased');
CREATE INDEX inbox_messages_held ON inbox_messages (
    tenant_id, ai_agent_address, ordering_key, id) WHERE state = 'held';
-- What is over, for replaying, listing and retention.
CREATE INDEX inbox_messages_acknowledged ON inbox_messages (
    tenant_id, ai_agent_address, acked_at) WHERE state = 'acknowledged';
CREATE INDEX inbox_messages_delivered ON inbox_messages (
    tenant_id, ai_agent_address, delivered_at) WHERE state = 'delivered';
CREATE INDEX inbox_messages_dead ON inbox_messages (
    tenant_id, ai_agent_address, dead_at, id) WHERE state = 'dead';
CREATE INDEX inbox_messages_removed ON inbox_messages (
    tenant_id, ai_agent_address, dead_at) WHERE state = 'removed';
-- What a sender has sent before.
CREATE INDEX inbox_messages_by_sender ON inbox_messages (
    tenant_id, ai_agent_address, sender_id, sender_message_id, id)
    WHERE sender_message_id IS NOT NULL;

-- How many messages of an inbox stand where, kept in the transaction of every change.
CREATE TABLE inbox_depths (
    tenant_id        TEXT    NOT NULL,
    ai_agent_address TEXT    NOT NULL,
    ready            INTEGER NOT NULL DEFAULT 0 CHECK (ready >= 0),
    delayed          INTEGER NOT NULL DEFAULT 0 CHECK (delayed >= 0),
    held             INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
    leased           INTEGER NOT NULL DEFAULT 0 CHECK (leased >= 0),
    dead             INTEGER NOT NULL DEFAULT 0 CHECK (dead >= 0),
    PRIMARY KEY (tenant_id, ai_agent_address),
    FOREIGN KEY (tenant_id, ai_agent_address)
        REFERENCES agent_inboxes (tenant_id, ai_agent_address) ON DELETE CASCADE
) STRICT;
