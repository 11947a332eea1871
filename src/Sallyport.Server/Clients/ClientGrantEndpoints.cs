using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Which client may ask for which scopes of which API (docs/management-api.md §C.7).</summary>
internal static class ClientGrantEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;

    private static readonly ApiError NotFound = ApiError.NotFound("The grant does not exist.", ErrorCodes.InexistentClientGrant);
    private static readonly ApiError ClientNotFound = ApiError.NotFound("The client does not exist", ErrorCodes.InexistentClient);
    private static readonly ApiError ApiNotFound =
        ApiError.NotFound("The resource server does not exist", ErrorCodes.InexistentResourceServer);

    private static readonly ApiError Exists =
        ApiError.Conflict("The client has a grant for this audience already.", ErrorCodes.ClientGrantConflict);

    public static void MapClientGrants(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/client-grants").WithTags("Client grants");
        group.MapGet("", ListAsync).RequireScope(ManagementScopes.ReadClientGrants).WithName("ListClientGrants");
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateClientGrants).WithName("CreateClientGrant")
            .Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(409);
        group.MapGet("/{id}", GetAsync).RequireScope(ManagementScopes.ReadClientGrants).WithName("GetClientGrant").Produces<ApiErrorBody>(404);
        group.MapPatch("/{id}", PatchAsync).RequireScope(ManagementScopes.UpdateClientGrants).WithName("PatchClientGrant")
            .Produces<ApiErrorBody>(404);
        group.MapDelete("/{id}", DeleteAsync).RequireScope(ManagementScopes.DeleteClientGrants).WithName("DeleteClientGrant")
            .Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<ListAnswer<ClientGrant, ClientGrantPage>, ApiError>> ListAsync(
        ClientGrantListing listing, FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        var part = await database.ReadAsync(session => ClientGrantStore.ListAsync(session, Tenant, listing, cancellationToken), cancellationToken);
        return ListAnswer.Of(part, ClientGrantPage.Of, fields);
    }

    private static async Task<Results<Created<ClientGrant>, ApiError>> CreateAsync(
        Body<CreateClientGrantRequest> body, HttpContext context, ManageClientGrants grants, CancellationToken cancellationToken)
    {
        var (outcome, grant) = await grants.CreateAsync(
            body.Value, ApiOperation.Succeeded(context, 201, userId: null, body.Raw), cancellationToken);
        return outcome switch
        {
            CreateClientGrantOutcome.Created => TypedResults.Created((string?)null, grant!),
            CreateClientGrantOutcome.ClientNotFound => ClientNotFound,
            CreateClientGrantOutcome.ApiNotFound => ApiNotFound,
            CreateClientGrantOutcome.Exists => Exists,
        };
    }

    private static async Task<Results<Ok<ClientGrant>, ApiError>> GetAsync(
        IdPath grantId, Database database, CancellationToken cancellationToken)
    {
        var grant = await database.ReadAsync(
            session => ClientGrantStore.FindAsync(session, Tenant, grantId.Value, cancellationToken), cancellationToken);
        return grant is null ? NotFound : TypedResults.Ok(grant);
    }

    private static async Task<Results<Ok<ClientGrant>, ApiError>> PatchAsync(
        IdPath grantId, Body<PatchClientGrantRequest> body, HttpContext context, ManageClientGrants grants, CancellationToken cancellationToken)
    {
        var grant = await grants.PatchAsync(
            grantId.Value, body.Value, ApiOperation.Succeeded(context, 200, userId: null, body.Raw), cancellationToken);
        return grant is null ? NotFound : TypedResults.Ok(grant);
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        IdPath grantId, HttpContext context, ManageClientGrants grants, CancellationToken cancellationToken) =>
        await grants.DeleteAsync(grantId.Value, ApiOperation.Succeeded(context, 204, userId: null), cancellationToken)
            ? TypedResults.NoContent()
            : NotFound;
}
