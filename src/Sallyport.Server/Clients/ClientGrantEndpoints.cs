using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Clients;

/// <summary>Which client may request which scopes of which API (docs/management-api.md §C.7).</summary>
internal static class ClientGrantEndpoints
{
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
        group.MapDelete("/{id}", DeleteAsync).RequireScope(ManagementScopes.DeleteClientGrants).WithName("DeleteClientGrant");
    }

    private static async Task<Results<ListAnswer<ClientGrant, ClientGrantPage>, ApiError>> ListAsync(
        Listing<ClientGrantFilter> listing, FieldSelection fields, CallContext call, ClientGrantQueries grants, CancellationToken cancellationToken) =>
        ListAnswer.Of(await grants.ListAsync(call.Tenant, listing, cancellationToken), ClientGrantPage.Of, fields);

    private static async Task<Results<Created<ClientGrant>, ApiError>> CreateAsync(
        Body<CreateClientGrantRequest> body, CallContext call, ManageClientGrants grants, CancellationToken cancellationToken)
    {
        var (outcome, grant) = await grants.CreateAsync(body.Value, call, cancellationToken);
        return outcome switch
        {
            CreateClientGrantOutcome.Created => TypedResults.Created((string?)null, grant!),
            CreateClientGrantOutcome.ClientNotFound => ClientNotFound,
            CreateClientGrantOutcome.ApiNotFound => ApiNotFound,
            CreateClientGrantOutcome.Exists => Exists,
        };
    }

    private static async Task<Results<Ok<ClientGrant>, ApiError>> GetAsync(
        IdPath grantId, CallContext call, ClientGrantQueries grants, CancellationToken cancellationToken) =>
        await grants.FindAsync(call.Tenant, grantId.Value, cancellationToken) is { } grant ? TypedResults.Ok(grant) : NotFound;

    private static async Task<Results<Ok<ClientGrant>, ApiError>> PatchAsync(
        IdPath grantId, Body<PatchClientGrantRequest> body, CallContext call, ManageClientGrants grants, CancellationToken cancellationToken) =>
        await grants.PatchAsync(grantId.Value, body.Value, call, cancellationToken) is { } grant ? TypedResults.Ok(grant) : NotFound;

    private static async Task<NoContent> DeleteAsync(
        IdPath grantId, CallContext call, ManageClientGrants grants, CancellationToken cancellationToken)
    {
        await grants.DeleteAsync(grantId.Value, call, cancellationToken);
        return TypedResults.NoContent();
    }
}
