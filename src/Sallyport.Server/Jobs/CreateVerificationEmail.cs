using Sallyport.Server.Audit;
using Sallyport.Server.EmailVerification;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs;

/// <summary>Sends a verification mail. The job is complete when it is created, in the transaction that adds the mail to the outbox.</summary>
internal sealed class CreateVerificationEmail(Database database, AuditLog audit, VerificationMail mail, TimeProvider clock)
{
    public async ValueTask<(CreateJobOutcome Outcome, Job? Job)> RunAsync(
        CreateVerificationEmailRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var (user, application, source) = await database.ReadAsync(
            async session => (
                await UserStore.FindAsync(session, call.Tenant, request.UserId, cancellationToken),
                request.ClientId is { } id ? await VerificationApplication.FindAsync(session, call.Tenant, id, cancellationToken) : null,
                await mail.ReadSourceAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        if (FindFault(user, request.Identity) is { } fault)
        {
            return (fault, null);
        }

        if (application is null && request.ClientId is not null)
        {
            return (CreateJobOutcome.ClientNotFound, null);
        }

        return await AddAsync(mail.Compose(source, user!, application), request.UserId, call, cancellationToken);
    }

    private async ValueTask<(CreateJobOutcome Outcome, Job? Job)> AddAsync(
        ComposedVerification verification, string userId, CallContext call, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var job = Job.New(Job.VerificationEmail, new JobParametersV1(), now) with { Status = Job.Completed, FinishedAt = now };
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    mail.Add(unit, call.Tenant, verification);
                    unit.Enqueue(JobStore.Insert(call.Tenant, job, sealedFile: null, call.Source));
                    audit.Add(unit, call.Tenant, JobResponse.LogEntry(call, job, userId));
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
            return (CreateJobOutcome.Created, job);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            // The user was deleted after the mail was composed.
            return (CreateJobOutcome.UserNotFound, null);
        }
    }

    private static CreateJobOutcome? FindFault(User? user, VerificationIdentity? identity) =>
        user is null || AdministratorUsers.Contains(user.UserId) ? CreateJobOutcome.UserNotFound
        : identity is not null && user.UserId != $"{identity.Provider}|{identity.UserId}" ? CreateJobOutcome.IdentityNotFound
        : user.Email is null ? CreateJobOutcome.NoAddress
        : null;
}
