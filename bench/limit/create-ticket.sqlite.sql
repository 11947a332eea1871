-- CreateTicket.RunAsync: TicketStore.Insert, AuditLog.Add.
INSERT INTO ticket (tenant_id, ticket_hash, user_id, factor, allow_multiple_enrollments, created_at, expires_at)
VALUES ('default', :ticket_hash, :user_id, NULL, false, :now, :later);

INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
VALUES ('default', :log_id, :now, 'sapi', :user_id, 'bench', '127.0.0.1', 'bench',
    '{"request":{"method":"POST","path":"/api/v2/guardian/enrollments/ticket","body":{"user_id":"auth0|000000000000000000000000"}},"response":{"statusCode":200}}');
