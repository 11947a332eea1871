using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Jobs.Unenrollments;

namespace Sallyport.Server.Jobs;

/// <summary>Imports and exports of users, verification mails, and the removal of a factor from all users (docs/management-api.md §C.5).</summary>
internal static class JobEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The job does not exist.", ErrorCodes.InexistentJob);

    private static readonly ApiError UserNotFound = ApiError.BadRequest("The user does not exist.", ErrorCodes.InexistentUser);

    private static readonly ApiError ConnectionNotFound = ApiError.BadRequest("The connection does not exist.", ErrorCodes.InexistentConnection);

    private static readonly ApiError TooMany = ApiError.TooManyRequests(
        $"There are {CreateJob.MaxUnfinished} unfinished jobs of this type. Wait until one is finished.", ErrorCodes.TooManyRequests);

    public static void MapJobs(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/jobs").WithTags("Jobs");
        group.MapPost("/users-imports", ImportAsync).RequireScope(ManagementScopes.CreateUsers).WithName("ImportUsers")
            .Produces<ApiErrorBody>(413);
        group.MapPost("/users-exports", ExportAsync).RequireScope(ManagementScopes.ReadUsers).WithName("ExportUsers");
        group.MapPost("/verification-email", VerifyAsync).RequireScope(ManagementScopes.UpdateUsers).WithName("SendVerificationEmail");
        group.MapPost("/unenrollments", UnenrollAsync).RequireScope(ManagementScopes.DeleteAllEnrollments).WithName("UnenrollAllUsers");
        group.MapGet("/{id}", GetAsync).RequireScope(ManagementScopes.CreateUsers, ManagementScopes.ReadUsers, ManagementScopes.DeleteAllEnrollments)
            .WithName("GetJob")
            .Produces<ApiErrorBody>(404);
        group.MapGet("/{id}/errors", ListErrorsAsync).RequireScope(ManagementScopes.CreateUsers, ManagementScopes.ReadUsers)
            .WithName("ListJobErrors").Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<Accepted<JobResponse>, ApiError>> ImportAsync(
        ImportForm form, ClaimsPrincipal user, CallContext call, CreateJob create, CancellationToken cancellationToken)
    {
        if (FindMissingScope(form, (ICaller)user) is { } scope)
        {
            return ApiError.MissingScope(scope);
        }

        var (outcome, job) = await create.ImportAsync(form.ToRequest(), call, cancellationToken);
        return Fault(outcome) is { } fault ? fault : TypedResults.Accepted((string?)null, JobResponse.Created(job!));
    }

    private static async Task<Results<Ok<JobResponse>, ApiError>> ExportAsync(
        Body<CreateExportRequest> body, CallContext call, CreateJob create, CancellationToken cancellationToken)
    {
        var (outcome, job) = await create.ExportAsync(body.Value, call, cancellationToken);
        return Fault(outcome) is { } fault ? fault : TypedResults.Ok(JobResponse.Created(job!));
    }

    private static async Task<Results<Created<JobResponse>, ApiError>> VerifyAsync(
        Body<CreateVerificationEmailRequest> body, CallContext call, CreateVerificationEmail create, CancellationToken cancellationToken)
    {
        var (outcome, job) = await create.RunAsync(body.Value, call, cancellationToken);
        return Fault(outcome) is { } fault ? fault : TypedResults.Created((string?)null, JobResponse.Created(job!));
    }

    private static async Task<Results<Accepted<JobResponse>, ApiError>> UnenrollAsync(
        Body<CreateUnenrollmentRequest> body, CallContext call, CreateJob create, FactorCatalog catalog, CancellationToken cancellationToken)
    {
        var factor = body.Value.Factor;
        if (!catalog.Switchable.Contains(factor))
        {
            return ApiError.Payload($"No enum match, expected one of: {string.Join(", ", catalog.Switchable)}", "factor");
        }

        if (body.Value.Confirm != factor)
        {
            return ApiError.Payload("Must repeat the name of the factor", "confirm");
        }

        var (outcome, job) = await create.UnenrollmentAsync(factor, call, cancellationToken);
        return Fault(outcome) is { } fault ? fault : TypedResults.Accepted((string?)null, JobResponse.Created(job!));
    }

    private static async Task<Results<Ok<JobResponse>, ApiError>> GetAsync(
        IdPath jobId, ClaimsPrincipal user, CallContext call, JobQueries jobs, CancellationToken cancellationToken)
    {
        var mayReadUsers = ((ICaller)user).Scopes.Contains(ManagementScopes.ReadUsers);
        var job = await jobs.FindAsync(call.Tenant, jobId.Value, withLocation: mayReadUsers, cancellationToken);
        return job is null ? NotFound : TypedResults.Ok(job);
    }

    private static async Task<Results<Ok<IReadOnlyList<ImportFailure>>, StatusCodeHttpResult, ApiError>> ListErrorsAsync(
        IdPath jobId, CallContext call, JobQueries jobs, CancellationToken cancellationToken) =>
        await jobs.ListFailuresAsync(call.Tenant, jobId.Value, cancellationToken) switch
        {
            null => NotFound,
            { Count: 0 } => TypedResults.StatusCode(StatusCodes.Status204NoContent),
            var failures => TypedResults.Ok(failures),
        };

    /// <summary>
    /// An import needs the scopes of the single calls: changing existing users is <c>PATCH /users/{id}</c>, giving them factors is
    /// <c>POST /users/{id}/authentication-methods</c>.
    /// </summary>
    private static string? FindMissingScope(ImportForm form, ICaller caller) =>
        !form.IsUpsert ? null
        : !caller.Scopes.Contains(ManagementScopes.UpdateUsers) ? ManagementScopes.UpdateUsers
        : form.HasFactors && !caller.Scopes.Contains(ManagementScopes.CreateAuthenticationMethods) ? ManagementScopes.CreateAuthenticationMethods
        : null;

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
