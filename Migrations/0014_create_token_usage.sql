-- What each tenant used of models, per UTC day and provider; counted with every response.

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
