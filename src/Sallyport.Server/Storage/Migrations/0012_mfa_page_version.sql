-- The texts of the hosted page that were saved last. The settings of the tenant hold the one in use.
CREATE TABLE mfa_page_version (
    tenant_id text NOT NULL,
    version bigint NOT NULL,
    html text NOT NULL,
    client_id text,
    saved_at bigint NOT NULL,
    CONSTRAINT mfa_page_version_pkey PRIMARY KEY (tenant_id, version)
);
