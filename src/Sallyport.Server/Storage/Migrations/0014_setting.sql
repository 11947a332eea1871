-- One row for each kind of setting that somebody has set: a provider, a template, a policy. Secrets lie apart from the rest, sealed.
CREATE TABLE setting (
    tenant_id text NOT NULL,
    name text NOT NULL,
    value text,
    sealed_secrets bytea,
    updated_at bigint NOT NULL,
    CONSTRAINT setting_pkey PRIMARY KEY (tenant_id, name),
    CONSTRAINT setting_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
