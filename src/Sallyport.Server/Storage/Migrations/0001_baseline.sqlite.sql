-- SQLite schema. Nothing is released yet: change this file in place, and its counterpart for the other engine with it.
-- Every table begins with tenant_id. Instants are milliseconds since the Unix epoch and end in _at.

CREATE TABLE tenant (
    tenant_id text NOT NULL,
    settings text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT tenant_pkey PRIMARY KEY (tenant_id)
);

-- The key ring. The master key, which is not in the database, seals every key.
CREATE TABLE key (
    tenant_id text NOT NULL,
    key_id text NOT NULL,
    purpose text NOT NULL,
    status text NOT NULL,
    sealed_material bytea NOT NULL,
    certificate bytea,
    created_at bigint NOT NULL,
    CONSTRAINT key_pkey PRIMARY KEY (tenant_id, key_id),
    CONSTRAINT key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
-- One signing key is current and one is next, so two concurrent rotations rotate once.
CREATE UNIQUE INDEX key_purpose_status_key ON key (tenant_id, purpose, status) WHERE status IN ('current', 'next');

-- settings: members of the Management API's client that have no column. The global client stands for all applications of the tenant.
CREATE TABLE client (
    tenant_id text NOT NULL,
    client_id text NOT NULL,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    settings text NOT NULL DEFAULT '{}',
    app_type text,
    is_first_party boolean NOT NULL DEFAULT true,
    is_global boolean NOT NULL DEFAULT false,
    created_at bigint NOT NULL,
    CONSTRAINT client_pkey PRIMARY KEY (tenant_id, client_id),
    CONSTRAINT client_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
CREATE UNIQUE INDEX client_is_global_key ON client (tenant_id) WHERE is_global;
-- Tokens that were issued to the client before revoked_at are refused. A row is kept as long as such a token may live.
CREATE TABLE client_revocation (
    tenant_id text NOT NULL,
    client_id text NOT NULL,
    revoked_at bigint NOT NULL,
    CONSTRAINT client_revocation_pkey PRIMARY KEY (tenant_id, client_id),
    CONSTRAINT client_revocation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);

-- An audience for which access tokens are issued. The one with is_system is the Management API.
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

CREATE TABLE client_grant (
    tenant_id text NOT NULL,
    grant_id text NOT NULL,
    client_id text NOT NULL,
    audience text NOT NULL,
    scope text NOT NULL,
    subject_type text NOT NULL DEFAULT 'client',
    CONSTRAINT client_grant_pkey PRIMARY KEY (tenant_id, grant_id),
    CONSTRAINT client_grant_client_id_audience_subject_type_key UNIQUE (tenant_id, client_id, audience, subject_type),
    CONSTRAINT client_grant_client_id_fkey FOREIGN KEY (tenant_id, client_id)
        REFERENCES client (tenant_id, client_id) ON DELETE CASCADE,
    CONSTRAINT client_grant_audience_fkey FOREIGN KEY (tenant_id, audience)
        REFERENCES resource_server (tenant_id, identifier) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX client_grant_audience_idx ON client_grant (tenant_id, audience);

-- A set of users. A row with deleted_at is no longer visible; its users are being removed and its name is still taken.
CREATE TABLE connection (
    tenant_id text NOT NULL,
    connection_id text NOT NULL,
    name text NOT NULL,
    strategy text NOT NULL,
    settings text NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint,
    CONSTRAINT connection_pkey PRIMARY KEY (tenant_id, connection_id),
    CONSTRAINT connection_name_key UNIQUE (tenant_id, name),
    CONSTRAINT connection_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);

-- Email addresses are stored in lower case. Columns in _search are folded (UserText.Fold) and compared byte by byte.
-- factors_removed_at: when an authenticator of the user was last removed. browsers_forgotten_at: browsers remembered before it do not count.
CREATE TABLE "user" (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    connection text NOT NULL,
    email text,
    email_verified boolean NOT NULL,
    email_domain text,
    username text,
    phone_number text,
    phone_verified boolean,
    name text,
    name_search text,
    nickname text,
    nickname_search text,
    given_name text,
    given_name_search text,
    family_name text,
    family_name_search text,
    picture text,
    blocked boolean,
    user_metadata text,
    app_metadata text,
    password_hash text,
    last_password_reset bigint,
    last_login bigint,
    last_ip text,
    logins_count bigint,
    factors_removed_at bigint,
    browsers_forgotten_at bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT user_pkey PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT user_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
CREATE UNIQUE INDEX user_connection_email_key ON "user" (tenant_id, connection, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX user_connection_username_key ON "user" (tenant_id, connection, username) WHERE username IS NOT NULL;
CREATE INDEX user_created_at_idx ON "user" (tenant_id, created_at, user_id);
CREATE INDEX user_updated_at_idx ON "user" (tenant_id, updated_at, user_id);
CREATE INDEX user_email_idx ON "user" (tenant_id, email, user_id);
CREATE INDEX user_name_search_idx ON "user" (tenant_id, name_search, user_id);
CREATE INDEX user_nickname_search_idx ON "user" (tenant_id, nickname_search, user_id);
CREATE INDEX user_given_name_search_idx ON "user" (tenant_id, given_name_search, user_id);
CREATE INDEX user_family_name_search_idx ON "user" (tenant_id, family_name_search, user_id);
CREATE INDEX user_last_login_idx ON "user" (tenant_id, last_login, user_id);
CREATE INDEX user_logins_count_idx ON "user" (tenant_id, logins_count, user_id);
-- Columns with few distinct values: the index continues in the order of a page.
CREATE INDEX user_connection_idx ON "user" (tenant_id, connection, created_at, user_id);
CREATE INDEX user_email_domain_idx ON "user" (tenant_id, email_domain, created_at, user_id) WHERE email_domain IS NOT NULL;
CREATE INDEX user_email_verified_idx ON "user" (tenant_id, email_verified, created_at, user_id);
CREATE INDEX user_phone_verified_idx ON "user" (tenant_id, phone_verified, created_at, user_id) WHERE phone_verified IS NOT NULL;
CREATE INDEX user_blocked_idx ON "user" (tenant_id, blocked, created_at, user_id) WHERE blocked IS NOT NULL;
-- Columns that few users have.
CREATE INDEX user_username_idx ON "user" (tenant_id, username, user_id) WHERE username IS NOT NULL;
CREATE INDEX user_phone_number_idx ON "user" (tenant_id, phone_number, user_id) WHERE phone_number IS NOT NULL;
CREATE INDEX user_last_ip_idx ON "user" (tenant_id, last_ip, user_id) WHERE last_ip IS NOT NULL;
CREATE INDEX user_last_password_reset_idx ON "user" (tenant_id, last_password_reset, user_id) WHERE last_password_reset IS NOT NULL;
-- One row for each searchable statement of a user's metadata (MetadataTerms).
CREATE TABLE user_term (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    term bytea NOT NULL,
    CONSTRAINT user_term_pkey PRIMARY KEY (tenant_id, user_id, term),
    CONSTRAINT user_term_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX user_term_term_idx ON user_term (tenant_id, term, user_id);
-- SQLite collects no statistics by itself. These describe a large installation: without them the planner takes tenant_id for the most
-- selective column. The numbers are rows, then rows that share the first column, the first two columns and so on.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('user', 'sqlite_autoindex_user_1', '1000000 1000000 1'),
    ('user', 'user_created_at_idx', '1000000 1000000 2 1'),
    ('user', 'user_updated_at_idx', '1000000 1000000 2 1'),
    ('user', 'user_email_idx', '1000000 1000000 2 1'),
    ('user', 'user_name_search_idx', '1000000 1000000 10 1'),
    ('user', 'user_nickname_search_idx', '1000000 1000000 10 1'),
    ('user', 'user_given_name_search_idx', '1000000 1000000 1000 1'),
    ('user', 'user_family_name_search_idx', '1000000 1000000 1000 1'),
    ('user', 'user_last_login_idx', '1000000 1000000 2 1'),
    ('user', 'user_logins_count_idx', '1000000 1000000 2000 1'),
    ('user', 'user_connection_idx', '1000000 1000000 100000 2 1'),
    ('user', 'user_connection_email_key', '1000000 1000000 100000 1'),
    ('user', 'user_connection_username_key', '100000 100000 10000 1'),
    ('user', 'user_email_domain_idx', '1000000 1000000 1000 2 1'),
    ('user', 'user_email_verified_idx', '1000000 1000000 500000 2 1'),
    ('user', 'user_phone_verified_idx', '100000 100000 50000 2 1'),
    ('user', 'user_blocked_idx', '10000 10000 5000 2 1'),
    ('user', 'user_username_idx', '100000 100000 2 1'),
    ('user', 'user_phone_number_idx', '100000 100000 2 1'),
    ('user', 'user_last_ip_idx', '100000 100000 10 1'),
    ('user', 'user_last_password_reset_idx', '100000 100000 2 1'),
    ('user_term', 'user_term', '5000000 5000000 5 1'),
    ('user_term', 'user_term_term_idx', '5000000 5000000 50 1');
ANALYZE sqlite_schema;

CREATE TABLE factor (
    tenant_id text NOT NULL,
    name text NOT NULL,
    enabled boolean NOT NULL,
    CONSTRAINT factor_pkey PRIMARY KEY (tenant_id, name),
    CONSTRAINT factor_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);

-- Only a hash of the id is stored, so a copy of this table opens nothing. ended_at: withdrawn, or superseded by another enrollment.
CREATE TABLE ticket (
    tenant_id text NOT NULL,
    ticket_hash bytea NOT NULL,
    user_id text NOT NULL,
    factor text,
    allow_multiple_enrollments boolean NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    ended_at bigint,
    CONSTRAINT ticket_pkey PRIMARY KEY (tenant_id, ticket_hash),
    CONSTRAINT ticket_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX ticket_expires_at_idx ON ticket (tenant_id, expires_at);
CREATE INDEX ticket_user_id_idx ON ticket (tenant_id, user_id);

-- One attempt at an enrollment or a sign-in. origin and origin_id name what started it (for a ticket, its hash).
-- wrong_codes counts while the transaction enrolls; sign-in attempts count in table attempt.
-- proved_by is the authenticator whose response was accepted. waived_by: why it was accepted without one (Waiver). remembers_browser: the person
-- has had the browser remembered.
CREATE TABLE "transaction" (
    tenant_id text NOT NULL,
    transaction_id text NOT NULL,
    user_id text NOT NULL,
    client_id text,
    origin text NOT NULL,
    origin_id bytea NOT NULL,
    origin_data text,
    enrolls boolean NOT NULL,
    enrollment_tx_hash bytea,
    allow_multiple_enrollments boolean NOT NULL,
    state text NOT NULL,
    state_transport text,
    starts bigint NOT NULL,
    wrong_codes bigint NOT NULL,
    last_attempt text,
    proved_by text,
    amr text,
    factors text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    accepted_at bigint,
    redeemed_at bigint,
    waived_by text,
    remembers_browser boolean NOT NULL DEFAULT false,
    CONSTRAINT transaction_pkey PRIMARY KEY (tenant_id, transaction_id),
    CONSTRAINT transaction_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX transaction_expires_at_idx ON "transaction" (tenant_id, expires_at);
CREATE INDEX transaction_user_id_idx ON "transaction" (tenant_id, user_id);
CREATE INDEX transaction_enrollment_tx_hash_idx ON "transaction" (tenant_id, enrollment_tx_hash) WHERE enrollment_tx_hash IS NOT NULL;

-- One enrolled or pending device, number, key or code. transaction_id is the enrollment that made it; a pending row has no effect outside of it.
-- is_enrollment: it makes its user enrolled (a recovery code does not). link_id: rows that were made together and are removed together.
-- halted_at: its user has reported a challenge as not their own.
-- unique_key: no two confirmed rows of a tenant share it (a WebAuthn credential id; the user of a recovery code).
-- data: versioned JSON that only the factor reads; secrets in it are sealed or hashed.
CREATE TABLE authenticator (
    tenant_id text NOT NULL,
    authenticator_id text NOT NULL,
    user_id text NOT NULL,
    factor text NOT NULL,
    is_enrollment boolean NOT NULL,
    status text NOT NULL,
    transaction_id text,
    name text,
    link_id text,
    unique_key text,
    data text NOT NULL,
    created_at bigint NOT NULL,
    enrolled_at bigint,
    last_auth_at bigint,
    halted_at bigint,
    preferred_at bigint,
    CONSTRAINT authenticator_pkey PRIMARY KEY (tenant_id, authenticator_id),
    CONSTRAINT authenticator_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX authenticator_user_id_idx ON authenticator (tenant_id, user_id);
CREATE UNIQUE INDEX authenticator_unique_key_key ON authenticator (tenant_id, unique_key)
    WHERE unique_key IS NOT NULL AND status = 'confirmed';
CREATE INDEX authenticator_enrolled_idx ON authenticator (tenant_id, user_id) WHERE status = 'confirmed' AND is_enrollment;

-- What was sent out or shown for one authenticator in one transaction. data: versioned JSON of the factor, for example the hash of a code.
-- destination: the country and the first digits of the phone number that it was sent to. Null for other challenges.
CREATE TABLE challenge (
    tenant_id text NOT NULL,
    challenge_id text NOT NULL,
    transaction_id text NOT NULL,
    authenticator_id text NOT NULL,
    user_id text NOT NULL,
    factor text NOT NULL,
    data text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    answered_at bigint,
    destination text,
    message_id text,
    CONSTRAINT challenge_pkey PRIMARY KEY (tenant_id, challenge_id),
    CONSTRAINT challenge_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX challenge_transaction_id_idx ON challenge (tenant_id, transaction_id);
CREATE INDEX challenge_user_id_idx ON challenge (tenant_id, user_id, created_at);
CREATE INDEX challenge_destination_idx ON challenge (tenant_id, created_at) WHERE destination IS NOT NULL;

-- How many messages to phones were sent in an hour: to one destination (country and first digits), or, with an empty destination, by the tenant.
CREATE TABLE phone_usage (
    tenant_id text NOT NULL,
    destination text NOT NULL,
    hour_at bigint NOT NULL,
    sent bigint NOT NULL,
    CONSTRAINT phone_usage_pkey PRIMARY KEY (tenant_id, destination, hour_at)
);

-- Destinations to which no messages are sent until resumed_at is set. sent, entered: the codes for which it was halted.
CREATE TABLE phone_halt (
    tenant_id text NOT NULL,
    destination text NOT NULL,
    halted_at bigint NOT NULL,
    sent bigint NOT NULL,
    entered bigint NOT NULL,
    resumed_at bigint,
    CONSTRAINT phone_halt_pkey PRIMARY KEY (tenant_id, destination)
);

-- One row for each user and factor: how many challenges may still be sent. full_at is the instant at which the budget is full again.
CREATE TABLE challenge_budget (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    factor text NOT NULL,
    full_at bigint NOT NULL,
    CONSTRAINT challenge_budget_pkey PRIMARY KEY (tenant_id, user_id, factor),
    CONSTRAINT challenge_budget_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);

-- One row a user: the budget of wrong codes at sign-in, across factors, transactions and addresses.
-- full_at is the instant at which the budget is full again.
CREATE TABLE attempt (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    full_at bigint NOT NULL,
    CONSTRAINT attempt_pkey PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT attempt_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);

-- The budget of wrong passwords for what was typed as a user name, whether or not there is such a user.
CREATE TABLE password_attempt (
    tenant_id text NOT NULL,
    identifier_hash text NOT NULL,
    full_at bigint NOT NULL,
    CONSTRAINT password_attempt_pkey PRIMARY KEY (tenant_id, identifier_hash)
);
CREATE INDEX password_attempt_full_at_idx ON password_attempt (tenant_id, full_at);

-- log_id is 56 digits that begin with the instant, so its order is the order of time.
-- refusal_key, refusal_count: refusals that share an entry, and how many there were. Null for all other entries.
CREATE TABLE log (
    tenant_id text NOT NULL,
    log_id text NOT NULL,
    date bigint NOT NULL,
    type text NOT NULL,
    user_id text,
    client_id text,
    ip text,
    user_agent text,
    details text,
    refusal_key bytea,
    refusal_count bigint,
    CONSTRAINT log_pkey PRIMARY KEY (tenant_id, log_id)
);
CREATE UNIQUE INDEX log_refusal_key_key ON log (tenant_id, refusal_key) WHERE refusal_key IS NOT NULL;
CREATE INDEX log_user_id_idx ON log (tenant_id, user_id, log_id) WHERE user_id IS NOT NULL;
CREATE INDEX log_type_idx ON log (tenant_id, type, log_id);

-- The outbox. The content is sealed, and deleted once the message is delivered.
CREATE TABLE message (
    tenant_id text NOT NULL,
    message_id text NOT NULL,
    channel text NOT NULL,
    user_id text,
    destination text,
    sealed_content bytea,
    created_at bigint NOT NULL,
    due_at bigint NOT NULL,
    expires_at bigint,
    attempts bigint NOT NULL,
    delivered_at bigint,
    failed_at bigint,
    last_error text,
    CONSTRAINT message_pkey PRIMARY KEY (tenant_id, message_id)
);
CREATE INDEX message_due_at_idx ON message (tenant_id, channel, due_at) WHERE delivered_at IS NULL AND failed_at IS NULL;

-- The last saved versions of the hosted page. The tenant's settings hold the one in use.
CREATE TABLE mfa_page_version (
    tenant_id text NOT NULL,
    version bigint NOT NULL,
    html text NOT NULL,
    client_id text,
    saved_by text,
    saved_at bigint NOT NULL,
    CONSTRAINT mfa_page_version_pkey PRIMARY KEY (tenant_id, version)
);

-- Previews of the hosted page that a browser can open for a few minutes. Only a hash of what is in the address.
CREATE TABLE mfa_page_preview (
    tenant_id text NOT NULL,
    preview_hash bytea NOT NULL,
    html text NOT NULL,
    nonce text NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT mfa_page_preview_pkey PRIMARY KEY (tenant_id, preview_hash)
);

-- One row for each kind of setting that was set: a provider, a template, a policy. Secrets are stored apart from the rest, sealed.
CREATE TABLE setting (
    tenant_id text NOT NULL,
    name text NOT NULL,
    value text,
    sealed_secrets bytea,
    updated_at bigint NOT NULL,
    CONSTRAINT setting_pkey PRIMARY KEY (tenant_id, name),
    CONSTRAINT setting_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);

-- How much of a caller's rate limit all nodes together have used, as the instant at which the bucket is full again.
CREATE TABLE rate_bucket (
    tenant_id text NOT NULL,
    caller text NOT NULL,
    full_at bigint NOT NULL,
    CONSTRAINT rate_bucket_pkey PRIMARY KEY (tenant_id, caller)
);

-- Work that continues after its request was answered. parameters: the request, as JSON. sealed_file: the users to import, deleted when done.
-- A worker holds a job until due_at. position: finished records of an import, moved in the transaction that writes them; pieces of the file of
-- a finished export.
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
-- The file of a users export, in numbered pieces. Sealed.
CREATE TABLE export_chunk (
    tenant_id text NOT NULL,
    job_id text NOT NULL,
    number bigint NOT NULL,
    sealed_content bytea NOT NULL,
    CONSTRAINT export_chunk_pkey PRIMARY KEY (tenant_id, job_id, number),
    CONSTRAINT export_chunk_job_id_fkey FOREIGN KEY (tenant_id, job_id) REFERENCES job (tenant_id, job_id) ON DELETE CASCADE
);
-- Progress of a file that is imported from the command line. It moves in the transaction that writes the users, and is deleted at the end.
-- file_hash: of the file's content, its destination and its options.
CREATE TABLE file_import (
    tenant_id text NOT NULL,
    file_hash bytea NOT NULL,
    lines bigint NOT NULL,
    inserted bigint NOT NULL,
    updated bigint NOT NULL,
    failed bigint NOT NULL,
    moved_at bigint NOT NULL,
    CONSTRAINT file_import_pkey PRIMARY KEY (tenant_id, file_hash),
    CONSTRAINT file_import_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);

-- Links that verify an email address. Only a hash of what is in the link.
CREATE TABLE email_verification (
    tenant_id text NOT NULL,
    link_hash bytea NOT NULL,
    user_id text NOT NULL,
    email text NOT NULL,
    client_id text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    ended_at bigint,
    CONSTRAINT email_verification_pkey PRIMARY KEY (tenant_id, link_hash),
    CONSTRAINT email_verification_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX email_verification_expires_at_idx ON email_verification (tenant_id, expires_at);
CREATE INDEX email_verification_user_id_idx ON email_verification (tenant_id, user_id);

-- A browser in which a user is not asked for a second factor again. Only a hash of what is in the cookie, bound to the user.
-- factor: what was proved when it was remembered, at created_at.
CREATE TABLE remembered_browser (
    tenant_id text NOT NULL,
    browser_hash bytea NOT NULL,
    user_id text NOT NULL,
    factor text NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint NOT NULL,
    CONSTRAINT remembered_browser_pkey PRIMARY KEY (tenant_id, browser_hash),
    CONSTRAINT remembered_browser_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX remembered_browser_last_used_at_idx ON remembered_browser (tenant_id, last_used_at);
CREATE INDEX remembered_browser_user_id_idx ON remembered_browser (tenant_id, user_id);

-- A pushed authorization request (RFC 9126), until a browser presents its request_uri. Only a hash of the reference.
-- is_authenticated: by a client with a secret.
CREATE TABLE pushed_request (
    tenant_id text NOT NULL,
    request_hash bytea NOT NULL,
    client_id text NOT NULL,
    parameters text NOT NULL,
    is_authenticated boolean NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    CONSTRAINT pushed_request_pkey PRIMARY KEY (tenant_id, request_hash)
);
CREATE INDEX pushed_request_expires_at_idx ON pushed_request (tenant_id, expires_at);

-- An authorization request of OpenID Connect that a browser has made, and the code that answers it. Only hashes of the code and of what is in
-- the browser's cookie. user_id, transaction_id and code_hash are set together, when the user has signed in; Microsoft Entra gets no code. revoked_at is
-- set when a code that was exchanged is presented again.
CREATE TABLE authorization_request (
    tenant_id text NOT NULL,
    request_id text NOT NULL,
    browser_hash bytea NOT NULL,
    client_id text NOT NULL,
    parameters text NOT NULL,
    expires_at bigint NOT NULL,
    user_id text,
    transaction_id text,
    code_hash bytea,
    code_expires_at bigint,
    exchanged_at bigint,
    ended_at bigint,
    revoked_at bigint,
    CONSTRAINT authorization_request_pkey PRIMARY KEY (tenant_id, request_id),
    CONSTRAINT authorization_request_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX authorization_request_code_hash_key ON authorization_request (tenant_id, code_hash);
CREATE INDEX authorization_request_expires_at_idx ON authorization_request (tenant_id, expires_at);
CREATE INDEX authorization_request_user_id_idx ON authorization_request (tenant_id, user_id);

-- A person who may use the dashboard: a user of a connection that only administrators have, so that password and factors are those of a user.
-- signed_in_at: the last sign-in; null for one who was invited and has not signed in yet.
CREATE TABLE administrator (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    role text NOT NULL,
    created_at bigint NOT NULL,
    signed_in_at bigint,
    CONSTRAINT administrator_pkey PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT administrator_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES "user" (tenant_id, user_id) ON DELETE CASCADE
);

-- Links with which an administrator sets a password and signs in for the first time, or again after losing access. Only a hash of what is in the link.
CREATE TABLE administrator_invitation (
    tenant_id text NOT NULL,
    invitation_hash bytea NOT NULL,
    user_id text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    ended_at bigint,
    CONSTRAINT administrator_invitation_pkey PRIMARY KEY (tenant_id, invitation_hash),
    CONSTRAINT administrator_invitation_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES administrator (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX administrator_invitation_expires_at_idx ON administrator_invitation (tenant_id, expires_at);
CREATE INDEX administrator_invitation_user_id_idx ON administrator_invitation (tenant_id, user_id);

-- A browser in which an administrator is signed in. Only a hash of what is in the cookie; session_id names the session in lists.
CREATE TABLE administrator_session (
    tenant_id text NOT NULL,
    session_hash bytea NOT NULL,
    session_id text NOT NULL,
    user_id text NOT NULL,
    ip text,
    user_agent text,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    CONSTRAINT administrator_session_pkey PRIMARY KEY (tenant_id, session_hash),
    CONSTRAINT administrator_session_session_id_key UNIQUE (tenant_id, session_id),
    CONSTRAINT administrator_session_user_id_fkey FOREIGN KEY (tenant_id, user_id)
        REFERENCES administrator (tenant_id, user_id) ON DELETE CASCADE
);
CREATE INDEX administrator_session_user_id_idx ON administrator_session (tenant_id, user_id);
CREATE INDEX administrator_session_created_at_idx ON administrator_session (tenant_id, created_at);
