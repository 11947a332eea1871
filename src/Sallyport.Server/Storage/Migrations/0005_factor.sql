CREATE TABLE factor (
    tenant_id text NOT NULL,
    name text NOT NULL,
    enabled boolean NOT NULL,
    CONSTRAINT factor_pkey PRIMARY KEY (tenant_id, name),
    CONSTRAINT factor_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
