CREATE TABLE client (
    tenant_id text NOT NULL,
    client_id text NOT NULL,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT client_pkey PRIMARY KEY (tenant_id, client_id),
    CONSTRAINT client_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
CREATE TABLE client_grant (
    tenant_id text NOT NULL,
    client_id text NOT NULL,
    audience text NOT NULL,
    scope text NOT NULL,
    CONSTRAINT client_grant_pkey PRIMARY KEY (tenant_id, client_id, audience),
    CONSTRAINT client_grant_client_id_fkey FOREIGN KEY (tenant_id, client_id)
        REFERENCES client (tenant_id, client_id) ON DELETE CASCADE
);
