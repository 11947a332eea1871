using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>Gives the authenticator that a transaction has just enrolled a name.</summary>
internal sealed class NameAuthenticator(Database database, TimeProvider clock)
{
    /// <returns>False if the transaction has enrolled none, or is over.</returns>
    public async ValueTask<bool> RunAsync(TransactionIdentity identity, string name, CancellationToken cancellationToken) =>
        await database.WriteAsync(unit => RunAsync(unit, identity, name, cancellationToken), cancellationToken);

    private async ValueTask<bool> RunAsync(UnitOfWork unit, TransactionIdentity identity, string name, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        unit.Enqueue(AttemptLimit.HoldIfExists(identity.Tenant, identity.UserId));
        var view = await TransactionViewStore.FindAsync(unit, identity, attemptId: "", now, cancellationToken);
        var enrolled = view is { IsAccepted: true, Transaction.Enrolls: true } && view.IsAlive(now)
            ? view.Enrolled.FirstOrDefault(authenticator => authenticator.Id == view.Transaction.ProvedBy)
            : null;
        if (enrolled is null)
        {
            unit.Abandon();
            return false;
        }

        unit.Enqueue(AuthenticatorStore.Update(enrolled with { Name = name }));
        return true;
    }
}
