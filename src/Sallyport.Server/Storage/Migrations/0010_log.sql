-- log_id is 56 digits that begin with the instant: its order is the order of time.
CREATE TABLE log (
    tenant_id text NOT NULL,
    log_id text NOT NULL,
    date bigint NOT NULL,
    type text NOT NULL,
    user_id text,
    client_id text,
    ip text,
    user_agent text,
    details text,
    CONSTRAINT log_pkey PRIMARY KEY (tenant_id, log_id)
);
CREATE INDEX log_user_id_idx ON log (tenant_id, user_id, log_id) WHERE user_id IS NOT NULL;
