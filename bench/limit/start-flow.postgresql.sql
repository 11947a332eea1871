-- TicketOrigin.FindGrantAsync: TicketStore.Find and UserFactors.Select, in one round trip.
\startpipeline
SELECT t.user_id, t.factor, t.allow_multiple_enrollments, t.created_at, t.expires_at, t.used_at, t.ended_at, u.email,
    u.email_verified, u.name, u.blocked,
    (SELECT count(*) FROM "transaction" x
        WHERE x.tenant_id = t.tenant_id AND x.user_id = t.user_id AND x.origin_id = t.ticket_hash AND +x.expires_at > :now)
FROM ticket t
JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
WHERE t.tenant_id = 'default' AND t.ticket_hash = sha256(CAST(:operation AS text)::bytea);
SELECT f.name, f.enabled, a.authenticator_id, a.user_id, a.factor, a.is_enrollment, a.status, a.transaction_id, a.name, a.link_id,
    a.unique_key, a.data, a.created_at, a.enrolled_at, a.last_auth_at, a.preferred_at
FROM factor f
LEFT JOIN authenticator a ON a.tenant_id = f.tenant_id AND a.factor = f.name AND a.user_id = (
        SELECT h.user_id FROM ticket h WHERE h.tenant_id = 'default' AND h.ticket_hash = sha256(CAST(:operation AS text)::bytea))
    AND a.status = 'confirmed'
WHERE f.tenant_id = 'default' AND (f.enabled = true OR a.authenticator_id IS NOT NULL)
ORDER BY a.enrolled_at DESC, a.authenticator_id;
\endpipeline
-- StartTransaction.Write: TransactionStore.Insert, AuthenticatorStore.Insert twice, AuditLog.Add, in one round trip.
\startpipeline
INSERT INTO "transaction" (tenant_id, transaction_id, user_id, client_id, origin, origin_id, origin_data, enrolls, enrollment_tx_hash,
    allow_multiple_enrollments, factors, state, state_transport, starts, wrong_codes, created_at, expires_at)
VALUES ('default', 'txn_01234567890' || CAST(:operation AS text), 'auth0|bench_' || CAST(:user AS text), NULL, 'ticket', sha256(CAST(:operation AS text)::bytea), NULL, true, sha256(CAST(:operation AS text)::bytea), false, NULL, 'pending', 'polling', 1, 0, :now, :later);
INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, transaction_id, name, link_id, unique_key,
    data, created_at, enrolled_at)
VALUES ('default', 'dev' || CAST(:operation AS text), 'auth0|bench_' || CAST(:user AS text), 'otp', true, 'pending', 'txn_01234567890' || CAST(:operation AS text), NULL, NULL, NULL,
    '{"sealed_secret":"ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/ABEiMw==","v":1}', :now, NULL);
INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, transaction_id, name, link_id, unique_key,
    data, created_at, enrolled_at)
VALUES ('default', 'rec' || CAST(:operation AS text), 'auth0|bench_' || CAST(:user AS text), 'recovery-code', false, 'pending', 'txn_01234567890' || CAST(:operation AS text), NULL, NULL, 'recovery-code:' || 'auth0|bench_' || CAST(:user AS text),
    '{"code_hash":"ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=","v":1}', :now, NULL);
INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', '900' || CAST(:instant AS text) || CAST(:operation AS text) || '11234567890123456', :now, 'gd_start_enroll',
    'auth0|bench_' || CAST(:user AS text), NULL, '127.0.0.1', 'bench', NULL);
\endpipeline
