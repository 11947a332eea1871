using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users.Search;

/// <summary>A page of the users for whom a query holds.</summary>
internal sealed class SearchUsers(Database database)
{
    /// <summary>Counting further would cost more than the page.</summary>
    private const long MaxTotal = 10_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <returns>Null where it would have taken too long.</returns>
    /// <exception cref="Http.ApiException">The query asks for what cannot be searched.</exception>
    public async ValueTask<UserPage?> RunAsync(UserListing listing, CancellationToken cancellationToken)
    {
        var query = new SearchQuery(database.Engine, TenantId.Default);
        var where = Where(listing, query);
        try
        {
            return await database.ReadWithinAsync(
                Limit,
                async session =>
                {
                    var users = await session.QueryAsync(Select(listing, query, where), UserRow.Read, cancellationToken);
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

    /// <summary>The statement that reads a page.</summary>
    public static Statement Select(UserListing listing, SearchQuery query, string where) =>
        query.ToStatement(
            $"SELECT {UserRow.Columns} FROM \"user\" u WHERE {where} {listing.Order?.ToSql(query.Engine)} LIMIT @size OFFSET @start",
            ("size", (long)listing.Page.Size),
            ("start", (long)listing.Page.Start));

    public static string Where(UserListing listing, SearchQuery query)
    {
        var where = "u.tenant_id = @tenant_id";
        if (listing.Connection is { } connection)
        {
            where += $" AND u.connection = {query.Add(connection)}";
        }

        return listing.Query is { } node ? $"{where} AND {new SearchCondition(query).Of(node)}" : where;
    }

    private static async ValueTask<long> CountAsync(
        Session session, SearchQuery query, string where, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            query.ToStatement($"SELECT count(*) FROM (SELECT 1 AS one FROM \"user\" u WHERE {where} LIMIT @most) counted", ("most", MaxTotal)),
            row => row.GetInt64(0),
            cancellationToken);
        return rows[0];
    }
}
