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
    SELECT tenant_id, lower(hex(randomblob(12))), audience, audience, false, '{}', 0
    FROM client_grant GROUP BY tenant_id, audience;
-- SQLite adds no key to a table that exists.
ALTER TABLE client_grant RENAME TO client_grant_before;
CREATE TABLE client_grant (
    tenant_id text NOT NULL,
    client_id text NOT NULL,
    audience text NOT NULL,
    scope text NOT NULL,
    grant_id text NOT NULL,
    subject_type text NOT NULL DEFAULT 'client',
    CONSTRAINT client_grant_pkey PRIMARY KEY (tenant_id, grant_id),
    CONSTRAINT client_grant_client_id_audience_subject_type_key UNIQUE (tenant_id, client_id, audience, subject_type),
    CONSTRAINT client_grant_client_id_fkey FOREIGN KEY (tenant_id, client_id)
        REFERENCES client (tenant_id, client_id) ON DELETE CASCADE,
    CONSTRAINT client_grant_audience_fkey FOREIGN KEY (tenant_id, audience)
        REFERENCES resource_server (tenant_id, identifier) ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO client_grant (tenant_id, client_id, audience, scope, grant_id)
    SELECT tenant_id, client_id, audience, scope, 'cgr_' || hex(randomblob(8)) FROM client_grant_before;
DROP TABLE client_grant_before;
CREATE INDEX client_grant_audience_idx ON client_grant (tenant_id, audience);
