-- AcceptTransaction.Add: AuthenticatorStore.Use and TransactionStore.Accept.
UPDATE authenticator SET data = '{"sealed_secret":"ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/ABEiMw==","last_step":1,"v":1}', last_auth_at = :now
WHERE tenant_id = 'default' AND authenticator_id = :authenticator_id AND data = '{"sealed_secret":"ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/ABEiMw==","v":1}';

UPDATE "transaction" SET state = 'accepted', proved_by = :authenticator_id, amr = 'otp', accepted_at = :now
WHERE tenant_id = 'default' AND transaction_id = :transaction_id AND state <> 'accepted' AND expires_at > :now;

-- VerifyResponse: AuditLog.Add.
INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', :log_id, :now, 'gd_auth_succeed', :user_id, NULL, '127.0.0.1', 'bench', NULL);
