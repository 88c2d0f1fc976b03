-- An address is locked out whichever tenants its failures name (tickets.md, section 2).
DROP INDEX login_failures_by_address;
CREATE INDEX login_failures_by_address ON login_failures (client_address, failed_at);
