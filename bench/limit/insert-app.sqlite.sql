-- AuthenticatorStore.InsertUnlessKnown, before a measurement: a user with an authenticator app.
INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, data, created_at, enrolled_at)
VALUES ('default', :authenticator_id, :user_id, 'otp', true, 'confirmed',
    '{"sealed_secret":"ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/ABEiMw==","v":1}', :now, :now);
