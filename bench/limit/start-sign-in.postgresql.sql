-- SignInOrigin.FindGrantAsync: TransactionStore.FindWithUser and UserFactors.OfUser, in one round trip.
\startpipeline
SELECT t.user_id, t.client_id, t.origin, t.origin_id, t.origin_data, t.enrolls, t.allow_multiple_enrollments, t.state, t.wrong_codes,
    t.last_attempt, t.proved_by, t.amr, t.created_at, t.expires_at, t.accepted_at, t.factors, t.redeemed_at, t.waived_by, t.remembers_browser, t.starts, u.email, u.email_verified
FROM "transaction" t
JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
WHERE t.tenant_id = 'default' AND t.transaction_id = 'txn_01234567890' || CAST(:operation AS text) AND t.user_id = 'auth0|bench_' || CAST(:user AS text)
    AND NOT coalesce(u.blocked, false);
SELECT f.name, f.enabled, a.authenticator_id, a.user_id, a.factor, a.is_enrollment, a.status, a.transaction_id, a.name, a.link_id,
    a.unique_key, a.data, a.created_at, a.enrolled_at, a.last_auth_at, a.preferred_at
FROM factor f
LEFT JOIN authenticator a ON a.tenant_id = f.tenant_id AND a.factor = f.name AND a.user_id = 'auth0|bench_' || CAST(:user AS text)
    AND a.status = 'confirmed'
WHERE f.tenant_id = 'default' AND (f.enabled = true OR a.authenticator_id IS NOT NULL)
ORDER BY a.enrolled_at DESC, a.authenticator_id;
\endpipeline
-- StartTransaction.WriteAsync: TransactionStore.Start, TransactionEndStore.DeletePendingAuthenticators, AuditLog.Add, in one round trip.
\startpipeline
WITH changed AS (UPDATE "transaction" SET enrolls = false, enrollment_tx_hash = NULL, state_transport = 'polling', state = 'pending',
    starts = starts + 1
WHERE tenant_id = 'default' AND transaction_id = 'txn_01234567890' || CAST(:operation AS text) AND state <> 'accepted' AND expires_at > :now AND starts < 100 RETURNING 1)
SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed;
DELETE FROM authenticator
WHERE tenant_id = 'default' AND user_id = 'auth0|bench_' || CAST(:user AS text) AND status = 'pending' AND transaction_id IN (
    SELECT t.transaction_id FROM "transaction" t
    WHERE t.tenant_id = 'default' AND t.user_id = 'auth0|bench_' || CAST(:user AS text) AND (t.transaction_id = 'txn_01234567890' || CAST(:operation AS text)));
INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', '900' || CAST(:instant AS text) || CAST(:operation AS text) || '11234567890123456', :now, 'gd_start_auth',
    'auth0|bench_' || CAST(:user AS text), NULL, '127.0.0.1', 'bench', NULL);
\endpipeline
