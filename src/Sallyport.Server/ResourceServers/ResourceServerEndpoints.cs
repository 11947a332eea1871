using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.ResourceServers;

/// <summary>APIs as rows of the Management API, found by their id or their identifier (docs/management-api.md §C.7).</summary>
internal static class ResourceServerEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;

    private static readonly ApiError NotFound = ApiError.NotFound("The resource server does not exist", ErrorCodes.InexistentResourceServer);
    private static readonly ApiError Exists =
        ApiError.Conflict("A resource server with this identifier exists already.", ErrorCodes.ResourceServerConflict);

    private static readonly ApiError IsSystem =
        ApiError.BadRequest("The Management API cannot be changed or removed.", ErrorCodes.OperationNotSupported);

    private static readonly ApiError Imitates =
        ApiError.Payload("Looks like the identifier of the Management API without being it", "identifier");

    public static void MapResourceServers(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/resource-servers").WithTags("Resource servers");
        group.MapGet("", ListAsync).RequireScope(ManagementScopes.ReadResourceServers).WithName("ListResourceServers");
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateResourceServers).WithName("CreateResourceServer")
            .Produces<ApiErrorBody>(409);
        group.MapGet("/{id}", GetAsync).RequireScope(ManagementScopes.ReadResourceServers).WithName("GetResourceServer")
            .Produces<ApiErrorBody>(404);
        group.MapPatch("/{id}", PatchAsync).RequireScope(ManagementScopes.UpdateResourceServers).WithName("PatchResourceServer")
            .Produces<ApiErrorBody>(404);
        group.MapDelete("/{id}", DeleteAsync).RequireScope(ManagementScopes.DeleteResourceServers).WithName("DeleteResourceServer")
            .Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<ListAnswer<ResourceServerResponse, ResourceServerPage>, ApiError>> ListAsync(
        ResourceServerListing listing, FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        var part = await database.ReadAsync(session => ResourceServerStore.ListAsync(session, Tenant, listing, cancellationToken), cancellationToken);
        return ListAnswer.Of(part.Show(ResourceServerResponse.Of), ResourceServerPage.Of, fields);
    }

    private static async Task<Results<Created<ResourceServerResponse>, ApiError>> CreateAsync(
        Body<CreateResourceServerRequest> body, HttpContext context, ManageResourceServers servers, SallyportOptions options, CancellationToken cancellationToken)
    {
        if (Lookalike.Is(body.Value.Identifier, options.ManagementAudience))
        {
            return Imitates;
        }

        var server = await servers.CreateAsync(body, ApiOperation.Succeeded(context, 201, userId: null, body.Raw), cancellationToken);
        return server is null ? Exists : TypedResults.Created((string?)null, ResourceServerResponse.Of(server));
    }

    private static async Task<Results<Projection<ResourceServerResponse>, ApiError>> GetAsync(
        IdPath serverId, FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        var server = await database.ReadAsync(
            session => ResourceServerStore.FindAsync(session, Tenant, serverId.Value, cancellationToken), cancellationToken);
        return server is null ? NotFound : Projection.Of(ResourceServerResponse.Of(server), fields);
    }

    private static async Task<Results<Ok<ResourceServerResponse>, ApiError>> PatchAsync(
        IdPath serverId, Body<PatchResourceServerRequest> body, HttpContext context, ManageResourceServers servers, CancellationToken cancellationToken)
    {
        var (outcome, server) = await servers.PatchAsync(
            serverId.Value, body, ApiOperation.Succeeded(context, 200, userId: null, body.Raw), cancellationToken);
        return outcome switch
        {
            ChangeResourceServerOutcome.Done => TypedResults.Ok(ResourceServerResponse.Of(server!)),
            ChangeResourceServerOutcome.NotFound => NotFound,
            ChangeResourceServerOutcome.IsSystem => IsSystem,
        };
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        IdPath serverId, HttpContext context, ManageResourceServers servers, CancellationToken cancellationToken)
    {
        var outcome = await servers.DeleteAsync(serverId.Value, ApiOperation.Succeeded(context, 204, userId: null), cancellationToken);
        return outcome switch
        {
            ChangeResourceServerOutcome.Done => TypedResults.NoContent(),
            ChangeResourceServerOutcome.NotFound => NotFound,
            ChangeResourceServerOutcome.IsSystem => IsSystem,
        };
    }
}
