using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Connections;

/// <summary>
/// Deletes a connection with its users, of which there may be a million. The connection is marked as deleted, which ends its use at once.
/// Its users are deleted in batches, each in a short transaction. The retention worker deletes what a request or a killed node left over.
/// </summary>
internal sealed class DeleteConnection(Database database, AuditLog audit, TimeProvider clock)
{
    private const int MaxBatchesInRequest = 10;

    private static readonly RetentionRule Users = new(
        "\"user\"",
        "user_id",
        """
        connection IN (
            SELECT connection.name FROM connection WHERE connection.tenant_id = @tenant_id AND connection.deleted_at <= @before)
        """,
        TimeSpan.Zero)
    {
        LockFirst = AttemptLimit.LockMany,
    };

    private static readonly RetentionRule Rows = new(
        "connection",
        "connection_id",
        """
        deleted_at <= @before AND NOT EXISTS (
            SELECT 1 FROM "user" WHERE "user".tenant_id = @tenant_id AND "user".connection = connection.name)
        """,
        TimeSpan.Zero);

    /// <summary>Users first: a connection is deleted when it has none.</summary>
    public static IReadOnlyList<RetentionRule> RetentionRules => [Users, Rows];

    /// <returns>When the connection was deleted; null if there is no such connection.</returns>
    public async ValueTask<DateTimeOffset?> RunAsync(string connectionId, CallContext call, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!await MarkAsync(connectionId, now, call, cancellationToken))
        {
            return null;
        }

        for (var batch = 0; batch < MaxBatchesInRequest; batch++)
        {
            if (await DeleteBatchAsync(Users, call.Tenant, cancellationToken) < RetentionRule.BatchSize)
            {
                await DeleteBatchAsync(Rows, call.Tenant, cancellationToken);
                break;
            }
        }

        return now;
    }

    private ValueTask<bool> MarkAsync(string connectionId, DateTimeOffset now, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (await ConnectionStore.LockAsync(unit, call.Tenant, connectionId, cancellationToken) is null)
                {
                    return false;
                }

                unit.Enqueue(ConnectionStore.MarkDeleted(call.Tenant, connectionId, now));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return true;
            },
            cancellationToken);

    private ValueTask<int> DeleteBatchAsync(RetentionRule rule, TenantId tenant, CancellationToken cancellationToken) =>
        database.WriteAsync(unit => rule.DeleteBatchAsync(unit, tenant, clock.GetUtcNow(), cancellationToken), cancellationToken);
}
