using Sallyport.Server.Audit;
using Sallyport.Server.Factors;

namespace Sallyport.Server.Administrators;

/// <summary>Removes the factors of an administrator who has lost them, which ends the sessions, and makes a new invitation.</summary>
internal sealed class ResetAdministrator(ManageAdministrators administrators, RemoveAuthenticators remove, InviteAdministrator invite)
{
    public async ValueTask<(InviteOutcome Outcome, string? Url)> RunAsync(CallContext call, string userId, CancellationToken cancellationToken)
    {
        // The user could be one who is no administrator.
        if (await administrators.FindAsync(call.Tenant, userId, cancellationToken) is null
            || await remove.RunAsync(call, new Removal(userId, _ => true) { IsReset = true }, cancellationToken) == RemoveOutcome.UserNotFound)
        {
            return (InviteOutcome.NotFound, null);
        }

        return await invite.RunAgainAsync(call, userId, cancellationToken);
    }
}
