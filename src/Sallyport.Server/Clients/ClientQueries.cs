using Microsoft.OpenApi;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Reads clients for the Management API.</summary>
internal sealed class ClientQueries(Database database)
{
    public async ValueTask<ListPart<ClientResponse>> ListAsync(
        TenantId tenant, Listing<ClientFilter> listing, CancellationToken cancellationToken)
    {
        var part = await database.ReadAsync(session => ClientStore.ListAsync(session, tenant, listing, cancellationToken), cancellationToken);
        return part.Show(client => ClientResponse.Of(tenant, client));
    }

    /// <returns>The first hundred applications by name, without the global client.</returns>
    public ValueTask<IReadOnlyList<(string ClientId, string Name)>> ListNamesAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<(string, string)>>(
            async session => await ClientStore.ListNamesAsync(session, tenant, cancellationToken), cancellationToken);

    /// <returns>Null if there is no such client.</returns>
    public async ValueTask<ClientResponse?> FindAsync(TenantId tenant, string clientId, CancellationToken cancellationToken)
    {
        var client = await database.ReadAsync(session => ClientStore.FindAsync(session, tenant, clientId, cancellationToken), cancellationToken);
        return client is null ? null : ClientResponse.Of(tenant, client);
    }
}

/// <summary>Which clients are listed.</summary>
/// <param name="AppTypes">With a comma before and after each, so that the SQL finds whole names; null for all.</param>
/// <param name="IsExternal">The query asks for clients that are registered by a document elsewhere. There are none, so the list is empty.</param>
internal sealed record ClientFilter(bool? IsGlobal, bool? IsFirstParty, string? AppTypes, bool IsExternal) : IListFilter<ClientFilter>
{
    public static IReadOnlyList<QueryParameter> Parameters =>
    [
        new("is_global", JsonSchemaType.Boolean),
        new("is_first_party", JsonSchemaType.Boolean),
        new("app_type", JsonSchemaType.String),
        new("external_client_id", JsonSchemaType.String),
    ];

    public static ClientFilter Read(IQueryCollection query) => QueryValues.Text(query, "q") is not null
        ? throw new ApiException(ApiError.Query("Clients are not searched by query here", "q"))
        : new ClientFilter(
            Flag(query, "is_global"),
            Flag(query, "is_first_party"),
            QueryValues.Text(query, "app_type") is { } types ? $",{types}," : null,
            QueryValues.Text(query, "external_client_id") is not null);

    private static bool? Flag(IQueryCollection query, string name) =>
        query[name].ToString().Length == 0 ? null : QueryValues.Bool(query, name, fallback: false);
}
