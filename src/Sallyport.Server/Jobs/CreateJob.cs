using Sallyport.Server.Audit;
using Sallyport.Server.Connections;
using Sallyport.Server.Factors;
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

    /// <summary>The user has no address to verify.</summary>
    NoAddress,

    /// <summary>The limit of unfinished jobs of this type is reached.</summary>
    TooMany,
}

/// <summary>Creates the imports, exports and unenrollments that <see cref="JobWorker"/> runs.</summary>
internal sealed class CreateJob(Database database, AuditLog audit, ColumnCipher cipher, JobWorker worker, TimeProvider clock)
{
    /// <summary>Unfinished jobs of one type.</summary>
    public const int MaxUnfinished = 2;

    public ValueTask<(CreateJobOutcome Outcome, Job? Job)> ImportAsync(
        ImportRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var job = Job.New(Job.UsersImport, request.Parameters, clock.GetUtcNow()) with
        {
            Progress = new JobProgress(0, request.Count, 0, 0, 0),
        };
        var file = cipher.Seal(request.Users.Span, Job.ImportFileData(call.Tenant, job.Id));
        return CreateAsync(job, file, call, cancellationToken);
    }

    public ValueTask<(CreateJobOutcome Outcome, Job? Job)> ExportAsync(
        CreateExportRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var parameters = new JobParametersV1
        {
            ConnectionId = request.ConnectionId,
            Format = request.Format ?? CreateExportRequest.Json,
            Limit = request.Limit,
            Fields = request.Fields,
        };
        return CreateAsync(Job.New(Job.UsersExport, parameters, clock.GetUtcNow()), file: null, call, cancellationToken);
    }

    /// <param name="factor">One of <see cref="FactorNames"/>.</param>
    public async ValueTask<(CreateJobOutcome Outcome, Job? Job)> UnenrollmentAsync(string factor, CallContext call, CancellationToken cancellationToken)
    {
        var job = Job.New(Job.Unenrollment, new JobParametersV1 { Factor = factor }, clock.GetUtcNow());
        var users = await database.ReadAsync(
            session => AuthenticatorStore.CountUsersAsync(session, call.Tenant, factor, job.CreatedAt, cancellationToken), cancellationToken);
        return await CreateAsync(job with { Progress = new JobProgress(0, users, 0, 0, 0) }, file: null, call, cancellationToken);
    }

    private ValueTask<(CreateJobOutcome Outcome, Job? Job)> CreateAsync(
        Job job, byte[]? file, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync<(CreateJobOutcome, Job?)>(
            async unit =>
            {
                if (await JobStore.CountUnfinishedAsync(unit, call.Tenant, job.Type, cancellationToken) >= MaxUnfinished)
                {
                    return (CreateJobOutcome.TooMany, null);
                }

                if (job.Parameters.ConnectionId is { } id)
                {
                    if (await ConnectionStore.FindAsync(unit, call.Tenant, id, cancellationToken) is not { } connection)
                    {
                        return (CreateJobOutcome.ConnectionNotFound, null);
                    }

                    job = job with { Parameters = job.Parameters with { Connection = connection.Name } };
                }

                unit.Enqueue(JobStore.Insert(call.Tenant, job, file, call.Source));
                audit.Add(unit, call.Tenant, JobResponse.LogEntry(call, job));
                unit.OnCommitted(worker.Wake);
                return (CreateJobOutcome.Created, job);
            },
            cancellationToken);
}
