-- An audience for which tokens are issued. The system's own is the Management API.
CREATE TABLE resource_server (
    tenant_id text NOT NULL,
    resource_server_id text NOT NULL,
    identifier text NOT NULL,
    name text NOT NULL,
    is_system boolean NOT NULL,
    settings text NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT resource_server_pkey PRIMARY KEY (tenant_id, resource_server_id),
    CONSTRAINT resource_server_identifier_key UNIQUE (tenant_id, identifier),
    CONSTRAINT resource_server_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
CREATE UNIQUE INDEX resource_server_is_system_key ON resource_server (tenant_id) WHERE is_system;
INSERT INTO resource_server (tenant_id, resource_server_id, identifier, name, is_system, settings, created_at)
    SELECT tenant_id, substr(md5(tenant_id || audience), 1, 24), audience, audience, false, '{}', 0
    FROM client_grant GROUP BY tenant_id, audience;
ALTER TABLE client_grant ADD COLUMN grant_id text;
ALTER TABLE client_grant ADD COLUMN subject_type text NOT NULL DEFAULT 'client';
UPDATE client_grant SET grant_id = 'cgr_' || substr(md5(tenant_id || client_id || audience), 1, 16);
ALTER TABLE client_grant ALTER COLUMN grant_id SET NOT NULL;
ALTER TABLE client_grant DROP CONSTRAINT client_grant_pkey;
ALTER TABLE client_grant ADD CONSTRAINT client_grant_pkey PRIMARY KEY (tenant_id, grant_id);
ALTER TABLE client_grant ADD CONSTRAINT client_grant_client_id_audience_subject_type_key
    UNIQUE (tenant_id, client_id, audience, subject_type);
ALTER TABLE client_grant ADD CONSTRAINT client_grant_audience_fkey FOREIGN KEY (tenant_id, audience)
    REFERENCES resource_server (tenant_id, identifier) ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX client_grant_audience_idx ON client_grant (tenant_id, audience);
