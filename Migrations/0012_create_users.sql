-- Who may do what: people, the families of tokens that they sign in with, and programs' keys
-- (tickets.md, sections 2 and 11).

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

-- A sign-in is a family; each use of its token makes the next of the family.
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

-- Sign-ins that failed, whether or not there is such an account.
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
CREATE INDEX login_failures_by_address ON login_failures (tenant_id, client_address, failed_at);
CREATE INDEX login_failures_by_age ON login_failures (failed_at);
