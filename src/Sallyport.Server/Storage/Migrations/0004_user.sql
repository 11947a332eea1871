-- Addresses are stored in lower case.
CREATE TABLE "user" (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    connection text NOT NULL,
    email text,
    email_verified boolean NOT NULL,
    username text,
    phone_number text,
    phone_verified boolean,
    name text,
    nickname text,
    given_name text,
    family_name text,
    picture text,
    blocked boolean,
    user_metadata text,
    app_metadata text,
    password_hash text,
    last_password_reset bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT user_pkey PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT user_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
CREATE UNIQUE INDEX user_connection_email_key ON "user" (tenant_id, connection, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX user_connection_username_key ON "user" (tenant_id, connection, username) WHERE username IS NOT NULL;
CREATE INDEX user_email_idx ON "user" (tenant_id, email);
CREATE INDEX user_created_at_idx ON "user" (tenant_id, created_at, user_id);
