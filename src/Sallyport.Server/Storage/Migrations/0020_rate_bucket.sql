-- What all nodes together have let through for a caller, as the instant at which its bucket is whole again.
CREATE TABLE rate_bucket (
    tenant_id text NOT NULL,
    caller text NOT NULL,
    full_at bigint NOT NULL,
    CONSTRAINT rate_bucket_pkey PRIMARY KEY (tenant_id, caller)
);
