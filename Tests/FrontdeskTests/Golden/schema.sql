CREATE TABLE schema_migrations (
    name       TEXT NOT NULL PRIMARY KEY,
    checksum   TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT;

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

CREATE INDEX sessions_by_activity ON sessions
    (tenant_id, last_activity DESC, session_id, removing_since, message_count, created_at);

CREATE INDEX sessions_by_creation ON sessions (tenant_id, created_at);

CREATE INDEX sessions_removing ON sessions (removing_since) WHERE removing_since IS NOT NULL;

CREATE TABLE session_counts (
    tenant_id TEXT    NOT NULL,
    active_in TEXT    NOT NULL,
    sessions  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, active_in)
) STRICT;

CREATE TABLE orders (
    tenant_id          TEXT    NOT NULL,
    order_id           TEXT    NOT NULL CHECK (order_id LIKE 'ORD-%'),
    number             INTEGER NOT NULL,
    order_date         TEXT    NOT NULL,                   -- a day: 2026-02-15
    customer_name      TEXT    NOT NULL,
    customer_key       TEXT    NOT NULL,                   -- the name folded: no case, no accents
    customer_email     TEXT,
    billing_address    TEXT    NOT NULL,
    address_key        TEXT    NOT NULL,                   -- the address folded
    product_sku        TEXT    NOT NULL,
    product_key        TEXT    NOT NULL,                   -- the SKU folded
    quantity           INTEGER NOT NULL CHECK (quantity > 0),
    amount_cents       INTEGER NOT NULL CHECK (amount_cents > 0),
    currency           TEXT    NOT NULL DEFAULT 'USD',
    remarks            TEXT,
    status             TEXT    NOT NULL
        CHECK (status IN ('PENDING', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'CANCELLED')),
    status_since       TEXT    NOT NULL,
    carrier            TEXT,
    tracking_number    TEXT,
    estimated_delivery TEXT,                               -- a day
    version            INTEGER NOT NULL DEFAULT 1,         -- grows with every change
    session_id         TEXT,                               -- the conversation that placed it
    request_id         TEXT    NOT NULL,
    created_at         TEXT    NOT NULL,
    updated_at         TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, order_id),
    UNIQUE (tenant_id, number)
) STRICT;

CREATE INDEX orders_by_date ON orders (
    tenant_id, order_date DESC, number DESC, status, customer_key, product_key);

CREATE INDEX orders_by_status ON orders (
    tenant_id, status, order_date DESC, number DESC, customer_key, product_key);

CREATE INDEX orders_by_email ON orders (
    tenant_id, lower(customer_email), order_date DESC, number DESC);

CREATE TABLE order_events (
    tenant_id   TEXT    NOT NULL,
    order_id    TEXT    NOT NULL,
    event_no    INTEGER NOT NULL,                          -- 1, 2, 3 … per order
    status      TEXT    NOT NULL CHECK (status IN (
        'PLACED', 'CONFIRMED', 'SHIPPED', 'IN_TRANSIT', 'DELIVERED', 'CANCELLED', 'UPDATED')),
    location    TEXT,
    description TEXT    NOT NULL,
    happened_at TEXT    NOT NULL,
    request_id  TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, order_id, event_no),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, order_id)
) STRICT;

CREATE TABLE counters (
    tenant_id TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    value     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
) STRICT;

