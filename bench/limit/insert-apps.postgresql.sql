-- AuthenticatorStore.InsertUnlessKnown, in bulk, before a measurement: users with an authenticator app.
INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, data, created_at, enrolled_at)
SELECT 'default', 'dev' || number, 'auth0|bench_' || number, 'otp', true, 'confirmed',
    '{"sealed_secret":"ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/ABEiMw==","v":1}', :start, :start
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
