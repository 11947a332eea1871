-- AuthenticatorStore.InsertUnlessKnown and ChallengeStore.Insert, in bulk, before a measurement: users with a phone to which a code was sent.
INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, data, created_at, enrolled_at)
SELECT 'default', 'dev' || number, 'auth0|bench_' || number, 'sms', true, 'confirmed',
    '{"phone_number":"+4915112345678","v":1}', :start, :start
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
INSERT INTO challenge (tenant_id, challenge_id, transaction_id, authenticator_id, user_id, factor, data, created_at, expires_at, destination)
SELECT 'default', 'chl_01234567890' || number, 'txn_01234567890' || number, 'dev' || number, 'auth0|bench_' || number, 'sms',
    '{"code_hash":"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=","v":1}', :start, :start + 432000000000, 'DE-49151'
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
