-- Complaints about orders.

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

-- Lists come newest change first, and searches read these keys instead of the rows.
CREATE INDEX complaints_by_order ON complaints (
    tenant_id, order_number, updated_at DESC, complaint_id DESC);
CREATE INDEX complaints_by_change ON complaints (
    tenant_id, updated_at DESC, complaint_id DESC, status, is_archived, order_number,
    customer_key, title_key);
CREATE INDEX complaints_by_status ON complaints (
    tenant_id, status, updated_at DESC, complaint_id DESC, is_archived, order_number,
    customer_key, title_key);
