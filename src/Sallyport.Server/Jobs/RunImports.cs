using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>
/// Takes an import that is due and goes on where it stands. Each batch of records is written in the unit of work that moves the
/// job over them: whoever dies, is late or comes second leaves nothing half done and does nothing twice.
/// </summary>
internal sealed class RunImports(Database database, ColumnCipher cipher, ImportBatch import, TimeProvider clock)
{
    private const int BatchSize = 200;

    /// <summary>Without a record done between them.</summary>
    private const int MaxAttempts = 20;

    /// <summary>A batch takes a fraction of it. After a crash the job waits this long.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private static readonly TenantId Tenant = TenantId.Default;

    /// <returns>False where no job was due.</returns>
    public async Task<bool> RunNextAsync(CancellationToken cancellationToken)
    {
        var holder = Tokens.NewHex(32);
        var taken = await database.WriteAsync(
            unit => JobStore.TakeAsync(unit, Tenant, NewLease(holder), cancellationToken), cancellationToken);
        if (taken is null)
        {
            return false;
        }

        if (taken.Attempts > MaxAttempts)
        {
            await FailAsync(taken.Job.Id, holder, "The import cannot go on; the log of the server says why.", cancellationToken);
            return true;
        }

        var records = ImportFile.Cut(cipher.Open(taken.SealedFile, Job.FilePlace(Tenant, taken.Job.Id)));
        var target = new ImportTarget(taken.Job.Parameters.Connection!, taken.Job.Parameters.Upsert == true, taken.Source) { JobId = taken.Job.Id };
        var progress = taken.Job.Progress;
        while (progress.Position < records.Count
            && await WriteBatchAsync(holder, target, records, progress, cancellationToken) is { } next)
        {
            progress = next;
        }

        return true;
    }

    /// <returns>Where the job stands now; null where it is finished, or no longer ours.</returns>
    private async Task<JobProgress?> WriteBatchAsync(
        string holder, ImportTarget target, IReadOnlyList<ReadOnlyMemory<byte>> records, JobProgress progress, CancellationToken cancellationToken)
    {
        // Before the unit: checking takes its time, and whoever writes next would wait for it.
        var batch = records.Skip((int)progress.Position).Take(BatchSize)
            .Select(record => ImportCandidate.Of(record, target.Connection, clock)).ToList();
        var to = progress.Position + batch.Count;
        var jobId = target.JobId!;
        var (isOurs, result) = await database.WriteAsync<(bool, ImportResult?)>(
            async unit =>
            {
                if (!await unit.TryApplyAsync([JobStore.Advance(Tenant, jobId, NewLease(holder), (progress.Position, to))], cancellationToken))
                {
                    return (false, null);
                }

                var written = await import.WriteAsync(unit, target, batch, cancellationToken);
                if (written is null)
                {
                    unit.Abandon();
                    return (true, null);
                }

                JobErrorStore.Insert(unit, Tenant, jobId, progress, written.Failures);
                unit.Enqueue(JobStore.Count(Tenant, jobId, written.Counts));
                if (to == records.Count)
                {
                    unit.Enqueue(JobStore.Finish(Tenant, jobId, holder, fault: null, clock.GetUtcNow()));
                }

                return (true, written);
            },
            cancellationToken);
        if (isOurs && result is null)
        {
            await FailAsync(jobId, holder, "The connection does not exist any more.", cancellationToken);
        }

        return result is null ? null : progress with { Position = to, Failed = progress.Failed + result.Counts.Failed };
    }

    private ValueTask FailAsync(string jobId, string holder, string fault, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                unit.Enqueue(JobStore.Finish(Tenant, jobId, holder, fault, clock.GetUtcNow()));
                return ValueTask.CompletedTask;
            },
            cancellationToken);

    private JobLease NewLease(string holder)
    {
        var now = clock.GetUtcNow();
        return new JobLease(holder, now, now + Lease);
    }
}
