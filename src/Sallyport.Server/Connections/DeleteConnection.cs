using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Connections;

internal enum DeleteConnectionOutcome
{
    Deleted,

    /// <summary>It has more users than one request removes; the sweeper goes on.</summary>
    BeingDeleted,
    NotFound,
}

/// <summary>
/// Removes a connection with its users. There may be a million of them: the connection is marked, which ends its use, and its
/// users go in batches, each a short transaction. What a request or a killed node leaves behind is swept.
/// </summary>
internal sealed class DeleteConnection(Database database, AuditLog audit, TimeProvider clock)
{
    private const int MaxBatchesInRequest = 10;

    private static readonly TenantId Tenant = TenantId.Default;

    private static readonly RetentionRule Users = new(
        "\"user\"",
        "user_id",
        """
        connection IN (
            SELECT connection.name FROM connection WHERE connection.tenant_id = @tenant_id AND connection.deleted_at <= @before)
        """,
        TimeSpan.Zero);

    private static readonly RetentionRule Rows = new(
        "connection",
        "connection_id",
        """
        deleted_at <= @before AND NOT EXISTS (
            SELECT 1 FROM "user" WHERE "user".tenant_id = @tenant_id AND "user".connection = connection.name)
        """,
        TimeSpan.Zero);

    /// <summary>Users first: a connection goes when it has none.</summary>
    public static IReadOnlyList<RetentionRule> RetentionRules => [Users, Rows];

    public async ValueTask<DeleteConnectionOutcome> RunAsync(string connectionId, AuditEntry entry, CancellationToken cancellationToken)
    {
        if (!await MarkAsync(connectionId, entry, cancellationToken))
        {
            return DeleteConnectionOutcome.NotFound;
        }

        for (var batch = 0; batch < MaxBatchesInRequest; batch++)
        {
            if (await RemoveBatchAsync(Users, cancellationToken) < RetentionRule.BatchSize)
            {
                await RemoveBatchAsync(Rows, cancellationToken);
                return DeleteConnectionOutcome.Deleted;
            }
        }

        return DeleteConnectionOutcome.BeingDeleted;
    }

    private ValueTask<bool> MarkAsync(string connectionId, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (await ConnectionStore.LockAsync(unit, Tenant, connectionId, cancellationToken) is null)
                {
                    return false;
                }

                unit.Enqueue(ConnectionStore.MarkDeleted(Tenant, connectionId, clock.GetUtcNow()));
                audit.Add(unit, Tenant, entry);
                return true;
            },
            cancellationToken);

    private ValueTask<int> RemoveBatchAsync(RetentionRule rule, CancellationToken cancellationToken) =>
        database.WriteAsync(unit => unit.ExecuteAsync(rule.DeleteBatch(Tenant, clock.GetUtcNow()), cancellationToken), cancellationToken);
}
