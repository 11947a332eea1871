-- AttemptLimit.Hold and TransactionStore.Insert, before the measurement: an open sign-in.
INSERT INTO attempt (tenant_id, user_id, full_at) VALUES ('default', :user_id, 0);

INSERT INTO "transaction" (tenant_id, transaction_id, user_id, client_id, origin, origin_id, origin_data, enrolls, allow_multiple_enrollments, state,
    starts, wrong_codes, created_at, expires_at)
VALUES ('default', :transaction_id, :user_id, 'bench', 'sign-in', CAST(:transaction_id AS blob),
    '{"created_by":"bench","post_action_url":"https://app.example/mfa-result","allow_remember_browser":false,"self_service_enrollment":true,"nonce":"bench-nonce","v":1}',
    false, false, 'pending', 0, 0, :now, :later);
