using Sallyport.Server.Search;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Users;

/// <summary>Users, as they are read.</summary>
internal sealed class UserQueries(Database database, TimeProvider clock)
{
    /// <summary>Counting further would cost more than the page.</summary>
    private const long MaxTotal = 10_000;

    private static readonly TimeSpan SearchLimit = TimeSpan.FromSeconds(2);

    public ValueTask<User?> FindAsync(TenantId tenant, string userId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => UserStore.FindAsync(session, tenant, userId, cancellationToken), cancellationToken);

    public async ValueTask<IReadOnlyList<User>> ListByEmailAsync(TenantId tenant, string email, CancellationToken cancellationToken) =>
        await database.ReadAsync(session => UserStore.ListByEmailAsync(session, tenant, email, cancellationToken), cancellationToken);

    public ValueTask<List<string>> ListIdsByIdentifierAsync(TenantId tenant, string identifier, CancellationToken cancellationToken) =>
        database.ReadAsync(session => UserStore.ListIdsByIdentifierAsync(session, tenant, identifier, cancellationToken), cancellationToken);

    /// <returns>Whether wrong codes have locked the user out; null if there is no such user.</returns>
    public ValueTask<(User User, bool IsLockedOut)?> FindLockoutAsync(TenantId tenant, string userId, CancellationToken cancellationToken) =>
        database.ReadAsync<(User, bool)?>(
            async session => await UserStore.FindAsync(session, tenant, userId, cancellationToken) is { } user
                ? (user, await AttemptLimit.IsExhaustedAsync(session, tenant, userId, clock.GetUtcNow(), cancellationToken))
                : null,
            cancellationToken);

    /// <returns>Whether one of the users with this identifier is locked out.</returns>
    public ValueTask<bool> IsAnyLockedOutAsync(TenantId tenant, string identifier, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var isLockedOut = false;
                foreach (var userId in await UserStore.ListIdsByIdentifierAsync(session, tenant, identifier, cancellationToken))
                {
                    isLockedOut |= await AttemptLimit.IsExhaustedAsync(session, tenant, userId, clock.GetUtcNow(), cancellationToken);
                }

                return isLockedOut;
            },
            cancellationToken);

    /// <returns>Null if the search took longer than its limit.</returns>
    /// <exception cref="SearchException">The query names a field or form that cannot be searched.</exception>
    public async ValueTask<UserPage?> SearchAsync(TenantId tenant, UserListing listing, CancellationToken cancellationToken)
    {
        var query = new SearchQuery(database.Engine, tenant);
        var where = SearchStatements.Where(listing, query);
        try
        {
            return await database.ReadWithinAsync(
                SearchLimit,
                async session =>
                {
                    var users = await session.QueryAsync(SearchStatements.Select(listing, query, where), UserRow.Read, cancellationToken);
                    var total = listing.Page.IncludeTotals
                        ? listing.Page.KnownTotal(users.Count) ?? await CountAsync(session, query, where, cancellationToken)
                        : 0;
                    return new UserPage(listing.Page.Start, listing.Page.Size, users.Count, users, total);
                },
                cancellationToken);
        }
        catch (QueryTimeoutException)
        {
            return null;
        }
    }

    private static async ValueTask<long> CountAsync(
        Session session, SearchQuery query, string where, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(SearchStatements.Count(query, where, MaxTotal), row => row.GetInt64(0), cancellationToken);
        return rows[0];
    }
}
