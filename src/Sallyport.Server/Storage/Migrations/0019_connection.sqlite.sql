-- Where users come from. deleted_at: it is gone for everybody, its users are being removed and its name is not free yet.
CREATE TABLE connection (
    tenant_id text NOT NULL,
    connection_id text NOT NULL,
    name text NOT NULL,
    strategy text NOT NULL,
    settings text NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint,
    CONSTRAINT connection_pkey PRIMARY KEY (tenant_id, connection_id),
    CONSTRAINT connection_name_key UNIQUE (tenant_id, name),
    CONSTRAINT connection_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
INSERT INTO connection (tenant_id, connection_id, name, strategy, settings, created_at)
    SELECT tenant_id, 'con_' || hex(randomblob(8)), connection, 'auth0', '{}', 0
    FROM "user" GROUP BY tenant_id, connection;
