-- Where a code is sent to, and the credential of a security key as JSON: of factors that know neither, null.
-- link_id: authenticators that were made together and go together.
ALTER TABLE authenticator ADD COLUMN phone_number text;
ALTER TABLE authenticator ADD COLUMN email text;
ALTER TABLE authenticator ADD COLUMN preferred_method text;
ALTER TABLE authenticator ADD COLUMN link_id text;
ALTER TABLE authenticator ADD COLUMN key_id text;
ALTER TABLE authenticator ADD COLUMN credential text;
-- WebAuthn level 3, section 7.1, step 26: a credential belongs to one user.
CREATE UNIQUE INDEX authenticator_key_id_key ON authenticator (tenant_id, key_id) WHERE key_id IS NOT NULL;
-- factors_removed_at: when something was last taken away from the user. browsers_forgotten_at: a browser that was remembered
-- before counts for nothing.
ALTER TABLE "user" ADD COLUMN factors_removed_at bigint;
ALTER TABLE "user" ADD COLUMN browsers_forgotten_at bigint;
