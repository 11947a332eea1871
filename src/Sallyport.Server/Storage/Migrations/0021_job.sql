-- What goes on after its request was answered. parameters: what was asked for, as JSON. sealed_file: the users to import, gone once they are in.
-- Whoever works at a job holds it until due_at; position counts the records that are done, and moves in the transaction that writes them.
CREATE TABLE job (
    tenant_id text NOT NULL,
    job_id text NOT NULL,
    type text NOT NULL,
    status text NOT NULL,
    parameters text NOT NULL,
    sealed_file bytea,
    position bigint NOT NULL,
    total bigint NOT NULL,
    inserted bigint NOT NULL,
    updated bigint NOT NULL,
    failed bigint NOT NULL,
    created_at bigint NOT NULL,
    started_at bigint,
    finished_at bigint,
    due_at bigint NOT NULL,
    attempts bigint NOT NULL,
    holder text,
    status_details text,
    client_id text,
    ip text,
    user_agent text,
    CONSTRAINT job_pkey PRIMARY KEY (tenant_id, job_id),
    CONSTRAINT job_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
CREATE INDEX job_due_at_idx ON job (tenant_id, due_at) WHERE finished_at IS NULL;
-- Records that were refused, without their secrets.
CREATE TABLE job_error (
    tenant_id text NOT NULL,
    job_id text NOT NULL,
    position bigint NOT NULL,
    error text NOT NULL,
    CONSTRAINT job_error_pkey PRIMARY KEY (tenant_id, job_id, position),
    CONSTRAINT job_error_job_id_fkey FOREIGN KEY (tenant_id, job_id) REFERENCES job (tenant_id, job_id) ON DELETE CASCADE
);
