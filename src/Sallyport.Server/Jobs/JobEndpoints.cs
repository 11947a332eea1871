using Sallyport.Server.Http.Payloads;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Imports and exports of users (docs/management-api.md §C.5).</summary>
internal static class JobEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;

    private static readonly ApiError NotFound = ApiError.NotFound("The job does not exist.", ErrorCodes.InexistentJob);

    private static readonly ApiError UserNotFound = ApiError.BadRequest("The user does not exist.", ErrorCodes.InexistentUser);

    private static readonly ApiError ConnectionNotFound = ApiError.BadRequest("The connection does not exist.", ErrorCodes.InexistentConnection);

    private static readonly ApiError TooMany = ApiError.TooManyRequests(
        $"There are {CreateJob.MaxImports} imports that are not finished. Wait until one is.", ErrorCodes.TooManyRequests);

    public static void MapJobs(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/jobs").WithTags("Jobs");
        group.MapPost("/users-imports", ImportAsync).RequireScope(ManagementScopes.CreateUsers).WithName("ImportUsers")
            .Produces<ApiErrorBody>(413);
        group.MapPost("/users-exports", ExportAsync).RequireScope(ManagementScopes.ReadUsers).WithName("ExportUsers");
        group.MapPost("/verification-email", VerifyAsync).RequireScope(ManagementScopes.UpdateUsers).WithName("SendVerificationEmail");
        group.MapGet("/{id}", GetAsync).RequireScope(ManagementScopes.CreateUsers, ManagementScopes.ReadUsers).WithName("GetJob")
            .Produces<ApiErrorBody>(404);
        group.MapGet("/{id}/errors", ListErrorsAsync).RequireScope(ManagementScopes.CreateUsers, ManagementScopes.ReadUsers)
            .WithName("ListJobErrors").Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<Accepted<JobResponse>, ApiError>> ImportAsync(
        ImportForm form, HttpContext context, CreateJob create, CancellationToken cancellationToken)
    {
        var entry = ApiOperation.Succeeded(context, 202, userId: null);
        var (outcome, job) = await create.ImportAsync(form, entry, cancellationToken);
        return Fault(outcome) is { } fault ? fault : TypedResults.Accepted((string?)null, JobResponse.Created(job!));
    }

    private static async Task<Results<Ok<JobResponse>, ApiError>> ExportAsync(
        Body<CreateExportRequest> body, HttpContext context, CreateJob create, CancellationToken cancellationToken)
    {
        var entry = ApiOperation.Succeeded(context, 200, userId: null, body.Raw);
        var (outcome, job) = await create.ExportAsync(body.Value, entry, cancellationToken);
        return Fault(outcome) is { } fault ? fault : TypedResults.Ok(JobResponse.Created(job!));
    }

    private static async Task<Results<Created<JobResponse>, ApiError>> VerifyAsync(
        Body<CreateVerificationEmailRequest> body, HttpContext context, CreateVerificationEmail create, CancellationToken cancellationToken)
    {
        var entry = ApiOperation.Succeeded(context, 201, body.Value.UserId, body.Raw);
        var (outcome, job) = await create.RunAsync(body.Value, entry, cancellationToken);
        return Fault(outcome) is { } fault ? fault : TypedResults.Created((string?)null, JobResponse.Created(job!));
    }

    private static async Task<Results<Ok<JobResponse>, ApiError>> GetAsync(
        IdPath jobId, Database database, ExportLink link, TimeProvider clock, CancellationToken cancellationToken)
    {
        var job = await database.ReadAsync(session => JobStore.FindAsync(session, Tenant, jobId.Value, cancellationToken), cancellationToken);
        return job is null ? NotFound : TypedResults.Ok(JobResponse.Of(job, link.To(job), clock.GetUtcNow()));
    }

    private static async Task<Results<Ok<IReadOnlyList<ImportFailure>>, StatusCodeHttpResult, ApiError>> ListErrorsAsync(
        IdPath jobId, Database database, CancellationToken cancellationToken)
    {
        var (job, failures) = await database.ReadAsync(
            async session =>
            (
                await JobStore.FindAsync(session, Tenant, jobId.Value, cancellationToken),
                await JobErrorStore.ListAsync(session, Tenant, jobId.Value, cancellationToken)
            ),
            cancellationToken);
        return job is null ? NotFound
            : failures.Count == 0 ? TypedResults.StatusCode(StatusCodes.Status204NoContent)
            : TypedResults.Ok<IReadOnlyList<ImportFailure>>(failures);
    }

    private static ApiError? Fault(CreateJobOutcome outcome) => outcome switch
    {
        CreateJobOutcome.Created => null,
        CreateJobOutcome.ConnectionNotFound => ConnectionNotFound,
        CreateJobOutcome.UserNotFound => UserNotFound,
        CreateJobOutcome.IdentityNotFound => ApiError.Payload("The user has no such identity", "identity"),
        CreateJobOutcome.ClientNotFound => ApiError.BadRequest("The client does not exist.", ErrorCodes.InexistentClient),
        CreateJobOutcome.NoAddress => ApiError.BadRequest("The user has no e-mail address.", ErrorCodes.InvalidBody),
        CreateJobOutcome.TooMany => TooMany,
    };
}