CREATE TABLE complaints (
    tenant_id       TEXT    NOT NULL,
    complaint_id    INTEGER NOT NULL,                      -- 1, 2, 3 … per tenant
    title           TEXT    NOT NULL,
    title_key       TEXT    NOT NULL,                      -- the title folded: no case, no accents
    description     TEXT    NOT NULL,
    customer_name   TEXT    NOT NULL,
    customer_key    TEXT    NOT NULL,                      -- the name folded
    order_number    TEXT    NOT NULL,
    priority        TEXT    NOT NULL CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
    status          TEXT    NOT NULL
        CHECK (status IN ('OPEN', 'IN_PROGRESS', 'RESOLVED', 'CLOSED')),
    remarks         TEXT,                                  -- one line each, begun with the time
    is_archived     INTEGER NOT NULL DEFAULT 0 CHECK (is_archived IN (0, 1)),
    resolution_date TEXT,
    version         INTEGER NOT NULL DEFAULT 1,            -- grows with every change
    session_id      TEXT,                                  -- the conversation that registered it
    request_id      TEXT    NOT NULL,
    created_at      TEXT    NOT NULL,
    updated_at      TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, complaint_id),
    FOREIGN KEY (tenant_id, order_number) REFERENCES orders (tenant_id, order_id)
) STRICT;

CREATE INDEX complaints_by_order ON complaints (
    tenant_id, order_number, updated_at DESC, complaint_id DESC);

CREATE INDEX complaints_by_change ON complaints (
    tenant_id, updated_at DESC, complaint_id DESC, status, is_archived, order_number,
    customer_key, title_key);

CREATE INDEX complaints_by_status ON complaints (
    tenant_id, status, updated_at DESC, complaint_id DESC, is_archived, order_number,
    customer_key, title_key);

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

CREATE INDEX emails_due ON emails (next_attempt_at) WHERE state IN ('queued', 'sending');

CREATE INDEX emails_by_state ON emails (tenant_id, state);

CREATE TABLE stream_events (
    turn_id    TEXT    NOT NULL REFERENCES messages (message_id) ON DELETE CASCADE,
    event_no   INTEGER NOT NULL,
    tenant_id  TEXT    NOT NULL,
    data       TEXT    NOT NULL CHECK (json_valid(data)),
    created_at TEXT    NOT NULL,
    PRIMARY KEY (turn_id, event_no)
) STRICT;

CREATE TABLE server_state (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

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

CREATE INDEX agent_inboxes_by_status ON agent_inboxes (tenant_id, status, ai_agent_address);

CREATE INDEX agent_inboxes_by_team ON agent_inboxes (tenant_id, owner_team, ai_agent_address);

CREATE INDEX agent_inboxes_by_type ON agent_inboxes (
    tenant_id, inbox_destination_type, ai_agent_address);

CREATE INDEX agent_inboxes_by_hearing ON agent_inboxes (last_heard_at)
    WHERE health_status IN ('HEALTHY', 'UNHEALTHY');

CREATE INDEX agent_inboxes_removing ON agent_inboxes (removing_since)
    WHERE removing_since IS NOT NULL;

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

CREATE INDEX agent_health_checks_by_time ON agent_health_checks (
    tenant_id, ai_agent_address, reported_at DESC, received_at DESC, health_check_id DESC, status);

CREATE INDEX agent_health_checks_by_age ON agent_health_checks (received_at);

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

CREATE INDEX inbox_messages_by_address ON inbox_messages (tenant_id, ai_agent_address);

CREATE INDEX inbox_messages_ready ON inbox_messages (
    tenant_id, ai_agent_address, priority DESC, id) WHERE state = 'ready';

CREATE INDEX inbox_messages_delayed ON inbox_messages (
    tenant_id, ai_agent_address, available_at) WHERE state = 'delayed';

CREATE INDEX inbox_messages_leased ON inbox_messages (
    tenant_id, ai_agent_address, lease_until) WHERE state = 'leased';

CREATE UNIQUE INDEX inbox_messages_heads ON inbox_messages (
    tenant_id, ai_agent_address, ordering_key)
    WHERE ordering_key IS NOT NULL AND state IN ('ready', 'delayed', 'leased');

CREATE INDEX inbox_messages_held ON inbox_messages (
    tenant_id, ai_agent_address, ordering_key, id) WHERE state = 'held';

CREATE INDEX inbox_messages_acknowledged ON inbox_messages (
    tenant_id, ai_agent_address, acked_at) WHERE state = 'acknowledged';

CREATE INDEX inbox_messages_delivered ON inbox_messages (
    tenant_id, ai_agent_address, delivered_at) WHERE state = 'delivered';

CREATE INDEX inbox_messages_dead ON inbox_messages (
    tenant_id, ai_agent_address, dead_at, id) WHERE state = 'dead';

CREATE INDEX inbox_messages_removed ON inbox_messages (
    tenant_id, ai_agent_address, dead_at) WHERE state = 'removed';

CREATE INDEX inbox_messages_by_sender ON inbox_messages (
    tenant_id, ai_agent_address, sender_id, sender_message_id, id)
    WHERE sender_message_id IS NOT NULL;

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

CREATE TABLE customers (
    tenant_id    TEXT NOT NULL,
    customer_id  TEXT NOT NULL,
    email        TEXT NOT NULL,                            -- lower case
    first_name   TEXT NOT NULL,
    last_name    TEXT NOT NULL,
    phone        TEXT,                                     -- digits, perhaps after a plus
    auth_subject TEXT,                                     -- who they are to an outside issuer
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id),
    UNIQUE (tenant_id, email),
    UNIQUE (tenant_id, auth_subject)
) STRICT;

