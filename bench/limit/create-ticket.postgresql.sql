-- CreateTicket.RunAsync: TicketStore.Insert and AuditLog.Add, in one round trip.
\startpipeline
INSERT INTO ticket (tenant_id, ticket_hash, user_id, factor, allow_multiple_enrollments, created_at, expires_at)
VALUES ('default', sha256(CAST(:operation AS text)::bytea), 'auth0|bench_' || CAST(:user AS text), NULL, false, :now, :later);
INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', '900' || CAST(:instant AS text) || CAST(:operation AS text) || '01234567890123456', :now, 'sapi',
    'auth0|bench_' || CAST(:user AS text), 'bench', '127.0.0.1', 'bench',
    '{"request":{"method":"POST","path":"/api/v2/guardian/enrollments/ticket","body":{"user_id":"auth0|000000000000000000000000"}},"response":{"statusCode":200}}');
\endpipeline
