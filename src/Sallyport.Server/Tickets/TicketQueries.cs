using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tickets;

internal sealed class TicketQueries(Database database, TimeProvider clock)
{
    /// <returns>The user's tickets that can still be used, newest first; null if there is no such user.</returns>
    public ValueTask<IReadOnlyList<Ticket>?> ListOpenAsync(TenantId tenant, string userId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Ticket>?>(
            async session => await UserStore.FindAsync(session, tenant, userId, cancellationToken) is null
                ? null
                : await TicketStore.ListOpenAsync(session, tenant, userId, clock.GetUtcNow(), cancellationToken),
            cancellationToken);
}
