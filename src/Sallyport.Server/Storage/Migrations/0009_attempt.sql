-- One row a user: the budget of wrong codes, across factors, transactions and addresses.
-- full_at is the instant at which the budget is whole again; last_attempt marks who counted last.
CREATE TABLE attempt (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    full_at bigint NOT NULL,
    last_attempt text NOT NULL,
    CONSTRAINT attempt_pkey PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT attempt_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
