-- AcceptTransaction.Add: ChallengeStore.Answer, AuthenticatorStore.Use and TransactionStore.Accept.
UPDATE challenge SET answered_at = :now
WHERE tenant_id = 'default' AND challenge_id = :challenge_id AND answered_at IS NULL AND expires_at > :now;

UPDATE authenticator SET data = '{"phone_number":"+4915112345678","v":1}', last_auth_at = :now
WHERE tenant_id = 'default' AND authenticator_id = :authenticator_id AND data = '{"phone_number":"+4915112345678","v":1}';

UPDATE "transaction" SET state = 'accepted', proved_by = :authenticator_id, amr = 'sms', accepted_at = :now
WHERE tenant_id = 'default' AND transaction_id = :transaction_id AND state <> 'accepted' AND expires_at > :now;

-- VerifyResponse: AuditLog.Add.
INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', :log_id, :now, 'gd_auth_succeed', :user_id, NULL, '127.0.0.1', 'bench', NULL);
