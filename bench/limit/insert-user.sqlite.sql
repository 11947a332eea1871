-- UserStore.Insert, before the measurement.
INSERT INTO "user" (tenant_id, user_id, connection, email, email_verified, name, nickname, picture, created_at, updated_at)
VALUES ('default', :user_id, 'Username-Password-Authentication', :user || '@example.com', false, :user || '@example.com', :user,
    'https://example.com/picture.png', :now, :now);
