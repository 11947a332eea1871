using Sallyport.Server.Audit;
using Sallyport.Server.Connections;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

internal enum CreateJobOutcome
{
    Created,
    ConnectionNotFound,
    UserNotFound,
    IdentityNotFound,
    ClientNotFound,

    /// <summary>There is nothing to verify.</summary>
    NoAddress,

    /// <summary>As many imports as may run are not finished.</summary>
    TooMany,
}

internal sealed class CreateJob(Database database, AuditLog audit, ColumnCipher cipher, JobWorker worker, TimeProvider clock)
{
    public const int MaxImports = 2;

    private static readonly TenantId Tenant = TenantId.Default;

    public ValueTask<(CreateJobOutcome Outcome, Job? Job)> ImportAsync(ImportForm form, AuditEntry entry, CancellationToken cancellationToken)
    {
        var job = Job.New(Job.UsersImport, form.Parameters, clock.GetUtcNow()) with { Progress = new JobProgress(0, form.Records.Count, 0, 0, 0) };
        var file = cipher.Seal(form.Users.Span, Job.FilePlace(Tenant, job.Id));
        return database.WriteAsync<(CreateJobOutcome, Job?)>(
            async unit =>
            {
                if (await JobStore.CountOpenAsync(unit, Tenant, cancellationToken) >= MaxImports)
                {
                    return (CreateJobOutcome.TooMany, null);
                }

                var connection = await ConnectionStore.FindAsync(unit, Tenant, form.Parameters.ConnectionId ?? "", cancellationToken);
                if (connection is null)
                {
                    return (CreateJobOutcome.ConnectionNotFound, null);
                }

                var named = job with { Parameters = job.Parameters with { Connection = connection.Name } };
                Add(unit, named, file, entry);
                unit.OnCommitted(worker.Wake);
                return (CreateJobOutcome.Created, named);
            },
            cancellationToken);
    }

    /// <summary>There is nothing to wait for: the users are read when they are loaded.</summary>
    public ValueTask<(CreateJobOutcome Outcome, Job? Job)> ExportAsync(
        CreateExportRequest request, AuditEntry entry, CancellationToken cancellationToken)
    {
        var parameters = new JobParametersV1
        {
            ConnectionId = request.ConnectionId,
            Format = request.Format ?? CreateExportRequest.Json,
            Limit = request.Limit,
            Fields = request.Fields,
        };
        return database.WriteAsync<(CreateJobOutcome, Job?)>(
            async unit =>
            {
                if (request.ConnectionId is { } id)
                {
                    if (await ConnectionStore.FindAsync(unit, Tenant, id, cancellationToken) is not { } connection)
                    {
                        return (CreateJobOutcome.ConnectionNotFound, null);
                    }

                    parameters = parameters with { Connection = connection.Name };
                }

                var job = Job.New(Job.UsersExport, parameters, clock.GetUtcNow()) with { Status = Job.Completed, FinishedAt = clock.GetUtcNow() };
                Add(unit, job, file: null, entry);
                return (CreateJobOutcome.Created, job);
            },
            cancellationToken);
    }

    private void Add(UnitOfWork unit, Job job, byte[]? file, AuditEntry entry)
    {
        unit.Enqueue(JobStore.Insert(Tenant, job, file, entry.Source));
        audit.Add(unit, Tenant, ApiOperation.WithAnswer(entry, JobResponse.Created(job), JobJson.Default.JobResponse));
    }
}
