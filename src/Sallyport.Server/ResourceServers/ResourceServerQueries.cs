using Microsoft.OpenApi;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Storage;

namespace Sallyport.Server.ResourceServers;

/// <summary>Reads APIs for the Management API.</summary>
internal sealed class ResourceServerQueries(Database database)
{
    public async ValueTask<ListPart<ResourceServerResponse>> ListAsync(
        TenantId tenant, Listing<ResourceServerFilter> listing, CancellationToken cancellationToken)
    {
        var part = await database.ReadAsync(session => ResourceServerStore.ListAsync(session, tenant, listing, cancellationToken), cancellationToken);
        return part.Show(ResourceServerResponse.Of);
    }

    /// <param name="id">The id or the identifier.</param>
    /// <returns>Null if there is no such API.</returns>
    public async ValueTask<ResourceServerResponse?> FindAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var server = await database.ReadAsync(session => ResourceServerStore.FindAsync(session, tenant, id, cancellationToken), cancellationToken);
        return server is null ? null : ResourceServerResponse.Of(server);
    }
}

/// <summary>Which APIs are listed.</summary>
/// <param name="Identifiers">With a comma before and after each, so that the SQL finds whole identifiers; null for all.</param>
internal sealed record ResourceServerFilter(string? Identifiers) : IListFilter<ResourceServerFilter>
{
    public static IReadOnlyList<QueryParameter> Parameters => [new("identifiers", JsonSchemaType.String)];

    /// <summary>One generation of the client repeats the parameter, another separates the values by commas.</summary>
    public static ResourceServerFilter Read(IQueryCollection query) =>
        new(QueryValues.Text(query, "identifiers") is { } identifiers ? $",{identifiers}," : null);
}
