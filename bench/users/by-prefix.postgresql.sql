-- SearchStatements.Select for name:…*, with the settings of its session in the same round trip.
\set i random(0, :users - 1)
\set g :i % 200
\set f (:i / 200) % (:users / 2000)
\startpipeline
SELECT set_config('statement_timeout', CAST(2000 AS text), true), set_config('plan_cache_mode', 'force_custom_plan', true),
    set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true);
SELECT u.user_id, u.connection, u.email, u.email_verified, u.username, u.phone_number, u.phone_verified, u.name, u.nickname,
    u.given_name, u.family_name, u.picture, u.blocked, u.user_metadata, u.app_metadata, u.password_hash,
    u.last_password_reset, u.last_login, u.last_ip, u.logins_count, u.created_at, u.updated_at
FROM "user" u WHERE u.tenant_id = 'default'
    AND u.name_search >= chr(CAST(97 + :g / 26 AS int)) || chr(CAST(97 + :g % 26 AS int)) || 'ra ' || chr(CAST(97 + :f / 676 AS int)) || chr(CAST(97 + :f / 26 % 26 AS int)) || chr(CAST(97 + :f % 26 AS int)) || 's'
    AND u.name_search < chr(CAST(97 + :g / 26 AS int)) || chr(CAST(97 + :g % 26 AS int)) || 'ra ' || chr(CAST(97 + :f / 676 AS int)) || chr(CAST(97 + :f / 26 % 26 AS int)) || chr(CAST(97 + :f % 26 AS int)) || 't'
ORDER BY u.created_at, u.user_id LIMIT CAST(10 AS bigint) OFFSET CAST(0 AS bigint);
\endpipeline
