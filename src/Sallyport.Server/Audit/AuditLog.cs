using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>Table <c>log</c>. An entry is written in the transaction of what it tells of: both happened, or neither did.</summary>
internal sealed class AuditLog(TimeProvider clock)
{
    private readonly LogIds ids = new();

    public void Add(UnitOfWork unit, TenantId tenant, AuditEntry entry)
    {
        var now = clock.GetUtcNow();
        unit.Enqueue(new Statement("""
            INSERT INTO log (tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details)
            VALUES (@tenant_id, @log_id, @date, @type, @user_id, @client_id, @ip, @user_agent, @details)
            """,
            ("tenant_id", tenant.Value),
            ("log_id", ids.Next(now)),
            ("date", now.ToUnixTimeMilliseconds()),
            ("type", entry.Type),
            ("user_id", entry.UserId),
            ("client_id", entry.Source.ClientId),
            ("ip", entry.Source.Address),
            ("user_agent", entry.Source.UserAgent),
            ("details", entry.Details ?? Reference(entry.Source))));
    }

    private static string? Reference(AuditSource source) =>
        source.Reference is { } reference ? $$"""{"reference":"{{reference}}"}""" : null;
}
