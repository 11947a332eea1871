using Microsoft.OpenApi;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Connections;

/// <summary>Reads connections for the Management API.</summary>
internal sealed class ConnectionQueries(Database database)
{
    public async ValueTask<ListPart<ConnectionResponse>> ListAsync(
        TenantId tenant, Listing<ConnectionFilter> listing, CancellationToken cancellationToken)
    {
        var part = await database.ReadAsync(session => ConnectionStore.ListAsync(session, tenant, listing, cancellationToken), cancellationToken);
        return part.Show(ConnectionResponse.Of);
    }

    /// <returns>The names of the first hundred connections with users of their own, in the order of their creation.</returns>
    public ValueTask<IReadOnlyList<string>> ListNamesAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            async session => [.. await ConnectionStore.ListNamesAsync(session, tenant, cancellationToken)], cancellationToken);

    /// <returns>Null if there is no such connection.</returns>
    public async ValueTask<ConnectionResponse?> FindAsync(TenantId tenant, string connectionId, CancellationToken cancellationToken)
    {
        var connection = await database.ReadAsync(
            session => ConnectionStore.FindAsync(session, tenant, connectionId, cancellationToken), cancellationToken);
        return connection is null ? null : ConnectionResponse.Of(connection);
    }
}

/// <summary>Which connections are listed.</summary>
/// <param name="Strategies">With a comma before and after each, so that the SQL finds whole names; null for all.</param>
/// <param name="HasDomainAlias">The query asks for a domain. No connection here is selected by one, so the list is empty.</param>
internal sealed record ConnectionFilter(string? Name, string? Strategies, bool HasDomainAlias) : IListFilter<ConnectionFilter>
{
    public static IReadOnlyList<QueryParameter> Parameters =>
        [new("name", JsonSchemaType.String), new("strategy", JsonSchemaType.String), new("domain_alias", JsonSchemaType.String)];

    public static int DefaultPageSize => 100;

    public static ConnectionFilter Read(IQueryCollection query) => new(
        QueryValues.Text(query, "name"),
        QueryValues.Text(query, "strategy") is { } strategies ? $",{strategies}," : null,
        QueryValues.Text(query, "domain_alias") is not null);
}
