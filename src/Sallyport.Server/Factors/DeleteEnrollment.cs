using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>Takes an authenticator away that is known by its id alone.</summary>
internal sealed class DeleteEnrollment(Database database, RemoveAuthenticators remove)
{
    /// <returns>False where there is no such authenticator.</returns>
    public async ValueTask<bool> RunAsync(string id, AuditEntry entry, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            session => AuthenticatorStore.FindAsync(session, TenantId.Default, id, cancellationToken), cancellationToken);
        return found is { IsEnrollment: true }
            && await remove.RunAsync(
                new Removal(found.UserId, authenticator => authenticator.Id == id) { IsOfOne = true },
                entry with { UserId = found.UserId },
                cancellationToken) == RemoveOutcome.Removed;
    }
}
