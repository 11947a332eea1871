-- TicketOrigin.FindGrantAsync: TicketStore.Find.
SELECT t.user_id, t.factor, t.allow_multiple_enrollments, t.created_at, t.expires_at, t.used_at, u.email, u.name, u.blocked,
    (SELECT count(*) FROM "transaction" x
        WHERE x.tenant_id = t.tenant_id AND x.user_id = t.user_id AND x.origin_id = t.ticket_hash AND +x.expires_at > :now)
FROM ticket t
JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
WHERE t.tenant_id = 'default' AND t.ticket_hash = :ticket_hash;

-- UserFactors.Select.
SELECT f.name, f.enabled, a.authenticator_id, a.user_id, a.factor, a.status, a.transaction_id, a.name, a.sealed_secret, a.secret_hash,
    a.last_step, a.created_at, a.enrolled_at, a.last_auth_at, a.phone_number, a.email, a.preferred_method, a.link_id, a.key_id,
    a.credential
FROM factor f
LEFT JOIN authenticator a ON a.tenant_id = f.tenant_id AND a.factor = f.name
    AND a.user_id = (SELECT h.user_id FROM ticket h WHERE h.tenant_id = 'default' AND h.ticket_hash = :ticket_hash)
    AND a.status = 'confirmed'
WHERE f.tenant_id = 'default' AND (f.enabled = true OR a.authenticator_id IS NOT NULL)
ORDER BY a.enrolled_at DESC, a.authenticator_id;

-- StartTransaction.Write: TransactionStore.Insert, AuthenticatorStore.Insert twice, AuditLog.Add.
INSERT INTO "transaction" (tenant_id, transaction_id, user_id, origin, origin_id, allow_multiple_enrollments, state, state_transport,
    created_at, expires_at)
VALUES ('default', :transaction_id, :user_id, 'ticket', :ticket_hash, false, 'pending', 'polling', :now, :later);

INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, status, transaction_id, name, sealed_secret, secret_hash,
    created_at, enrolled_at, phone_number, email, preferred_method, link_id, key_id, credential)
VALUES ('default', :authenticator_id, :user_id, 'otp', 'pending', :transaction_id, NULL, :sealed_secret, NULL, :now, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL);

INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, status, transaction_id, name, sealed_secret, secret_hash,
    created_at, enrolled_at, phone_number, email, preferred_method, link_id, key_id, credential)
VALUES ('default', :recovery_id, :user_id, 'recovery-code', 'pending', :transaction_id, NULL, NULL, :recovery_hash, :now, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL);

INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', :log_id, :now, 'gd_start_enroll', :user_id, NULL, '127.0.0.1', 'bench', NULL);
