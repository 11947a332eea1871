-- origin and origin_id say what started it: for a ticket, its hash.
CREATE TABLE "transaction" (
    tenant_id text NOT NULL,
    transaction_id text NOT NULL,
    user_id text NOT NULL,
    origin text NOT NULL,
    origin_id bytea NOT NULL,
    allow_multiple_enrollments boolean NOT NULL,
    state text NOT NULL,
    state_transport text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT transaction_pkey PRIMARY KEY (tenant_id, transaction_id),
    CONSTRAINT transaction_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX transaction_expires_at_idx ON "transaction" (tenant_id, expires_at);
CREATE INDEX transaction_user_id_idx ON "transaction" (tenant_id, user_id);
