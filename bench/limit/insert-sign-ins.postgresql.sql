-- AttemptLimit.Hold and TransactionStore.Insert, in bulk, before a measurement: open sign-ins. They announce polling at once, as TransactionStore.Start does.
INSERT INTO attempt (tenant_id, user_id, full_at)
SELECT 'default', 'auth0|bench_' || number, 0
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
INSERT INTO "transaction" (tenant_id, transaction_id, user_id, client_id, origin, origin_id, origin_data, enrolls, allow_multiple_enrollments, state,
    state_transport, starts, wrong_codes, created_at, expires_at)
SELECT 'default', 'txn_01234567890' || number, 'auth0|bench_' || number, 'bench', 'sign-in', ('txn_01234567890' || number)::bytea,
    '{"created_by":"bench","post_action_url":"https://app.example/mfa-result","allow_remember_browser":false,"self_service_enrollment":true,"nonce":"bench-nonce","v":1}',
    false, false, 'pending', 'polling', 0, 0, :start, :start + 432000000000
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
