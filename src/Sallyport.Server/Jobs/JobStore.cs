using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Table <c>job</c>.</summary>
internal static class JobStore
{
    private const long LockId = 0x4A4F42; // "JOB"

    private const string Columns = """
        job_id, type, parameters, status, position, total, inserted, updated, failed, created_at, started_at, finished_at, status_details
        """;

    public static Statement Insert(TenantId tenant, Job job, byte[]? sealedFile, AuditSource source) =>
        new("""
            INSERT INTO job (tenant_id, job_id, type, status, parameters, sealed_file, position, total, inserted, updated, failed,
                created_at, started_at, finished_at, due_at, attempts, status_details, client_id, ip, user_agent)
            VALUES (@tenant_id, @job_id, @type, @status, @parameters, @sealed_file, 0, @total, 0, 0, 0,
                @created_at, NULL, @finished_at, @created_at, 0, @status_details, @client_id, @ip, @user_agent)
            """,
            ("tenant_id", tenant.Value),
            ("job_id", job.Id),
            ("type", job.Type),
            ("status", job.Status),
            ("parameters", JsonSerializer.Serialize(job.Parameters, JobJson.Default.JobParametersV1)),
            ("sealed_file", sealedFile),
            ("total", job.Progress.Total),
            ("created_at", job.CreatedAt.ToUnixTimeMilliseconds()),
            ("finished_at", job.FinishedAt?.ToUnixTimeMilliseconds()),
            ("status_details", job.StatusDetails),
            ("client_id", source.ClientId),
            ("ip", source.Address),
            ("user_agent", source.UserAgent));

    public static ValueTask<Job?> FindAsync(Session session, TenantId tenant, string jobId, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM job WHERE tenant_id = @tenant_id AND job_id = @job_id", ("tenant_id", tenant.Value), ("job_id", jobId)),
            Read,
            cancellationToken);

    /// <summary>Jobs that are not finished. Until the unit ends nobody else counts them, so that nobody adds one too many.</summary>
    public static async ValueTask<long> CountOpenAsync(UnitOfWork unit, TenantId tenant, CancellationToken cancellationToken)
    {
        if (unit.Engine == Engine.PostgreSql)
        {
            await unit.ExecuteAsync(new Statement("SELECT pg_advisory_xact_lock(@id)", ("id", LockId)), cancellationToken);
        }

        var rows = await unit.QueryAsync(
            new Statement("SELECT count(*) FROM job WHERE tenant_id = @tenant_id AND finished_at IS NULL", ("tenant_id", tenant.Value)),
            row => row.GetInt64(0),
            cancellationToken);
        return rows[0];
    }

    /// <summary>Takes a job that is due and holds it for a while: if this node dies, another takes it then.</summary>
    public static ValueTask<TakenJob?> TakeAsync(UnitOfWork unit, TenantId tenant, JobLease lease, CancellationToken cancellationToken) =>
        unit.FindAsync(
            new Statement(
                $"""
                UPDATE job
                SET status = 'processing', holder = @holder, due_at = @until, attempts = attempts + 1, started_at = coalesce(started_at, @now)
                WHERE tenant_id = @tenant_id AND job_id IN (
                    SELECT job_id FROM job
                    WHERE tenant_id = @tenant_id AND finished_at IS NULL AND due_at <= @now
                    ORDER BY due_at, job_id
                    LIMIT 1
                    {(unit.Engine == Engine.PostgreSql ? "FOR UPDATE SKIP LOCKED" : "")})
                RETURNING {Columns}, sealed_file, attempts, client_id, ip, user_agent
                """,
                ("tenant_id", tenant.Value),
                ("holder", lease.Holder),
                ("now", lease.Now.ToUnixTimeMilliseconds()),
                ("until", lease.Until.ToUnixTimeMilliseconds())),
            row => new TakenJob(
                Read(row), row.GetBytes(13), row.GetInt64(14),
                new AuditSource(row.GetStringOrNull(15), row.GetStringOrNull(16), row.GetStringOrNull(17))),
            cancellationToken);

    /// <summary>
    /// Moves over records, once: one row if the job is still held and stands where the caller knows it to, and none if somebody
    /// else has moved it. The unit that moves it writes the records.
    /// </summary>
    public static Statement Advance(TenantId tenant, string jobId, JobLease lease, (long From, long To) records) =>
        new("""
            UPDATE job SET position = @to, due_at = @until, attempts = 0
            WHERE tenant_id = @tenant_id AND job_id = @job_id AND holder = @holder AND position = @from AND finished_at IS NULL
            """,
            ("tenant_id", tenant.Value),
            ("job_id", jobId),
            ("holder", lease.Holder),
            ("from", records.From),
            ("to", records.To),
            ("until", lease.Until.ToUnixTimeMilliseconds()));

    /// <summary>For the unit that has moved the job.</summary>
    public static Statement Count(TenantId tenant, string jobId, ImportCounts counts) =>
        new("""
            UPDATE job SET inserted = inserted + @inserted, updated = updated + @updated, failed = failed + @failed
            WHERE tenant_id = @tenant_id AND job_id = @job_id
            """,
            ("tenant_id", tenant.Value),
            ("job_id", jobId),
            ("inserted", (long)counts.Inserted),
            ("updated", (long)counts.Updated),
            ("failed", (long)counts.Failed));

    /// <summary>The file is not kept: it may hold keys of second factors.</summary>
    /// <param name="holder">Nobody else finishes it.</param>
    public static Statement Finish(TenantId tenant, string jobId, string holder, string? fault, DateTimeOffset now) =>
        new("""
            UPDATE job SET status = @status, status_details = @fault, finished_at = @now, sealed_file = NULL
            WHERE tenant_id = @tenant_id AND job_id = @job_id AND holder = @holder AND finished_at IS NULL
            """,
            ("tenant_id", tenant.Value),
            ("job_id", jobId),
            ("holder", holder),
            ("status", fault is null ? Job.Completed : Job.Failed),
            ("fault", fault),
            ("now", now.ToUnixTimeMilliseconds()));

    private static Job Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), JsonSerializer.Deserialize(row.GetString(2), JobJson.Default.JobParametersV1)!)
        {
            Status = row.GetString(3),
            Progress = new JobProgress(row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)),
            CreatedAt = row.GetInstant(9),
            StartedAt = row.GetInstantOrNull(10),
            FinishedAt = row.GetInstantOrNull(11),
            StatusDetails = row.GetStringOrNull(12),
        };
}

/// <param name="Holder">New each time that a job is taken: who comes back late finds that the job is no longer theirs.</param>
internal readonly record struct JobLease(string Holder, DateTimeOffset Now, DateTimeOffset Until);

/// <param name="Attempts">Since a record was last done, this one counted.</param>
internal sealed record TakenJob(Job Job, byte[] SealedFile, long Attempts, AuditSource Source);