CREATE TABLE tickets (
    tenant_id      TEXT    NOT NULL,
    ticket_id      TEXT    NOT NULL,
    customer_id    TEXT    NOT NULL,
    ticket_number  TEXT    NOT NULL,                       -- upper case
    ticket_type    TEXT    NOT NULL
        CHECK (ticket_type IN ('general', 'standard', 'vip', 'premium')),
    original_cents INTEGER NOT NULL CHECK (original_cents >= 0),
    currency       TEXT    NOT NULL,
    purchase_date  TEXT,                                   -- a day: 2026-02-15
    event_date     TEXT    NOT NULL,                       -- a day at the venue
    event_time     TEXT,                                   -- there: 19:00
    status         TEXT    NOT NULL
        CHECK (status IN ('active', 'expired', 'cancelled', 'used', 'upgraded')),
    upgrade_tier   TEXT    CHECK (upgrade_tier IN ('standard', 'non-stop', 'double-fun')),
    metadata       TEXT    NOT NULL CHECK (json_valid(metadata)),
    created_at     TEXT    NOT NULL,
    updated_at     TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id),
    UNIQUE (tenant_id, ticket_number),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, customer_id),
    CHECK (status <> 'upgraded' OR upgrade_tier IS NOT NULL)
) STRICT;

CREATE INDEX tickets_by_customer ON tickets (
    tenant_id, customer_id, event_date DESC, ticket_id);

CREATE INDEX tickets_by_active_day ON tickets (event_date) WHERE status = 'active';

CREATE TABLE price_quotes (
    tenant_id      TEXT    NOT NULL,
    quote_id       TEXT    NOT NULL,
    ticket_id      TEXT    NOT NULL,
    upgrade_tier   TEXT    NOT NULL
        CHECK (upgrade_tier IN ('standard', 'non-stop', 'double-fun')),
    event_date     TEXT    NOT NULL,                       -- the day it is priced for
    category       TEXT    NOT NULL
        CHECK (category IN ('peak', 'weekend', 'off_peak', 'standard')),
    factor_bp      INTEGER NOT NULL CHECK (factor_bp > 0), -- ten-thousandths: 15000 is 1.5
    base_cents     INTEGER NOT NULL CHECK (base_cents > 0),
    upgrade_cents  INTEGER NOT NULL CHECK (upgrade_cents >= 0),
    original_cents INTEGER NOT NULL CHECK (original_cents >= 0),
    total_cents    INTEGER NOT NULL,
    currency       TEXT    NOT NULL,
    expires_at     TEXT    NOT NULL,
    created_at     TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, quote_id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, ticket_id),
    CHECK (total_cents = original_cents + upgrade_cents)
) STRICT;

CREATE INDEX price_quotes_by_ticket ON price_quotes (tenant_id, ticket_id);

