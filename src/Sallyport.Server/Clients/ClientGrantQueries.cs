using Microsoft.OpenApi;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Reads grants for the Management API.</summary>
internal sealed class ClientGrantQueries(Database database)
{
    public ValueTask<ListPart<ClientGrant>> ListAsync(TenantId tenant, Listing<ClientGrantFilter> listing, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ClientGrantStore.ListAsync(session, tenant, listing, cancellationToken), cancellationToken);

    /// <returns>Null if there is no such grant.</returns>
    public ValueTask<ClientGrant?> FindAsync(TenantId tenant, string grantId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ClientGrantStore.FindAsync(session, tenant, grantId, cancellationToken), cancellationToken);
}

/// <summary>Which grants are listed.</summary>
/// <param name="IsForMany">The query asks for grants to organizations or to groups of clients. There are none, so the list is empty.</param>
internal sealed record ClientGrantFilter(string? Audience, string? ClientId, string? SubjectType, bool IsForMany) : IListFilter<ClientGrantFilter>
{
    public static IReadOnlyList<QueryParameter> Parameters =>
    [
        new("audience", JsonSchemaType.String),
        new("client_id", JsonSchemaType.String),
        new("subject_type", JsonSchemaType.String),
        new("default_for", JsonSchemaType.String),
        new("allow_any_organization", JsonSchemaType.Boolean),
    ];

    public static ClientGrantFilter Read(IQueryCollection query) => new(
        QueryValues.Text(query, "audience"),
        QueryValues.Text(query, "client_id"),
        QueryValues.Text(query, "subject_type"),
        QueryValues.Bool(query, "allow_any_organization", fallback: false) || QueryValues.Text(query, "default_for") is not null);
}
