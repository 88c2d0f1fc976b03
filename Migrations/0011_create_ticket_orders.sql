-- Orders of ticket upgrades and their payments (tickets.md, section 11).

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

-- A ticket has one open order at most, and its orders, newest first.
CREATE UNIQUE INDEX ticket_orders_open ON ticket_orders (tenant_id, ticket_id)
    WHERE status IN ('pending', 'processing');
CREATE INDEX ticket_orders_by_ticket ON ticket_orders (
    tenant_id, ticket_id, created_at DESC, order_id);
CREATE INDEX ticket_orders_by_customer ON ticket_orders (
    tenant_id, customer_id, created_at DESC, order_id);
CREATE INDEX ticket_orders_by_age ON ticket_orders (tenant_id, created_at DESC, order_id);
CREATE INDEX ticket_orders_by_payment ON ticket_orders (tenant_id, payment_id)
    WHERE payment_id IS NOT NULL;
-- What lapses, soonest first.
CREATE INDEX ticket_orders_unpaid ON ticket_orders (expires_at) WHERE status = 'pending';
-- The figures by status.
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

-- Nobody is charged twice at the same time, nor again for what is paid.
CREATE UNIQUE INDEX payments_live ON payments (tenant_id, order_id)
    WHERE status IN ('processing', 'completed');
CREATE INDEX payments_by_order ON payments (tenant_id, order_id, created_at DESC);
-- What is settled after a crash.
CREATE INDEX payments_processing ON payments (created_at) WHERE status = 'processing';

-- What the built-in test provider has "charged": its own books, which outlive a crash as those of
-- a real one would.
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

-- The payment that a request with an Idempotency-Key began, from which a repeat is answered.
ALTER TABLE idempotency_keys ADD COLUMN payment_id TEXT;
