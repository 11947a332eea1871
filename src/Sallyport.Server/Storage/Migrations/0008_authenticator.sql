-- transaction_id names the enrollment that made the row; a pending row counts for nothing outside of it.
-- sealed_secret: what a code is computed from. secret_hash: what a code is compared with.
CREATE TABLE authenticator (
    tenant_id text NOT NULL,
    authenticator_id text NOT NULL,
    user_id text NOT NULL,
    factor text NOT NULL,
    status text NOT NULL,
    transaction_id text,
    name text,
    sealed_secret bytea,
    secret_hash bytea,
    last_step bigint,
    created_at bigint NOT NULL,
    enrolled_at bigint,
    last_auth_at bigint,
    CONSTRAINT authenticator_pkey PRIMARY KEY (tenant_id, authenticator_id),
    CONSTRAINT authenticator_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX authenticator_user_id_idx ON authenticator (tenant_id, user_id);
-- A user has one recovery code at a time.
CREATE UNIQUE INDEX authenticator_recovery_code_key ON authenticator (tenant_id, user_id)
    WHERE factor = 'recovery-code' AND status = 'confirmed';
