-- AuthenticatorStore.InsertUnlessKnown, AttemptLimit.Hold and TransactionStore.Insert, in bulk, before a measurement: enrolled users with an open sign-in.
INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, data, created_at, enrolled_at)
SELECT 'default', 'dev' || number, 'auth0|bench_' || number, 'otp', true, 'confirmed',
    '{"sealed_secret":"ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/ABEiMw==","v":1}', :start, :start
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
INSERT INTO attempt (tenant_id, user_id, full_at)
SELECT 'default', 'auth0|bench_' || number, 0
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
INSERT INTO "transaction" (tenant_id, transaction_id, user_id, client_id, origin, origin_id, origin_data, enrolls, allow_multiple_enrollments, state,
    starts, wrong_codes, created_at, expires_at)
SELECT 'default', 'txn_01234567890' || number, 'auth0|bench_' || number, 'bench', 'sign-in', ('txn_01234567890' || number)::bytea,
    '{"created_by":"bench","post_action_url":"https://app.example/mfa-result","allow_remember_browser":false,"self_service_enrollment":true,"nonce":"bench-nonce","v":1}',
    false, false, 'pending', 0, 0, :start, :start + 432000000000
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
