using System.Text.Json;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Table <c>job_error</c>: the first refused records of a job.</summary>
internal static class JobErrorStore
{
    /// <summary>Of a job: who has more has made the same mistake in all of them.</summary>
    public const int MaxErrors = 1000;

    private static readonly RowInsert RowInsert = new("job_error", "tenant_id", "job_id", "position", "error");

    /// <param name="before">How the job stood before the records of which these were refused.</param>
    public static void Insert(
        UnitOfWork unit, TenantId tenant, string jobId, JobProgress before, IReadOnlyList<(int Index, ImportFailure Failure)> failures)
    {
        var rows = failures
            .Take((int)Math.Max(0, MaxErrors - before.Failed))
            .Select(refused => new SqlValue[]
            {
                tenant.Value, jobId, before.Position + refused.Index,
                JsonSerializer.Serialize(refused.Failure, JobJson.Default.ImportFailure),
            })
            .ToList();
        foreach (var statement in RowInsert.Of(rows))
        {
            unit.Enqueue(statement);
        }
    }

    public static ValueTask<List<ImportFailure>> ListAsync(
        Session session, TenantId tenant, string jobId, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                "SELECT error FROM job_error WHERE tenant_id = @tenant_id AND job_id = @job_id ORDER BY position",
                ("tenant_id", tenant.Value),
                ("job_id", jobId)),
            row => JsonSerializer.Deserialize(row.GetString(0), JobJson.Default.ImportFailure)!,
            cancellationToken);
}
