-- VerifyCode.RunAsync: AttemptLimit.Take.
INSERT INTO attempt (tenant_id, user_id, full_at, last_attempt)
VALUES ('default', :user_id, :now + 360000, :attempt_id)
ON CONFLICT (tenant_id, user_id) DO UPDATE
SET full_at = CASE WHEN attempt.full_at > :now THEN attempt.full_at ELSE :now END + 360000, last_attempt = :attempt_id
WHERE attempt.full_at <= :now + 3240000;

-- TransactionStore.FindAsync.
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
WHERE t.tenant_id = 'default' AND t.transaction_id = :transaction_id AND t.user_id = :user_id
    AND NOT coalesce(u.blocked, false)
ORDER BY a.enrolled_at DESC, a.authenticator_id;

-- AcceptTransaction.Once: TotpFactor.AcceptStep, TransactionStore.Accept, AuthenticatorStore.Confirm, TicketStore.Spend.
UPDATE authenticator SET last_step = 1, last_auth_at = :now
WHERE tenant_id = 'default' AND authenticator_id = :authenticator_id AND (last_step IS NULL OR last_step < 1);

UPDATE "transaction" SET state = 'accepted'
WHERE tenant_id = 'default' AND transaction_id = :transaction_id AND state <> 'accepted';

UPDATE authenticator SET status = 'confirmed', enrolled_at = :now
WHERE tenant_id = 'default' AND authenticator_id = :authenticator_id AND status = 'pending'
    AND (false OR NOT EXISTS (
        SELECT 1 FROM authenticator other
        WHERE other.tenant_id = 'default' AND other.user_id = :user_id AND other.status = 'confirmed'
            AND other.factor <> 'recovery-code'));

UPDATE ticket SET used_at = :now
WHERE tenant_id = 'default' AND ticket_hash = :ticket_hash AND used_at IS NULL AND expires_at > :now;

-- VerifyCode.LookAsync: AuthenticatorStore.DeleteRecoveryCode, which usually finds nothing.
DELETE FROM authenticator
WHERE tenant_id = 'default' AND user_id = :user_id AND factor = 'recovery-code' AND status = 'confirmed';

-- AuthenticatorStore.Confirm of the recovery code, AttemptLimit.GiveBack, AuditLog.Add.
UPDATE authenticator SET status = 'confirmed', enrolled_at = :now
WHERE tenant_id = 'default' AND authenticator_id = :recovery_id AND status = 'pending'
    AND (true OR NOT EXISTS (
        SELECT 1 FROM authenticator other
        WHERE other.tenant_id = 'default' AND other.user_id = :user_id AND other.status = 'confirmed'
            AND other.factor <> 'recovery-code'));

UPDATE attempt SET full_at = CASE WHEN full_at - 360000 > :now THEN full_at - 360000 ELSE 0 END
WHERE tenant_id = 'default' AND user_id = :user_id;

INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', :log_id, :now, 'gd_enrollment_complete', :user_id, NULL, '127.0.0.1', 'bench', NULL);
