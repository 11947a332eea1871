-- settings: what the Management API shows beyond the columns. The global client stands for all of the tenant's applications.
ALTER TABLE client ADD COLUMN settings text NOT NULL DEFAULT '{}';
ALTER TABLE client ADD COLUMN app_type text;
ALTER TABLE client ADD COLUMN is_first_party boolean NOT NULL DEFAULT true;
ALTER TABLE client ADD COLUMN is_global boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX client_is_global_key ON client (tenant_id) WHERE is_global;
-- Tokens that were issued to the client until then are refused. Kept for as long as one of them may live.
CREATE TABLE client_revocation (
    tenant_id text NOT NULL,
    client_id text NOT NULL,
    revoked_at bigint NOT NULL,
    CONSTRAINT client_revocation_pkey PRIMARY KEY (tenant_id, client_id),
    CONSTRAINT client_revocation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
