using Sallyport.Server.Audit;
using Sallyport.Server.BackgroundWork;
using Sallyport.Server.Jobs.Exports;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Jobs.Unenrollments;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Runs jobs, one at a time on each node: jobs that were created here, and jobs of a node that died.</summary>
internal sealed class JobWorker(RunJob run, TimeProvider clock, ILogger<JobWorker> logger)
    : BackgroundWorker(new WorkerSchedule(Interval), clock, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override Task<bool> RunAsync(CancellationToken cancellationToken) => run.NextAsync(cancellationToken);
}

/// <summary>
/// Takes a job that is due and runs it. All progress is written in units of work that first check that the job is still held by this
/// worker, so a worker that dies or is late leaves nothing half done and does nothing twice.
/// </summary>
internal sealed class RunJob(Database database, ImportJob imports, ExportJob exports, UnenrollmentJob unenrollments, TimeProvider clock)
{
    private const int MaxAttemptsWithoutProgress = 20;

    /// <returns>False if no job was due.</returns>
    public async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        var call = CallContext.Internal(CallChannel.Worker);
        var holder = Tokens.NewHex(32);
        var lease = HeldJob.NewLease(holder, clock);
        var taken = await database.WriteAsync(unit => JobStore.TakeAsync(unit, call.Tenant, lease, cancellationToken), cancellationToken);
        if (taken is null)
        {
            return false;
        }

        var held = new HeldJob(database, call with { Source = taken.Source }, taken, holder, clock);
        if (taken.Attempts > MaxAttemptsWithoutProgress)
        {
            await held.FailAsync("The job cannot continue. The log of the server has the reason.", cancellationToken);
        }
        else if (taken.Job.Type == Job.UsersExport)
        {
            await exports.RunAsync(held, cancellationToken);
        }
        else if (taken.Job.Type == Job.Unenrollment)
        {
            await unenrollments.RunAsync(held, cancellationToken);
        }
        else
        {
            await imports.RunAsync(held, cancellationToken);
        }

        return true;
    }
}

/// <summary>A job that this worker has taken, and the statements that require that it still holds it.</summary>
/// <param name="call">On behalf of the caller that created the job.</param>
internal sealed class HeldJob(Database database, CallContext call, TakenJob taken, string holder, TimeProvider clock)
{
    /// <summary>A fraction of it is enough for a batch. After a crash the job waits this long.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    public CallContext Call => call;

    public Job Job => taken.Job;

    public byte[]? SealedFile => taken.SealedFile;

    public static JobLease NewLease(string holder, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new JobLease(holder, now, now + Lease);
    }

    /// <summary>Changes one row if the job is held and stands at <c>From</c>, and none otherwise.</summary>
    public Statement Advance((long From, long To) position) =>
        JobStore.Advance(call.Tenant, Job.Id, NewLease(holder, clock), position);

    /// <summary>Changes one row if the job is held, and none otherwise.</summary>
    public Statement Renew() => JobStore.Renew(call.Tenant, Job.Id, NewLease(holder, clock));

    /// <summary>Changes one row if the job is held, and none otherwise.</summary>
    public Statement Complete() => JobStore.Finish(call.Tenant, Job.Id, holder, fault: null, clock.GetUtcNow());

    public ValueTask FailAsync(string fault, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                unit.Enqueue(JobStore.Finish(call.Tenant, Job.Id, holder, fault, clock.GetUtcNow()));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}
