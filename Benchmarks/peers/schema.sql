-- What the peers that are written here keep, and what the workloads find in it.
PRAGMA journal_mode = WAL;

CREATE TABLE sessions (
    tenant_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    metadata TEXT NOT NULL,
    message_count INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    last_activity TEXT NOT NULL,
    PRIMARY KEY (tenant_id, session_id)
) STRICT;
CREATE INDEX sessions_by_activity ON sessions (tenant_id, last_activity, session_id);

CREATE TABLE messages (
    message_id TEXT NOT NULL PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, session_id, seq),
    FOREIGN KEY (tenant_id, session_id) REFERENCES sessions (tenant_id, session_id)
) STRICT;

CREATE TABLE orders (
    order_id TEXT NOT NULL PRIMARY KEY,
    status TEXT NOT NULL,
    expected_on TEXT NOT NULL
) STRICT;

CREATE TABLE agent_inboxes (
    address TEXT NOT NULL PRIMARY KEY,
    destination_type TEXT NOT NULL,
    inbox_name TEXT NOT NULL,
    description TEXT NOT NULL,
    owner_team TEXT NOT NULL,
    status TEXT NOT NULL,
    registered_at TEXT NOT NULL
) STRICT;

CREATE TABLE inbox_messages (
    message_id TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL REFERENCES agent_inboxes,
    payload TEXT NOT NULL,
    ack_id TEXT UNIQUE,
    lease_until TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX inbox_messages_in_turn ON inbox_messages (address, lease_until, created_at);

CREATE TABLE tickets (
    ticket_id TEXT NOT NULL PRIMARY KEY,
    ticket_type TEXT NOT NULL,
    original_cents INTEGER NOT NULL,
    event_date TEXT NOT NULL
) STRICT;

CREATE TABLE price_quotes (
    quote_id TEXT NOT NULL PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets,
    upgrade_tier TEXT NOT NULL,
    upgrade_cents INTEGER NOT NULL,
    total_cents INTEGER NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;

-- Kept by the limit alone; the others count rows when they list, as their users do.
CREATE TABLE session_counts (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    sessions INTEGER NOT NULL
) STRICT;

INSERT INTO sessions
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
SELECT 'list', printf('seeded-%07d', i), '{}', 0, strftime('%Y-%m-%dT%H:%M:%SZ'),
    strftime('%Y-%m-%dT%H:%M:%SZ') FROM n;
INSERT INTO session_counts VALUES ('list', 10000), ('history', 1), ('default', 0);

INSERT INTO sessions
VALUES ('history', 'seeded-0000001', '{}', 20, strftime('%Y-%m-%dT%H:%M:%SZ'),
    strftime('%Y-%m-%dT%H:%M:%SZ'));
INSERT INTO messages
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
SELECT printf('msg_history_%d', i), 'history', 'seeded-0000001', i,
    iif(i % 2, 'user', 'assistant'),
    'Where is my order, please? It was promised for last week. ' || i,
    strftime('%Y-%m-%dT%H:%M:%SZ') FROM n;

INSERT INTO orders
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
SELECT printf('ORD-%d', 10000 + i), iif(i % 2, 'in transit', 'delivered'), 'February 25, 2026'
FROM n;

INSERT INTO agent_inboxes
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
SELECT 'agent-' || i, 'FRONTDESK_INBOX', 'inbox', 'Answers customers.', 'Support', 'ACTIVE',
    strftime('%Y-%m-%dT%H:%M:%SZ') FROM n;

INSERT INTO tickets VALUES ('DEMO-1001', 'general', 5000, '2027-06-09');
