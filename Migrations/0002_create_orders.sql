-- Orders of goods, their history, and the counters that number them.

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

-- Lists come newest first. A search for a part of a name or SKU reads these keys in that order
-- instead of the rows, so it costs a scan of one tenant's index at worst.
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

-- The last number given out, per tenant and kind of record.
CREATE TABLE counters (
    tenant_id TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    value     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
) STRICT;
