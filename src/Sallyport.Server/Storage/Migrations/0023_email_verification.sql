-- Links that were sent to an address, to find out whether its user reads there. Only a hash of what is in the link.
CREATE TABLE email_verification (
    tenant_id text NOT NULL,
    link_hash bytea NOT NULL,
    user_id text NOT NULL,
    email text NOT NULL,
    client_id text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    CONSTRAINT email_verification_pkey PRIMARY KEY (tenant_id, link_hash),
    CONSTRAINT email_verification_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX email_verification_expires_at_idx ON email_verification (tenant_id, expires_at);
CREATE INDEX email_verification_user_id_idx ON email_verification (tenant_id, user_id);
