-- UserStore.FindAsync.
\set i random(0, :users - 1)
SELECT u.user_id, u.connection, u.email, u.email_verified, u.username, u.phone_number, u.phone_verified, u.name, u.nickname,
    u.given_name, u.family_name, u.picture, u.blocked, u.user_metadata, u.app_metadata, u.password_hash,
    u.last_password_reset, u.last_login, u.last_ip, u.logins_count, u.created_at, u.updated_at
FROM "user" u WHERE u.tenant_id = 'default' AND u.user_id = 'auth0|' || lpad(to_hex(CAST(:i AS bigint)), 24, '0');