CREATE INDEX price_quotes_by_end ON price_quotes (expires_at);

CREATE TABLE ticket_orders (
    tenant_id           TEXT    NOT NULL,
    order_id            TEXT    NOT NULL,
    ticket_id           TEXT    NOT NULL,
    customer_id         TEXT    NOT NULL,
    quote_id            TEXT,                              -- the held price it relies on
    original_type       TEXT    NOT NULL
        CHECK (original_type IN ('general', 'standard', 'vip', 'premium')),
    new_type            TEXT    NOT NULL
        CHECK (new_type IN ('general', 'standard', 'vip', 'premium')),
    original_event_date TEXT    NOT NULL,                  -- where a refund takes the ticket back
    upgrade_tier        TEXT    NOT NULL
        CHECK (upgrade_tier IN ('standard', 'non-stop', 'double-fun')),
    event_date          TEXT    NOT NULL,                  -- the day it is priced for
    category            TEXT    NOT NULL
        CHECK (category IN ('peak', 'weekend', 'off_peak', 'standard')),
    factor_bp           INTEGER NOT NULL CHECK (factor_bp > 0), -- ten-thousandths: 15000 is 1.5
    base_cents          INTEGER NOT NULL CHECK (base_cents > 0),
    upgrade_cents       INTEGER NOT NULL CHECK (upgrade_cents >= 0),  -- what is charged
    original_cents      INTEGER NOT NULL CHECK (original_cents >= 0),
    total_cents         INTEGER NOT NULL,
    currency            TEXT    NOT NULL,
    payment_method      TEXT    NOT NULL
        CHECK (payment_method IN
            ('credit_card', 'debit_card', 'paypal', 'apple_pay', 'google_pay')),
    status              TEXT    NOT NULL
        CHECK (status IN
            ('pending', 'processing', 'completed', 'failed', 'cancelled', 'refunded')),
    confirmation_code   TEXT    NOT NULL UNIQUE CHECK (length(confirmation_code) = 12),
    payment_id          TEXT,                              -- the one that completed it
    failure_reason      TEXT,
    cancel_reason       TEXT,
    refund_reason       TEXT,
    request_id          TEXT    NOT NULL,                  -- the request that placed it
    expires_at          TEXT    NOT NULL,
    completed_at        TEXT,
    cancelled_at        TEXT,
    refunded_at         TEXT,
    created_at          TEXT    NOT NULL,
    updated_at          TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, order_id),
    UNIQUE (tenant_id, quote_id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, ticket_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, customer_id),
    FOREIGN KEY (tenant_id, quote_id) REFERENCES price_quotes (tenant_id, quote_id),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments (tenant_id, payment_id),
    CHECK (total_cents = original_cents + upgrade_cents),
    CHECK (status NOT IN ('completed', 'refunded')
        OR (payment_id IS NOT NULL AND completed_at IS NOT NULL)),
    CHECK (status <> 'cancelled' OR cancelled_at IS NOT NULL),
    CHECK (status <> 'refunded' OR refunded_at IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX ticket_orders_open ON ticket_orders (tenant_id, ticket_id)
    WHERE status IN ('pending', 'processing');

CREATE INDEX ticket_orders_by_ticket ON ticket_orders (
    tenant_id, ticket_id, created_at DESC, order_id);

CREATE INDEX ticket_orders_by_customer ON ticket_orders (
    tenant_id, customer_id, created_at DESC, order_id);

CREATE INDEX ticket_orders_by_age ON ticket_orders (tenant_id, created_at DESC, order_id);

CREATE INDEX ticket_orders_by_payment ON ticket_orders (tenant_id, payment_id)
    WHERE payment_id IS NOT NULL;

CREATE INDEX ticket_orders_unpaid ON ticket_orders (expires_at) WHERE status = 'pending';

CREATE INDEX ticket_orders_by_status ON ticket_orders (status);

CREATE TABLE payments (
    tenant_id      TEXT    NOT NULL,
    payment_id     TEXT    NOT NULL,                       -- also the provider's key of the charge
    order_id       TEXT    NOT NULL,
    provider       TEXT    NOT NULL,
    method         TEXT    NOT NULL
        CHECK (method IN ('credit_card', 'debit_card', 'paypal', 'apple_pay', 'google_pay')),
    amount_cents   INTEGER NOT NULL CHECK (amount_cents >= 0),
    currency       TEXT    NOT NULL,
    status         TEXT    NOT NULL
        CHECK (status IN ('processing', 'completed', 'failed', 'refunded')),
    failure_reason TEXT,
    retryable      INTEGER NOT NULL CHECK (retryable IN (0, 1)),
    attempts       INTEGER NOT NULL CHECK (attempts >= 0), -- how often a charge was begun
    reference      TEXT,                                   -- the provider's name of the charge
    request_id     TEXT    NOT NULL,
    completed_at   TEXT,
    refunded_at    TEXT,
    created_at     TEXT    NOT NULL,
    updated_at     TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, payment_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES ticket_orders (tenant_id, order_id),
    CHECK (status NOT IN ('completed', 'refunded')
        OR (reference IS NOT NULL AND completed_at IS NOT NULL)),
    CHECK (status <> 'failed' OR failure_reason IS NOT NULL),
    CHECK (status <> 'refunded' OR refunded_at IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX payments_live ON payments (tenant_id, order_id)
    WHERE status IN ('processing', 'completed');

CREATE INDEX payments_by_order ON payments (tenant_id, order_id, created_at DESC);

CREATE INDEX payments_processing ON payments (created_at) WHERE status = 'processing';

CREATE TABLE test_charges (
    charge_key   TEXT    PRIMARY KEY,
    reference    TEXT    NOT NULL UNIQUE,
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
    currency     TEXT    NOT NULL,
    charged_at   TEXT    NOT NULL,
    refund_key   TEXT,
    refunded_at  TEXT,
    CHECK ((refund_key IS NULL) = (refunded_at IS NULL))
) STRICT;

CREATE TABLE users (
    tenant_id     TEXT    NOT NULL,
    user_id       TEXT    NOT NULL,
    email         TEXT    NOT NULL,                        -- lower case
    password_hash TEXT    NOT NULL,                        -- as libcrypt writes it
    role          TEXT    NOT NULL CHECK (role IN ('admin', 'agent', 'customer')),
    customer_id   TEXT,
    is_demo       INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)),
    disabled_at   TEXT,
    last_login_at TEXT,
    created_at    TEXT    NOT NULL,
    updated_at    TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    UNIQUE (tenant_id, email),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, customer_id),
    CHECK (role <> 'customer' OR customer_id IS NOT NULL)
) STRICT;

