-- TicketStore.Insert, in bulk, before a measurement that starts with an existing ticket.
INSERT INTO ticket (tenant_id, ticket_hash, user_id, allow_multiple_enrollments, created_at, expires_at)
SELECT 'default', sha256(CAST(number AS text)::bytea), 'auth0|bench_' || number, false, :start, :start + 432000000000
FROM (
    SELECT :first_user + client * 1000000 + n AS number
    FROM generate_series(0, :clients - 1) client, generate_series(1, :each) n
) numbers;
