-- The key ring. Every key is sealed by the master key, which is never stored here.
CREATE TABLE key (
    tenant_id text NOT NULL,
    key_id text NOT NULL,
    purpose text NOT NULL,
    status text NOT NULL,
    sealed_material bytea NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT key_pkey PRIMARY KEY (tenant_id, key_id),
    CONSTRAINT key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
-- One signing key signs and one waits: whoever rotates twice at once rotates once.
CREATE UNIQUE INDEX key_purpose_status_key ON key (tenant_id, purpose, status) WHERE status IN ('current', 'next');
