using Sallyport.Server.Audit;
using Sallyport.Server.EmailVerification;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs;

/// <summary>A job that is done when it is made.</summary>
internal sealed class CreateVerificationEmail(Database database, AuditLog audit, VerificationMail mail, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <summary>The mail lies in the outbox when the job is there: the two are written together.</summary>
    public ValueTask<(CreateJobOutcome Outcome, Job? Job)> RunAsync(
        CreateVerificationEmailRequest request, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync<(CreateJobOutcome, Job?)>(
            async unit =>
            {
                var user = await UserStore.FindAsync(unit, Tenant, request.UserId, cancellationToken);
                if (FindFault(user, request.Identity) is { } fault)
                {
                    return (fault, null);
                }

                var application = request.ClientId is { } id ? await VerificationApplication.FindAsync(unit, id, cancellationToken) : null;
                if (application is null && request.ClientId is not null)
                {
                    return (CreateJobOutcome.ClientNotFound, null);
                }

                var now = clock.GetUtcNow();
                await mail.AddAsync(unit, user!, application, now, cancellationToken);
                var job = Job.New(Job.VerificationEmail, new JobParametersV1(), now) with { Status = Job.Completed, FinishedAt = now };
                unit.Enqueue(JobStore.Insert(Tenant, job, sealedFile: null, entry.Source));
                audit.Add(unit, Tenant, ApiOperation.WithAnswer(entry, JobResponse.Created(job), JobJson.Default.JobResponse));
                return (CreateJobOutcome.Created, job);
            },
            cancellationToken);

    private static CreateJobOutcome? FindFault(User? user, VerificationIdentity? identity) =>
        user is null ? CreateJobOutcome.UserNotFound
        : identity is not null && user.UserId != $"{identity.Provider}|{identity.UserId}" ? CreateJobOutcome.IdentityNotFound
        : user.Email is null ? CreateJobOutcome.NoAddress
        : null;
}
