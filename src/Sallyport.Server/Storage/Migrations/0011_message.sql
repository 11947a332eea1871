-- The outbox. The content is sealed, and gone once the message is delivered.
CREATE TABLE message (
    tenant_id text NOT NULL,
    message_id text NOT NULL,
    channel text NOT NULL,
    sealed_content bytea,
    created_at bigint NOT NULL,
    due_at bigint NOT NULL,
    attempts bigint NOT NULL,
    delivered_at bigint,
    failed_at bigint,
    last_error text,
    CONSTRAINT message_pkey PRIMARY KEY (tenant_id, message_id)
);
CREATE INDEX message_due_at_idx ON message (tenant_id, due_at) WHERE delivered_at IS NULL AND failed_at IS NULL;
