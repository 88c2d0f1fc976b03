-- Agents by address: where their messages go, whether they take any, and what they said of
-- their health.

CREATE TABLE agent_inboxes (
    tenant_id              TEXT    NOT NULL,
    ai_agent_address       TEXT    NOT NULL,
    inbox_destination_type TEXT    NOT NULL,
    inbox_name             TEXT    NOT NULL,
    status                 TEXT    NOT NULL CHECK (status IN ('ACTIVE', 'INACTIVE')),
    status_reason          TEXT    CHECK (status_reason IN ('manual', 'health', 'stale', 'gone')),
    description            TEXT,
    owner_team             TEXT,
    search_key             TEXT    NOT NULL,        -- address, description, team in lower case
    health_status          TEXT    CHECK (health_status IN ('HEALTHY', 'UNHEALTHY', 'STALE')),
    health_streak          INTEGER NOT NULL DEFAULT 0,  -- newest reports in a row that say so
    health_checks          INTEGER NOT NULL DEFAULT 0,  -- how many are kept
    last_health_check_at   TEXT,                    -- the newest report's own time
    last_heard_at          TEXT,                    -- when a report last came in
    updated_by             TEXT    NOT NULL,
    version                INTEGER NOT NULL DEFAULT 1,  -- grows with every change
    removing_since         TEXT,                    -- set: gone for every reader
    request_id             TEXT    NOT NULL,
    registered_at          TEXT    NOT NULL,
    updated_at             TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, ai_agent_address),
    CHECK ((status = 'INACTIVE') = (status_reason IS NOT NULL)),
    CHECK ((health_status IS NULL) = (last_health_check_at IS NULL))
) STRICT;

-- Lists come by address, whatever they are narrowed to.
CREATE INDEX agent_inboxes_by_status ON agent_inboxes (tenant_id, status, ai_agent_address);
CREATE INDEX agent_inboxes_by_team ON agent_inboxes (tenant_id, owner_team, ai_agent_address);
CREATE INDEX agent_inboxes_by_type ON agent_inboxes (
    tenant_id, inbox_destination_type, ai_agent_address);
-- Who may have fallen silent, longest first.
CREATE INDEX agent_inboxes_by_hearing ON agent_inboxes (last_heard_at)
    WHERE health_status IN ('HEALTHY', 'UNHEALTHY');
CREATE INDEX agent_inboxes_removing ON agent_inboxes (removing_since)
    WHERE removing_since IS NOT NULL;

-- How many mappings there are of each kind, kept in the transaction of every change: totals of
-- lists without counting. The owner team is '' where there is none.
CREATE TABLE agent_inbox_counts (
    tenant_id              TEXT    NOT NULL,
    status                 TEXT    NOT NULL,
    inbox_destination_type TEXT    NOT NULL,
    owner_team             TEXT    NOT NULL,
    mappings               INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, status, inbox_destination_type, owner_team)
) STRICT;

CREATE TABLE agent_health_checks (
    health_check_id  TEXT PRIMARY KEY,
    tenant_id        TEXT NOT NULL,
    ai_agent_address TEXT NOT NULL,
    status           TEXT NOT NULL CHECK (status IN ('HEALTHY', 'UNHEALTHY')),
    details          TEXT CHECK (details IS NULL OR json_valid(details)),
    reported_at      TEXT NOT NULL,                 -- as the agent says
    received_at      TEXT NOT NULL,
    request_id       TEXT NOT NULL,
    FOREIGN KEY (tenant_id, ai_agent_address)
        REFERENCES agent_inboxes (tenant_id, ai_agent_address) ON DELETE CASCADE
) STRICT;

-- Newest first, with all that the share of healthy time is made of.
CREATE INDEX agent_health_checks_by_time ON agent_health_checks (
    tenant_id, ai_agent_address, reported_at DESC, received_at DESC, health_check_id DESC, status);
CREATE INDEX agent_health_checks_by_age ON agent_health_checks (received_at);