CREATE INDEX users_by_customer ON users (tenant_id, customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE refresh_tokens (
    tenant_id         TEXT NOT NULL,
    token_hash        TEXT NOT NULL,                       -- SHA-256
    user_id           TEXT NOT NULL,
    family_id         TEXT NOT NULL,
    expires_at        TEXT NOT NULL,
    family_expires_at TEXT NOT NULL,
    used_at           TEXT,
    revoked_at        TEXT,
    created_at        TEXT NOT NULL,
    updated_at        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, token_hash),
    UNIQUE (token_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, user_id)
) STRICT;

CREATE INDEX refresh_tokens_by_family ON refresh_tokens (tenant_id, family_id);

CREATE INDEX refresh_tokens_by_user ON refresh_tokens (tenant_id, user_id);

CREATE INDEX refresh_tokens_by_end ON refresh_tokens (family_expires_at);

CREATE TABLE api_keys (
    tenant_id    TEXT NOT NULL,
    key_id       TEXT NOT NULL,
    name         TEXT NOT NULL,
    prefix       TEXT NOT NULL,                            -- the first 12 characters
    key_hash     TEXT NOT NULL,                            -- SHA-256
    scopes       TEXT NOT NULL CHECK (json_valid(scopes)), -- a list
    expires_at   TEXT,
    last_used_at TEXT,
    revoked_at   TEXT,
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, key_id),
    UNIQUE (key_hash),
    UNIQUE (tenant_id, name)
) STRICT;

