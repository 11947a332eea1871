-- SearchStatements.Select for a range on created_at with a sort, with the settings of its session in the same round trip.
\set i random(0, :users - 11)
\startpipeline
SELECT set_config('statement_timeout', CAST(2000 AS text), true), set_config('plan_cache_mode', 'force_custom_plan', true),
    set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true);
SELECT u.user_id, u.connection, u.email, u.email_verified, u.username, u.phone_number, u.phone_verified, u.name, u.nickname,
    u.given_name, u.family_name, u.picture, u.blocked, u.user_metadata, u.app_metadata, u.password_hash,
    u.last_password_reset, u.last_login, u.last_ip, u.logins_count, u.created_at, u.updated_at
FROM "user" u WHERE u.tenant_id = 'default'
    AND u.created_at >= 1704067200000 + CAST(:i AS bigint) * 60000 AND u.created_at < 1704067200000 + (CAST(:i AS bigint) + 10) * 60000
ORDER BY u.created_at DESC, u.user_id DESC LIMIT CAST(10 AS bigint) OFFSET CAST(0 AS bigint);
\endpipeline
