using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users.Search;

/// <summary>The statements of a search for users.</summary>
internal static class SearchStatements
{
    /// <exception cref="SearchException">The query names a field or form that cannot be searched.</exception>
    public static string Where(UserListing listing, SearchQuery query)
    {
        var where = $"u.tenant_id = @tenant_id AND {UserStore.NotAdministrator}";
        if (listing.Connection is { } connection)
        {
            where += $" AND u.connection = {query.Add(connection)}";
        }

        return listing.Query is { } node ? $"{where} AND {new SearchCondition(query).Of(node)}" : where;
    }

    public static Statement Select(UserListing listing, SearchQuery query, string where) =>
        query.ToStatement(
            $"SELECT {UserRow.Columns} FROM \"user\" u WHERE {where} {listing.Order?.ToSql(query.Engine)} LIMIT @size OFFSET @start",
            ("size", (long)listing.Page.Size),
            ("start", (long)listing.Page.Start));

    /// <summary>Counts no further than <paramref name="max"/>.</summary>
    public static Statement Count(SearchQuery query, string where, long max) =>
        query.ToStatement($"SELECT count(*) FROM (SELECT 1 AS one FROM \"user\" u WHERE {where} LIMIT @most) counted", ("most", max));
}
