using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.BackgroundWork;

namespace Sallyport.Server.Storage;

/// <summary>Deletes rows that no feature needs any more, in small batches, on one node at a time.</summary>
internal sealed class RetentionWorker(
    Database database, IEnumerable<RetentionRule> rules, TenantId tenant, TimeProvider clock, ILogger<RetentionWorker> logger)
    : BackgroundWorker(new WorkerSchedule(TimeSpan.FromMinutes(10)) { RunsAtStart = false }, clock, logger)
{
    private const long LockId = 0x5357454550; // "SWEEP"

    private readonly TimeProvider clock = clock;

    /// <returns>The number of deleted rows.</returns>
    public async Task<int> DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var rule in rules)
        {
            int rows;
            do
            {
                rows = await database.WriteAsync(unit => DeleteBatchAsync(unit, rule, cancellationToken), cancellationToken);
                deleted += rows;
            }
            while (rows == RetentionRule.BatchSize);
        }

        return deleted;
    }

    protected override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await DeleteExpiredAsync(cancellationToken);
        return false;
    }

    private async ValueTask<int> DeleteBatchAsync(UnitOfWork unit, RetentionRule rule, CancellationToken cancellationToken) =>
        await TryLockAsync(unit, cancellationToken)
            ? await rule.DeleteBatchAsync(unit, tenant, clock.GetUtcNow(), cancellationToken)
            : 0;

    /// <returns>False while another node deletes.</returns>
    private static async ValueTask<bool> TryLockAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        if (unit.Engine != Engine.PostgreSql)
        {
            return true;
        }

        var rows = await unit.QueryAsync(
            new Statement("SELECT pg_try_advisory_xact_lock(@id)", ("id", LockId)), row => row.GetBoolean(0), cancellationToken);
        return rows[0];
    }
}

/// <summary>
/// Which rows of a table are deleted some time after their last use. Correctness never depends on the deletion: whether something
/// has expired is checked when it is used.
/// </summary>
/// <param name="Table">As written in SQL, quoted if necessary.</param>
/// <param name="Key">The column that, together with the tenant, identifies a row.</param>
/// <param name="Condition">SQL that is true for a row to delete; <c>@before</c> is the instant <paramref name="Age"/> ago.</param>
internal sealed record RetentionRule(string Table, string Key, string Condition, TimeSpan Age)
{
    public const int BatchSize = 500;

    /// <summary>How the columns of the condition store an instant.</summary>
    public Func<DateTimeOffset, SqlValue> ToColumn { get; init; } = instant => instant.ToUnixTimeMilliseconds();

    /// <summary>
    /// SQL for PostgreSQL that locks what requests lock before they use the rows, so that they and the deletion do not wait for each other. Its
    /// parameters are <c>@tenant_id</c> and <c>@keys</c>, a JSON array of the keys to delete. Null where requests lock nothing first.
    /// </summary>
    public string? LockFirst { get; init; }

    private string Batch => $"SELECT {Key} FROM {Table} WHERE tenant_id = @tenant_id AND {Condition} LIMIT {BatchSize}";

    /// <returns>The number of deleted rows.</returns>
    public async ValueTask<int> DeleteBatchAsync(UnitOfWork unit, TenantId tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        (string, SqlValue) id = ("tenant_id", tenant.Value);
        (string, SqlValue) before = ("before", ToColumn(now - Age));
        if (LockFirst is null || unit.Engine != Engine.PostgreSql)
        {
            return await unit.ExecuteAsync(new Statement(Delete(Batch), id, before), cancellationToken);
        }

        var found = await unit.QueryAsync(new Statement(Batch, id, before), row => row.GetString(0), cancellationToken);
        (string, SqlValue) keys = ("keys", JsonSerializer.Serialize(found, StorageJson.Default.ListString));
        await unit.QueryAsync(new Statement(LockFirst, id, keys), _ => 0, cancellationToken);
        return await unit.ExecuteAsync(new Statement(Delete("SELECT jsonb_array_elements_text(CAST(@keys AS jsonb))"), id, keys), cancellationToken);
    }

    private string Delete(string keys) => $"DELETE FROM {Table} WHERE tenant_id = @tenant_id AND {Key} IN ({keys})";
}

[JsonSerializable(typeof(List<string>))]
internal sealed partial class StorageJson : JsonSerializerContext;
