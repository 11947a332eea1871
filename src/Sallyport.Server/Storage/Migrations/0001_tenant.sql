CREATE TABLE tenant (
    tenant_id text NOT NULL,
    settings text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT tenant_pkey PRIMARY KEY (tenant_id)
);
