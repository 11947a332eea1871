-- AuthenticatorStore.InsertUnlessKnown and ChallengeStore.Insert, before the measurement: a user with a phone to which a code was sent.
INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, data, created_at, enrolled_at)
VALUES ('default', :authenticator_id, :user_id, 'sms', true, 'confirmed', '{"phone_number":"+4915112345678","v":1}', :now, :now);

INSERT INTO challenge (tenant_id, challenge_id, transaction_id, authenticator_id, user_id, factor, data, created_at, expires_at, destination)
VALUES ('default', :challenge_id, :transaction_id, :authenticator_id, :user_id, 'sms',
    '{"code_hash":"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=","v":1}', :now, :later, 'DE-49151');
