-- TicketOrigin.FindGrantAsync: TicketStore.Find and UserFactors.Select, in one round trip.
\startpipeline
SELECT t.user_id, t.factor, t.allow_multiple_enrollments, t.created_at, t.expires_at, t.used_at, u.email, u.name, u.blocked,
    (SELECT count(*) FROM "transaction" x
        WHERE x.tenant_id = t.tenant_id AND x.user_id = t.user_id AND x.origin_id = t.ticket_hash AND +x.expires_at > :now)
FROM ticket t
JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
WHERE t.tenant_id = 'default' AND t.ticket_hash = sha256(CAST(:operation AS text)::bytea);
SELECT f.name, f.enabled, a.authenticator_id, a.user_id, a.factor, a.status, a.transaction_id, a.name, a.sealed_secret, a.secret_hash,
    a.last_step, a.created_at, a.enrolled_at, a.last_auth_at, a.phone_number, a.email, a.preferred_method, a.link_id, a.key_id,
    a.credential
FROM factor f
LEFT JOIN authenticator a ON a.tenant_id = f.tenant_id AND a.factor = f.name AND a.user_id = (
        SELECT h.user_id FROM ticket h WHERE h.tenant_id = 'default' AND h.ticket_hash = sha256(CAST(:operation AS text)::bytea))
    AND a.status = 'confirmed'
WHERE f.tenant_id = 'default' AND (f.enabled = true OR a.authenticator_id IS NOT NULL)
ORDER BY a.enrolled_at DESC, a.authenticator_id;
\endpipeline
-- StartTransaction.Write: TransactionStore.Insert, AuthenticatorStore.Insert twice, AuditLog.Add, in one round trip.
\startpipeline
BEGIN;
INSERT INTO "transaction" (tenant_id, transaction_id, user_id, origin, origin_id, allow_multiple_enrollments, state, state_transport,
    created_at, expires_at)
VALUES ('default', 'txn_01234567890' || CAST(:operation AS text), 'auth0|bench_' || CAST(:user AS text), 'ticket',
    sha256(CAST(:operation AS text)::bytea), false, 'pending', 'polling', :now, :later);
INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, status, transaction_id, name, sealed_secret, secret_hash,
    created_at, enrolled_at, phone_number, email, preferred_method, link_id, key_id, credential)
VALUES ('default', 'dev' || CAST(:operation AS text), 'auth0|bench_' || CAST(:user AS text), 'otp', 'pending',
    'txn_01234567890' || CAST(:operation AS text), NULL,
    '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233'::bytea, NULL, :now,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, status, transaction_id, name, sealed_secret, secret_hash,
    created_at, enrolled_at, phone_number, email, preferred_method, link_id, key_id, credential)
VALUES ('default', 'rec' || CAST(:operation AS text), 'auth0|bench_' || CAST(:user AS text), 'recovery-code', 'pending',
    'txn_01234567890' || CAST(:operation AS text), NULL, NULL, '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'::bytea, :now,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', '900' || CAST(:instant AS text) || CAST(:operation AS text) || '11234567890123456', :now, 'gd_start_enroll',
    'auth0|bench_' || CAST(:user AS text), NULL, '127.0.0.1', 'bench', NULL);
COMMIT;
\endpipeline
