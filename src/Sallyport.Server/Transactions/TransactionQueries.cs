using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal sealed class TransactionQueries(Database database, FactorCatalog catalog, TimeProvider clock)
{
    /// <returns>Null if the transaction has expired or was ended, its user is gone or blocked, or what it was accepted for is gone.</returns>
    public async ValueTask<TransactionView?> FindAliveAsync(TransactionIdentity identity, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var view = await database.ReadAsync(
            session => TransactionViewStore.FindAsync(session, identity, attemptId: "", now, cancellationToken), cancellationToken);
        return view is not null && view.IsAlive(now) ? view : null;
    }

    /// <returns>Whether it is the address of an app with which devices enroll themselves.</returns>
    public ValueTask<bool> IsAppLinkAsync(TenantId tenant, string address, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                foreach (var device in catalog.Devices)
                {
                    var app = await device.FindAppAsync(session, tenant, cancellationToken);
                    if (address == app.AppleLink || address == app.GoogleLink)
                    {
                        return true;
                    }
                }

                return false;
            },
            cancellationToken);
}
