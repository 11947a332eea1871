using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>How many messages wait, and how many were given up.</summary>
/// <param name="Overdue">Those of the waiting ones that should have been sent before a given moment.</param>
/// <param name="GivenUp">Since another given moment.</param>
internal sealed record MessageCounts(long Waiting, long Overdue, long GivenUp);

internal sealed class MessageQueries(Database database, TimeProvider clock)
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    public async ValueTask<MessageCounts> CountAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return (await database.QueryAsync(
            new Statement("""
                SELECT
                    (SELECT count(*) FROM message WHERE tenant_id = @tenant_id AND delivered_at IS NULL AND failed_at IS NULL),
                    (SELECT count(*) FROM message
                        WHERE tenant_id = @tenant_id AND delivered_at IS NULL AND failed_at IS NULL AND due_at < @overdue),
                    (SELECT count(*) FROM message WHERE tenant_id = @tenant_id AND failed_at > @recent)
                """,
                ("tenant_id", tenant.Value),
                ("overdue", (now - Grace).ToUnixTimeMilliseconds()),
                ("recent", (now - Recent).ToUnixTimeMilliseconds())),
            row => new MessageCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            cancellationToken))[0];
    }
}
