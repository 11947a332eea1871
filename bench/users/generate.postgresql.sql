-- Generates users deterministically by number: -v users=N, a multiple of 2000. Ten users share each name, ten each account; one user is created per minute.
-- Indexes are built at the end. Foreign keys are not checked, because all references are valid.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
CREATE TEMP TABLE kept AS
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index i WHERE indrelid IN ('"user"'::regclass, 'user_term'::regclass) AND NOT indisunique;
SELECT 'DROP INDEX ' || name FROM kept \gexec
ALTER TABLE user_term DROP CONSTRAINT user_term_pkey;

INSERT INTO "user" (tenant_id, user_id, connection, email, email_verified, name, nickname, given_name, family_name, picture, user_metadata,
    app_metadata, created_at, updated_at, email_domain, name_search, nickname_search, given_name_search, family_name_search)
SELECT 'default', 'auth0|' || lpad(to_hex(i), 24, '0'), 'Username-Password-Authentication', 'user' || i || '@example' || i % 1000 || '.com',
    i % 3 = 0, given || ' ' || family, 'user' || i, given, family, 'https://s.gravatar.com/avatar/' || md5(i::text) || '?s=480&r=pg',
    '{"color":"c' || i % 100 || '"}', '{"account":' || i / 10 || ',"plan":"' || plan || '"}', 1704067200000 + i * 60000, 1704067200000 + i * 60000,
    'example' || i % 1000 || '.com', lower(given || ' ' || family), 'user' || i, lower(given), lower(family)
FROM generate_series(0, CAST(:users AS bigint) - 1) i,
    LATERAL (SELECT i % 200 AS g, (i / 200) % (:users / 2000) AS f) numbers,
    LATERAL (SELECT chr((65 + g / 26)::int) || chr((97 + g % 26)::int) || 'ra' AS given,
        chr((65 + f / 676)::int) || chr((97 + f / 26 % 26)::int) || chr((97 + f % 26)::int) || 'son' AS family,
        CASE WHEN i % 10 = 0 THEN 'gold' ELSE 'free' END AS plan) names;

-- MetadataTerms.Of: the kind, the length of the path, the path, the value.
INSERT INTO user_term (tenant_id, user_id, term)
SELECT 'default', 'auth0|' || lpad(to_hex(i), 24, '0'),
    substring(sha256(kind::bytea || convert_to(length(path) || ':' || path || value, 'UTF8')) FROM 1 FOR 16)
FROM generate_series(0, CAST(:users AS bigint) - 1) i,
    LATERAL (VALUES ('\x00', 'app_metadata', ''), ('\x00', 'app_metadata.account', ''), ('\x00', 'app_metadata.plan', ''),
        ('\x00', 'user_metadata', ''), ('\x00', 'user_metadata.color', ''),
        ('\x02', 'app_metadata.account', (i / 10)::text), ('\x01', 'app_metadata.plan', CASE WHEN i % 10 = 0 THEN 'gold' ELSE 'free' END),
        ('\x01', 'user_metadata.color', 'c' || i % 100)) terms (kind, path, value);

SELECT definition FROM kept \gexec
ALTER TABLE user_term ADD CONSTRAINT user_term_pkey PRIMARY KEY (tenant_id, user_id, term);
VACUUM ANALYZE "user";
VACUUM ANALYZE user_term;
CHECKPOINT;
