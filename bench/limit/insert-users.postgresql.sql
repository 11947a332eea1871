-- UserStore.Insert, in bulk, before the measurement: separate users for every client.
INSERT INTO "user" (tenant_id, user_id, connection, email, email_verified, name, nickname, picture, created_at, updated_at)
SELECT 'default', 'auth0|bench_' || number, 'Username-Password-Authentication', number || '@example.com', false, number || '@example.com',
    number::text, 'https://example.com/picture.png', :start, :start
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
