using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.EmailVerification;

/// <summary>Marks a user's address as verified and spends the link, in one transaction.</summary>
internal sealed class VerifyEmail(Database database, SecretHash hash, VerificationQueries queries, AuditLog audit, TimeProvider clock)
{
    public async ValueTask<VerificationView> RunAsync(string? link, CallContext call, CancellationToken cancellationToken)
    {
        var view = await queries.FindAsync(call.Tenant, link, cancellationToken);
        if (view is not { State: VerificationState.Open, Found: { } found } || !LinkId.TryParse(link, out var id))
        {
            return view;
        }

        var isVerified = await database.WriteAsync(
            async unit =>
            {
                var now = clock.GetUtcNow();
                var isDone = await unit.TryApplyAsync(
                    [
                        VerificationStore.Links.Spend(call.Tenant, VerificationStore.Links.Hash(hash, id), now),
                        UserStore.VerifyEmail(call.Tenant, found.UserId, found.Email, now),
                    ],
                    cancellationToken);
                if (isDone)
                {
                    unit.Enqueue(VerificationStore.Links.End(call.Tenant, found.UserId, now));
                    audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.EmailVerified, call.Source) { UserId = found.UserId });
                }

                return isDone;
            },
            cancellationToken);
        return isVerified
            ? view with { State = VerificationState.Verified }
            : await queries.FindAsync(call.Tenant, link, cancellationToken);
    }
}
