-- SearchStatements.Select for app_metadata.account, as a text and as a number, with the settings of its session in the same round trip.
\set i random(0, :users - 1)
\startpipeline
SELECT set_config('statement_timeout', CAST(2000 AS text), true), set_config('plan_cache_mode', 'force_custom_plan', true),
    set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true);
SELECT u.user_id, u.connection, u.email, u.email_verified, u.username, u.phone_number, u.phone_verified, u.name, u.nickname,
    u.given_name, u.family_name, u.picture, u.blocked, u.user_metadata, u.app_metadata, u.password_hash,
    u.last_password_reset, u.last_login, u.last_ip, u.logins_count, u.created_at, u.updated_at
FROM "user" u WHERE u.tenant_id = 'default' AND u.user_id IN (
    SELECT s.user_id FROM user_term s WHERE s.tenant_id = 'default' AND s.term IN (
        substring(sha256('\x01'::bytea || convert_to('20' || chr(58) || 'app_metadata.account' || CAST(:i AS bigint) / 10, 'UTF8')) FROM 1 FOR 16),
        substring(sha256('\x02'::bytea || convert_to('20' || chr(58) || 'app_metadata.account' || CAST(:i AS bigint) / 10, 'UTF8')) FROM 1 FOR 16)))
ORDER BY u.created_at, u.user_id LIMIT CAST(10 AS bigint) OFFSET CAST(0 AS bigint);
\endpipeline
