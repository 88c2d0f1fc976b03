-- Customers, their tickets, and the upgrade prices held for them (tickets.md, section 11).

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

-- A customer's tickets, latest event first.
CREATE INDEX tickets_by_customer ON tickets (
    tenant_id, customer_id, event_date DESC, ticket_id);
-- The active tickets whose day may have passed.
CREATE INDEX tickets_by_active_day ON tickets (event_date) WHERE status = 'active';

-- A price that one order may rely on until it ends.
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
-- What the sweeper looks at, longest ended first.
CREATE INDEX price_quotes_by_end ON price_quotes (expires_at);
