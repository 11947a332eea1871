-- VerifyResponse.CountAndFindAsync: AttemptLimit.Hold and TransactionStore.FindAsync.
-- usually finds nothing
INSERT INTO attempt (tenant_id, user_id, full_at) VALUES ('default', :user_id, 0)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET full_at = attempt.full_at WHERE false;

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
WHERE t.tenant_id = 'default' AND t.transaction_id = :transaction_id AND t.user_id = :user_id
    AND NOT coalesce(u.blocked, false)
ORDER BY a.enrolled_at DESC, a.authenticator_id;
