using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs.Imports;

/// <summary>Runs a job that imports users.</summary>
internal sealed class ImportJob(Database database, ImportEngine engine, ColumnCipher cipher)
{
    public async Task RunAsync(HeldJob job, CancellationToken cancellationToken)
    {
        var file = cipher.Open(job.SealedFile!, Job.ImportFileData(job.Call.Tenant, job.Job.Id));
        var target = new ImportTarget(job.Call, job.Job.Parameters.Connection!, job.Job.Parameters.Upsert == true, job.Job.Id);
        var outcome = await engine.RunAsync(target, JsonArrayRecords.Read(file).ToRecords(), new Progress(database, job), cancellationToken);
        if (outcome == ImportOutcome.ConnectionNotFound)
        {
            await job.FailAsync("The connection does not exist any more.", cancellationToken);
        }
    }

    private sealed class Progress(Database database, HeldJob job) : IImportProgress
    {
        private long failed = job.Job.Progress.Failed;

        public long Position => job.Job.Progress.Position;

        public Statement? Advance((long From, long To) position) => job.Advance(position);

        public void Add(UnitOfWork unit, ImportResult result)
        {
            JobStore.InsertFailures(unit, job.Call.Tenant, job.Job.Id, failed, result.Failures);
            unit.Enqueue(JobStore.Count(job.Call.Tenant, job.Job.Id, result.Counts));
        }

        public void OnCommitted(ImportResult result) => failed += result.Counts.Failed;

        public ValueTask CompleteAsync(CancellationToken cancellationToken) =>
            database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(job.Complete());
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
    }
}
