-- What searches compare. Columns in _search are folded (UserText.Fold); all of these are compared byte by byte, on every engine alike.
-- search_version is 0 for a row that was written before these columns: SearchBackfill fills it.
ALTER TABLE "user" ADD COLUMN last_login bigint;
ALTER TABLE "user" ADD COLUMN last_ip text;
ALTER TABLE "user" ADD COLUMN logins_count bigint;
ALTER TABLE "user" ADD COLUMN email_domain text;
ALTER TABLE "user" ADD COLUMN name_search text;
ALTER TABLE "user" ADD COLUMN nickname_search text;
ALTER TABLE "user" ADD COLUMN given_name_search text;
ALTER TABLE "user" ADD COLUMN family_name_search text;
ALTER TABLE "user" ADD COLUMN search_version bigint NOT NULL DEFAULT 0;
CREATE INDEX user_search_version_idx ON "user" (tenant_id, user_id) WHERE search_version = 0;
DROP INDEX user_email_idx;
CREATE INDEX user_email_idx ON "user" (tenant_id, email, user_id);
CREATE INDEX user_name_search_idx ON "user" (tenant_id, name_search, user_id);
CREATE INDEX user_nickname_search_idx ON "user" (tenant_id, nickname_search, user_id);
CREATE INDEX user_given_name_search_idx ON "user" (tenant_id, given_name_search, user_id);
CREATE INDEX user_family_name_search_idx ON "user" (tenant_id, family_name_search, user_id);
CREATE INDEX user_updated_at_idx ON "user" (tenant_id, updated_at, user_id);
CREATE INDEX user_last_login_idx ON "user" (tenant_id, last_login, user_id);
CREATE INDEX user_logins_count_idx ON "user" (tenant_id, logins_count, user_id);
-- Few values, many users with each: in the order of a page.
CREATE INDEX user_connection_idx ON "user" (tenant_id, connection, created_at, user_id);
CREATE INDEX user_email_domain_idx ON "user" (tenant_id, email_domain, created_at, user_id) WHERE email_domain IS NOT NULL;
CREATE INDEX user_email_verified_idx ON "user" (tenant_id, email_verified, created_at, user_id);
CREATE INDEX user_phone_verified_idx ON "user" (tenant_id, phone_verified, created_at, user_id) WHERE phone_verified IS NOT NULL;
CREATE INDEX user_blocked_idx ON "user" (tenant_id, blocked, created_at, user_id) WHERE blocked IS NOT NULL;
-- What few users have.
CREATE INDEX user_username_idx ON "user" (tenant_id, username, user_id) WHERE username IS NOT NULL;
CREATE INDEX user_phone_number_idx ON "user" (tenant_id, phone_number, user_id) WHERE phone_number IS NOT NULL;
CREATE INDEX user_last_ip_idx ON "user" (tenant_id, last_ip, user_id) WHERE last_ip IS NOT NULL;
CREATE INDEX user_last_password_reset_idx ON "user" (tenant_id, last_password_reset, user_id) WHERE last_password_reset IS NOT NULL;
CREATE INDEX authenticator_second_factor_idx ON authenticator (tenant_id, user_id)
    WHERE status = 'confirmed' AND factor NOT IN ('recovery-code', 'passkey');
-- One row for each thing that a user's metadata says (MetadataTerms).
CREATE TABLE user_term (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    term bytea NOT NULL,
    CONSTRAINT user_term_pkey PRIMARY KEY (tenant_id, user_id, term),
    CONSTRAINT user_term_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX user_term_term_idx ON user_term (tenant_id, term, user_id);
-- What the planner is to think of a large installation, since nobody else counts: without it, it takes the tenant for the one thing that
-- narrows a search. Rows, and rows that share the first columns of the index.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('user', 'sqlite_autoindex_user_1', '1000000 1000000 1'),
    ('user', 'user_created_at_idx', '1000000 1000000 2 1'),
    ('user', 'user_updated_at_idx', '1000000 1000000 2 1'),
    ('user', 'user_email_idx', '1000000 1000000 2 1'),
    ('user', 'user_name_search_idx', '1000000 1000000 10 1'),
    ('user', 'user_nickname_search_idx', '1000000 1000000 10 1'),
    ('user', 'user_given_name_search_idx', '1000000 1000000 1000 1'),
    ('user', 'user_family_name_search_idx', '1000000 1000000 1000 1'),
    ('user', 'user_last_login_idx', '1000000 1000000 2 1'),
    ('user', 'user_logins_count_idx', '1000000 1000000 2000 1'),
    ('user', 'user_connection_idx', '1000000 1000000 100000 2 1'),
    ('user', 'user_connection_email_key', '1000000 1000000 100000 1'),
    ('user', 'user_connection_username_key', '100000 100000 10000 1'),
    ('user', 'user_email_domain_idx', '1000000 1000000 1000 2 1'),
    ('user', 'user_email_verified_idx', '1000000 1000000 500000 2 1'),
    ('user', 'user_phone_verified_idx', '100000 100000 50000 2 1'),
    ('user', 'user_blocked_idx', '10000 10000 5000 2 1'),
    ('user', 'user_username_idx', '100000 100000 2 1'),
    ('user', 'user_phone_number_idx', '100000 100000 2 1'),
    ('user', 'user_last_ip_idx', '100000 100000 10 1'),
    ('user', 'user_last_password_reset_idx', '100000 100000 2 1'),
    ('user_term', 'user_term', '5000000 5000000 5 1'),
    ('user_term', 'user_term_term_idx', '5000000 5000000 50 1');
ANALYZE sqlite_schema;
