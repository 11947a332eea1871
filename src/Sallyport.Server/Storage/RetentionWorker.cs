namespace Sallyport.Server.Storage;

/// <summary>Removes what the features have no use for, in small batches, on one node at a time.</summary>
internal sealed class RetentionWorker(Database database, IEnumerable<RetentionRule> rules, TimeProvider clock, ILogger<RetentionWorker> logger)
    : BackgroundService
{
    private const long LockId = 0x5357454550; // "SWEEP"

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <returns>How many rows are gone.</returns>
    public async Task<int> DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var rule in rules)
        {
            int rows;
            do
            {
                rows = await database.WriteAsync(unit => DeleteBatchAsync(unit, rule, cancellationToken), cancellationToken);
                removed += rows;
            }
            while (rows == RetentionRule.BatchSize);
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await DeleteExpiredAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Sweeping can wait; the next round tries again.
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                StorageLog.RetentionFailed(logger, exception);
            }
#pragma warning restore CA1031
        }
    }

    private async ValueTask<int> DeleteBatchAsync(UnitOfWork unit, RetentionRule rule, CancellationToken cancellationToken) =>
        await IsFreeAsync(unit, cancellationToken)
            ? await unit.ExecuteAsync(rule.DeleteBatch(TenantId.Default, clock.GetUtcNow()), cancellationToken)
            : 0;

    private static async ValueTask<bool> IsFreeAsync(UnitOfWork unit, CancellationToken cancellationToken)
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
