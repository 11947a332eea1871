-- VerifyResponse.CountAndFindAsync: AttemptLimit.Hold, TransactionStore.CountCode and TransactionStore.FindAsync, in one round trip with BEGIN.
\startpipeline
BEGIN;
INSERT INTO attempt (tenant_id, user_id, full_at) VALUES ('default', 'auth0|bench_' || CAST(:user AS text), 0)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET full_at = attempt.full_at WHERE false;
UPDATE "transaction" SET wrong_codes = wrong_codes + 1, last_attempt = '0123456789012' || CAST(:operation AS text)
WHERE tenant_id = 'default' AND transaction_id = 'txn_01234567890' || CAST(:operation AS text) AND wrong_codes < 10;
SELECT t.user_id, t.client_id, t.origin, t.origin_id, t.origin_data, t.enrolls, t.allow_multiple_enrollments, t.state, t.wrong_codes,
    t.last_attempt, t.proved_by, t.amr, t.created_at, t.expires_at, t.accepted_at, t.factors, t.redeemed_at, t.waived_by, t.remembers_browser, t.starts, n.full_at, u.email, f.enabled,
    a.authenticator_id, a.user_id, a.factor, a.is_enrollment, a.status, a.transaction_id, a.name, a.link_id,
    a.unique_key, a.data, a.created_at, a.enrolled_at, a.last_auth_at, a.preferred_at,
    c.challenge_id, c.authenticator_id, c.data, c.created_at, c.expires_at
FROM "transaction" t
JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
LEFT JOIN attempt n ON n.tenant_id = t.tenant_id AND n.user_id = t.user_id
LEFT JOIN authenticator a ON a.tenant_id = t.tenant_id AND a.user_id = t.user_id
    AND (a.status = 'confirmed' OR a.transaction_id = t.transaction_id)
LEFT JOIN factor f ON f.tenant_id = a.tenant_id AND f.name = a.factor
LEFT JOIN challenge c ON c.tenant_id = t.tenant_id AND c.transaction_id = t.transaction_id
    AND c.authenticator_id = a.authenticator_id AND c.answered_at IS NULL AND c.expires_at > :now
WHERE t.tenant_id = 'default' AND t.transaction_id = 'txn_01234567890' || CAST(:operation AS text) AND t.user_id = 'auth0|bench_' || CAST(:user AS text)
    AND NOT coalesce(u.blocked, false)
ORDER BY a.enrolled_at DESC, a.authenticator_id;
\endpipeline
-- AcceptTransaction.Add, each of which must change one row: AuthenticatorStore.Use, TransactionStore.Accept, AuthenticatorStore.Confirm, TicketStore.Spend.
-- AuthenticatorStore.DeleteConfirmed and AuthenticatorStore.Confirm of the recovery code, TicketStore.EndSuperseded,
-- TransactionStore.DeletePendingAuthenticators, MessageStore.Insert, TransactionChangePublisher.Notify. VerifyResponse: AuditLog.Add, in a round trip with COMMIT.
\startpipeline
WITH changed AS (UPDATE authenticator SET data = '{"sealed_secret":"ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/ABEiMw==","last_step":1,"v":1}', last_auth_at = :now
WHERE tenant_id = 'default' AND authenticator_id = 'dev' || CAST(:operation AS text) AND data = '{"sealed_secret":"ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/ABEiMw==","v":1}' RETURNING 1)
SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed;
WITH changed AS (UPDATE "transaction" SET state = 'accepted', proved_by = 'dev' || CAST(:operation AS text), amr = 'otp', accepted_at = :now
WHERE tenant_id = 'default' AND transaction_id = 'txn_01234567890' || CAST(:operation AS text) AND state <> 'accepted' AND expires_at > :now RETURNING 1)
SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed;
WITH changed AS (UPDATE authenticator SET status = 'confirmed', enrolled_at = :now
WHERE tenant_id = 'default' AND authenticator_id = 'dev' || CAST(:operation AS text) AND status = 'pending'
    AND (false OR NOT EXISTS (
        SELECT 1 FROM authenticator other
        WHERE other.tenant_id = 'default' AND other.user_id = 'auth0|bench_' || CAST(:user AS text) AND other.status = 'confirmed' AND other.is_enrollment)) RETURNING 1)
SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed;
WITH changed AS (UPDATE ticket SET used_at = :now
WHERE tenant_id = 'default' AND ticket_hash = sha256(CAST(:operation AS text)::bytea) AND used_at IS NULL AND ended_at IS NULL AND expires_at > :now RETURNING 1)
SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed;
DELETE FROM authenticator
WHERE tenant_id = 'default' AND user_id = 'auth0|bench_' || CAST(:user AS text) AND factor = 'recovery-code' AND status = 'confirmed';
UPDATE authenticator SET status = 'confirmed', enrolled_at = :now
WHERE tenant_id = 'default' AND authenticator_id = 'rec' || CAST(:operation AS text) AND status = 'pending'
    AND (true OR NOT EXISTS (
        SELECT 1 FROM authenticator other
        WHERE other.tenant_id = 'default' AND other.user_id = 'auth0|bench_' || CAST(:user AS text) AND other.status = 'confirmed' AND other.is_enrollment));
UPDATE ticket SET ended_at = :now
WHERE tenant_id = 'default' AND used_at IS NULL AND ended_at IS NULL
    AND NOT allow_multiple_enrollments AND ticket_hash <> sha256(CAST(:operation AS text)::bytea)
    AND ticket_hash IN (SELECT k.ticket_hash FROM ticket k WHERE k.tenant_id = 'default' AND k.user_id = 'auth0|bench_' || CAST(:user AS text));
DELETE FROM authenticator
WHERE tenant_id = 'default' AND user_id = 'auth0|bench_' || CAST(:user AS text) AND status = 'pending' AND transaction_id IN (
    SELECT t.transaction_id FROM "transaction" t
    WHERE t.tenant_id = 'default' AND t.user_id = 'auth0|bench_' || CAST(:user AS text) AND (
        t.transaction_id = 'txn_01234567890' || CAST(:operation AS text) OR NOT t.allow_multiple_enrollments OR (t.origin = 'ticket' AND t.origin_id = sha256(CAST(:operation AS text)::bytea))));
SELECT pg_notify('sallyport_transaction', '["0123456789abcdef","default","auth0|bench_' || CAST(:user AS text) || '"]')
WHERE EXISTS (
    SELECT 1 FROM "transaction" t
    WHERE t.tenant_id = 'default' AND t.user_id = 'auth0|bench_' || CAST(:user AS text) AND t.expires_at > :now
        AND coalesce(t.state_transport, '') <> 'polling');
INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', '900' || CAST(:instant AS text) || CAST(:operation AS text) || '21234567890123456', :now, 'gd_enrollment_complete', 'auth0|bench_' || CAST(:user AS text), NULL, '127.0.0.1', 'bench', NULL);
COMMIT;
\endpipeline
