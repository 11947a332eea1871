-- AcceptTransaction.Add, each of which must change one row: ChallengeStore.Answer, AuthenticatorStore.Use and TransactionStore.Accept.
-- TransactionChangePublisher.Notify. VerifyResponse: AuditLog.Add, in one round trip with COMMIT.
\startpipeline
WITH changed AS (UPDATE challenge SET answered_at = :now
WHERE tenant_id = 'default' AND challenge_id = 'chl_01234567890' || CAST(:operation AS text) AND answered_at IS NULL AND expires_at > :now RETURNING 1)
SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed;
WITH changed AS (UPDATE authenticator SET data = '{"phone_number":"+4915112345678","v":1}', last_auth_at = :now
WHERE tenant_id = 'default' AND authenticator_id = 'dev' || CAST(:operation AS text) AND data = '{"phone_number":"+4915112345678","v":1}' RETURNING 1)
SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed;
WITH changed AS (UPDATE "transaction" SET state = 'accepted', proved_by = 'dev' || CAST(:operation AS text), amr = 'sms', accepted_at = :now
WHERE tenant_id = 'default' AND transaction_id = 'txn_01234567890' || CAST(:operation AS text) AND state <> 'accepted' AND expires_at > :now RETURNING 1)
SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed;
SELECT pg_notify('sallyport_transaction', '["0123456789abcdef","default","auth0|bench_' || CAST(:user AS text) || '"]')
WHERE EXISTS (
    SELECT 1 FROM "transaction" t
    WHERE t.tenant_id = 'default' AND t.user_id = 'auth0|bench_' || CAST(:user AS text) AND t.expires_at > :now
        AND coalesce(t.state_transport, '') <> 'polling');
INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', '900' || CAST(:instant AS text) || CAST(:operation AS text) || '21234567890123456', :now, 'gd_auth_succeed', 'auth0|bench_' || CAST(:user AS text), NULL, '127.0.0.1', 'bench', NULL);
COMMIT;
\endpipeline
