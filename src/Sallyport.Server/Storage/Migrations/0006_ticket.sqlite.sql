-- Only a hash of the id: whoever reads this table can open nothing.
CREATE TABLE ticket (
    tenant_id text NOT NULL,
    ticket_hash bytea NOT NULL,
    user_id text NOT NULL,
    factor text,
    allow_multiple_enrollments boolean NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    CONSTRAINT ticket_pkey PRIMARY KEY (tenant_id, ticket_hash),
    CONSTRAINT ticket_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX ticket_expires_at_idx ON ticket (tenant_id, expires_at);
CREATE INDEX ticket_user_id_idx ON ticket (tenant_id, user_id);
