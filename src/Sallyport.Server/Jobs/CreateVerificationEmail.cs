using Sallyport.Server.Audit;
using Sallyport.Server.EmailVerification;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs;

/// <summary>Creates a verification mail. Its job is completed at once: the mail is queued in the same database transaction.</summary>
internal sealed class CreateVerificationEmail(Database database, AuditLog audit, VerificationMail mail, TimeProvider clock)
{
    public ValueTask<(CreateJobOutcome Outcome, Job? Job)> RunAsync(
        CreateVerificationEmailRequest request, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync<(CreateJobOutcome, Job?)>(
            async unit =>
            {
                var user = await UserStore.FindAsync(unit, call.Tenant, request.UserId, cancellationToken);
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
                unit.Enqueue(JobStore.Insert(call.Tenant, job, sealedFile: null, call.Source));
                audit.Add(unit, call.Tenant, JobResponse.LogEntry(call, job, request.UserId));
                return (CreateJobOutcome.Created, job);
            },
            cancellationToken);

    private static CreateJobOutcome? FindFault(User? user, VerificationIdentity? identity) =>
        user is null ? CreateJobOutcome.UserNotFound
        : identity is not null && user.UserId != $"{identity.Provider}|{identity.UserId}" ? CreateJobOutcome.IdentityNotFound
        : user.Email is null ? CreateJobOutcome.NoAddress
        : null;
}