CREATE TABLE login_failures (
    tenant_id      TEXT NOT NULL,
    failure_id     TEXT NOT NULL,
    email          TEXT NOT NULL,
    client_address TEXT NOT NULL,
    failed_at      TEXT NOT NULL,
    created_at     TEXT NOT NULL,
    PRIMARY KEY (tenant_id, failure_id)
) STRICT;

CREATE INDEX login_failures_by_email ON login_failures (
    tenant_id, email, client_address, failed_at);

CREATE INDEX login_failures_by_age ON login_failures (failed_at);

CREATE INDEX sessions_by_subject ON sessions (tenant_id, subject, last_activity DESC, session_id)
    WHERE subject IS NOT NULL;

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

CREATE TABLE token_usage (
    tenant_id     TEXT    NOT NULL,
    day           TEXT    NOT NULL CHECK (day LIKE '____-__-__'),
    provider      TEXT    NOT NULL CHECK (provider IN ('openai', 'anthropic')),
    requests      INTEGER NOT NULL CHECK (requests > 0),
    input_tokens  INTEGER NOT NULL CHECK (input_tokens >= 0),
    output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
    updated_at    TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, day, provider)
) STRICT;

CREATE TABLE "messages" (
    row_no      INTEGER PRIMARY KEY,
    message_id  TEXT    NOT NULL UNIQUE,
    tenant_id   TEXT    NOT NULL,
    session_id  TEXT    NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq > 0),
    role        TEXT    NOT NULL CHECK (role = 'user' OR role = 'assistant' OR role = 'system'),
    author      TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    request_id  TEXT    NOT NULL,
    created_at  TEXT    NOT NULL,
    finished_at TEXT,
    status      TEXT    NOT NULL
        CHECK (status = 'complete' OR status = 'pending' OR status = 'failed'
               OR status = 'cancelled' OR status = 'interrupted'),
    error_code  TEXT,
    tool_calls  TEXT    CHECK (tool_calls IS NULL OR json_valid(tool_calls)),
    metadata    TEXT    CHECK (metadata IS NULL OR json_valid(metadata)),
    UNIQUE (tenant_id, session_id, seq),
    FOREIGN KEY (tenant_id, session_id)
        REFERENCES sessions (tenant_id, session_id) ON DELETE CASCADE
) STRICT;

CREATE INDEX messages_pending ON messages (status) WHERE status = 'pending';

CREATE TABLE "tool_effects" (
    effect_id   TEXT    PRIMARY KEY,
    tenant_id   TEXT    NOT NULL,
    turn_id     TEXT    REFERENCES messages (message_id) ON DELETE CASCADE,
    call_no     INTEGER NOT NULL,
    tool        TEXT    NOT NULL,
    server      TEXT    NOT NULL,
    arguments   TEXT    NOT NULL CHECK (json_valid(arguments)),
    state       TEXT    NOT NULL
        CHECK (state = 'done' OR state = 'failed' OR state = 'started' OR state = 'unknown'),
    result      TEXT    CHECK (result IS NULL OR json_valid(result)),
    request_id  TEXT    NOT NULL,
    started_at  TEXT    NOT NULL,
    finished_at TEXT,
    UNIQUE (turn_id, call_no)
) STRICT;

CREATE INDEX tool_effects_standing ON tool_effects (started_at) WHERE turn_id IS NULL;

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

CREATE INDEX login_failures_by_address ON login_failures (client_address, failed_at);

CREATE VIRTUAL TABLE message_search USING fts5 (
    tenant_key, content, columnsize = 0, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE INDEX messages_by_request ON messages (tenant_id, request_id) WHERE role = 'user';
