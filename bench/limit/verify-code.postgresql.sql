-- VerifyCode.RunAsync: AttemptLimit.Take and TransactionStore.FindAsync, in one round trip with BEGIN.
\startpipeline
BEGIN;
INSERT INTO attempt (tenant_id, user_id, full_at, last_attempt)
VALUES ('default', 'auth0|bench_' || CAST(:user AS text), :now + CAST(360000 AS bigint), '0123456789012' || CAST(:operation AS text))
ON CONFLICT (tenant_id, user_id) DO UPDATE
SET full_at = CASE WHEN attempt.full_at > :now THEN attempt.full_at ELSE :now END + CAST(360000 AS bigint),
    last_attempt = '0123456789012' || CAST(:operation AS text)
WHERE attempt.full_at <= :now + CAST(3240000 AS bigint);
SELECT t.user_id, t.origin, t.origin_id, t.allow_multiple_enrollments, t.state, t.created_at, t.expires_at, n.last_attempt, n.full_at,
    f.enabled, a.authenticator_id, a.user_id, a.factor, a.status, a.transaction_id, a.name, a.sealed_secret, a.secret_hash,
    a.last_step, a.created_at, a.enrolled_at, a.last_auth_at, a.phone_number, a.email, a.preferred_method, a.link_id, a.key_id,
    a.credential
FROM "transaction" t
JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
LEFT JOIN attempt n ON n.tenant_id = t.tenant_id AND n.user_id = t.user_id
LEFT JOIN authenticator a ON a.tenant_id = t.tenant_id AND a.user_id = t.user_id
    AND (a.status = 'confirmed' OR a.transaction_id = t.transaction_id)
LEFT JOIN factor f ON f.tenant_id = a.tenant_id AND f.name = a.factor
WHERE t.tenant_id = 'default' AND t.transaction_id = 'txn_01234567890' || CAST(:operation AS text)
    AND t.user_id = 'auth0|bench_' || CAST(:user AS text)
    AND NOT coalesce(u.blocked, false)
ORDER BY a.enrolled_at DESC, a.authenticator_id;
\endpipeline
-- AcceptTransaction.Once: TotpFactor.AcceptStep, TransactionStore.Accept, AuthenticatorStore.Confirm, TicketStore.Spend, in one round trip.
\startpipeline
UPDATE authenticator SET last_step = 1, last_auth_at = :now
WHERE tenant_id = 'default' AND authenticator_id = 'dev' || CAST(:operation AS text) AND (last_step IS NULL OR last_step < 1);
UPDATE "transaction" SET state = 'accepted'
WHERE tenant_id = 'default' AND transaction_id = 'txn_01234567890' || CAST(:operation AS text) AND state <> 'accepted';
UPDATE authenticator SET status = 'confirmed', enrolled_at = :now
WHERE tenant_id = 'default' AND authenticator_id = 'dev' || CAST(:operation AS text) AND status = 'pending'
    AND (false OR NOT EXISTS (
        SELECT 1 FROM authenticator other
        WHERE other.tenant_id = 'default' AND other.user_id = 'auth0|bench_' || CAST(:user AS text) AND other.status = 'confirmed'
            AND other.factor <> 'recovery-code'));
UPDATE ticket SET used_at = :now
WHERE tenant_id = 'default' AND ticket_hash = sha256(CAST(:operation AS text)::bytea) AND used_at IS NULL AND expires_at > :now;
\endpipeline
-- AcceptTransaction: TransactionChangePublisher.Notify. VerifyCode.LookAsync: AuthenticatorStore.DeleteRecoveryCode, AuthenticatorStore.Confirm of the
-- recovery code, AttemptLimit.GiveBack, AuditLog.Add, in a round trip with COMMIT.
\startpipeline
SELECT pg_notify('sallyport_transaction', '["0123456789abcdef","default","auth0|bench_' || CAST(:user AS text) || '"]')
WHERE EXISTS (
    SELECT 1 FROM "transaction" t
    WHERE t.tenant_id = 'default' AND t.user_id = 'auth0|bench_' || CAST(:user AS text) AND t.expires_at > :now
        AND coalesce(t.state_transport, '') <> 'polling');
DELETE FROM authenticator
WHERE tenant_id = 'default' AND user_id = 'auth0|bench_' || CAST(:user AS text) AND factor = 'recovery-code' AND status = 'confirmed';
UPDATE authenticator SET status = 'confirmed', enrolled_at = :now
WHERE tenant_id = 'default' AND authenticator_id = 'rec' || CAST(:operation AS text) AND status = 'pending'
    AND (true OR NOT EXISTS (
        SELECT 1 FROM authenticator other
        WHERE other.tenant_id = 'default' AND other.user_id = 'auth0|bench_' || CAST(:user AS text) AND other.status = 'confirmed'
            AND other.factor <> 'recovery-code'));
UPDATE attempt SET full_at = CASE WHEN full_at - 360000 > :now THEN full_at - 360000 ELSE 0 END
WHERE tenant_id = 'default' AND user_id = 'auth0|bench_' || CAST(:user AS text);
INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', '900' || CAST(:instant AS text) || CAST(:operation AS text) || '21234567890123456', :now, 'gd_enrollment_complete',
    'auth0|bench_' || CAST(:user AS text), NULL, '127.0.0.1', 'bench', NULL);
COMMIT;
\endpipeline
