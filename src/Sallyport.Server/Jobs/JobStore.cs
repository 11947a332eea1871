using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Tables <c>job</c> and <c>job_error</c>.</summary>
internal static class JobStore
{
    /// <summary>Refused records that are kept of one job: more of them repeat the same mistake.</summary>
    public const int MaxFailures = 1000;

    private const long LockId = 0x4A4F42; // "JOB"

    private static readonly RowInsert InsertFailure = new("job_error", "tenant_id", "job_id", "position", "error");

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

    /// <summary>Until the unit ends no other unit can count them, so parallel requests cannot exceed a limit.</summary>
    public static async ValueTask<long> CountUnfinishedAsync(
        UnitOfWork unit, TenantId tenant, string type, CancellationToken cancellationToken)
    {
        if (unit.Engine == Engine.PostgreSql)
        {
            await unit.ExecuteAsync(new Statement("SELECT pg_advisory_xact_lock(@id)", ("id", LockId)), cancellationToken);
        }

        var rows = await unit.QueryAsync(
            new Statement(
                "SELECT count(*) FROM job WHERE tenant_id = @tenant_id AND type = @type AND finished_at IS NULL",
                ("tenant_id", tenant.Value),
                ("type", type)),
            row => row.GetInt64(0),
            cancellationToken);
        return rows[0];
    }

    /// <summary>Takes a job that is due and holds it until the lease ends: if this node dies, another takes it then.</summary>
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
                Read(row), row.GetBytesOrNull(13), row.GetInt64(14),
                new AuditSource(row.GetStringOrNull(15), row.GetStringOrNull(16), row.GetStringOrNull(17))),
            cancellationToken);

    /// <summary>
    /// Moves the position. Changes no row if the job is no longer held or its position is another one. The unit that moves it writes what
    /// lies between the positions.
    /// </summary>
    public static Statement Advance(TenantId tenant, string jobId, JobLease lease, (long From, long To) position) =>
        new("""
            UPDATE job SET position = @to, due_at = @until, attempts = 0
            WHERE tenant_id = @tenant_id AND job_id = @job_id AND holder = @holder AND position = @from AND finished_at IS NULL
            """,
            ("tenant_id", tenant.Value),
            ("job_id", jobId),
            ("holder", lease.Holder),
            ("from", position.From),
            ("to", position.To),
            ("until", lease.Until.ToUnixTimeMilliseconds()));

    /// <summary>Keeps the job. Changes no row if it is no longer held.</summary>
    public static Statement Renew(TenantId tenant, string jobId, JobLease lease) =>
        new("""
            UPDATE job SET due_at = @until
            WHERE tenant_id = @tenant_id AND job_id = @job_id AND holder = @holder AND finished_at IS NULL
            """,
            ("tenant_id", tenant.Value),
            ("job_id", jobId),
            ("holder", lease.Holder),
            ("until", lease.Until.ToUnixTimeMilliseconds()));

    /// <summary>For the unit that has moved the position.</summary>
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

    /// <summary>The file of an import is deleted, because it may hold keys of second factors. Changes no row if the job is no longer held.</summary>
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

    /// <param name="before">Refused records of the job before these.</param>
    public static void InsertFailures(
        UnitOfWork unit, TenantId tenant, string jobId, long before, IReadOnlyList<NumberedFailure> failures)
    {
        var rows = failures
            .Take((int)Math.Max(0, MaxFailures - before))
            .Select(failure => new SqlValue[]
            {
                tenant.Value, jobId, failure.Number, JsonSerializer.Serialize(failure.Failure, JobJson.Default.ImportFailure),
            })
            .ToList();
        foreach (var statement in InsertFailure.Of(rows))
        {
            unit.Enqueue(statement);
        }
    }

    public static ValueTask<List<ImportFailure>> ListFailuresAsync(
        Session session, TenantId tenant, string jobId, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                "SELECT error FROM job_error WHERE tenant_id = @tenant_id AND job_id = @job_id ORDER BY position",
                ("tenant_id", tenant.Value),
                ("job_id", jobId)),
            row => JsonSerializer.Deserialize(row.GetString(0), JobJson.Default.ImportFailure)!,
            cancellationToken);

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
