using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.ResourceServers;

/// <summary>APIs, found by their id or their identifier (docs/management-api.md §C.7).</summary>
internal static class ResourceServerEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The resource server does not exist", ErrorCodes.InexistentResourceServer);
    private static readonly ApiError Exists =
        ApiError.Conflict("A resource server with this identifier exists already.", ErrorCodes.ResourceServerConflict);

    private static readonly ApiError IsSystem =
        ApiError.BadRequest("The Management API cannot be changed or removed.", ErrorCodes.OperationNotSupported);

    private static readonly ApiError ImitatesManagementApi =
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
        group.MapDelete("/{id}", DeleteAsync).RequireScope(ManagementScopes.DeleteResourceServers).WithName("DeleteResourceServer");
    }

    private static async Task<Results<ListAnswer<ResourceServerResponse, ResourceServerPage>, ApiError>> ListAsync(
        Listing<ResourceServerFilter> listing, FieldSelection fields, CallContext call, ResourceServerQueries servers, CancellationToken cancellationToken) =>
        ListAnswer.Of(await servers.ListAsync(call.Tenant, listing, cancellationToken), ResourceServerPage.Of, fields);

    private static async Task<Results<Created<ResourceServerResponse>, ApiError>> CreateAsync(
        Body<CreateResourceServerRequest> body, CallContext call, ManageResourceServers servers, CancellationToken cancellationToken)
    {
        var (outcome, server) = await servers.CreateAsync(body.Value, call, cancellationToken);
        return outcome switch
        {
            CreateResourceServerOutcome.Created => TypedResults.Created((string?)null, ResourceServerResponse.Of(server!)),
            CreateResourceServerOutcome.Exists => Exists,
            CreateResourceServerOutcome.ImitatesManagementApi => ImitatesManagementApi,
            CreateResourceServerOutcome.SettingsTooLarge => ApiError.SettingsTooLarge,
        };
    }

    private static async Task<Results<Projection<ResourceServerResponse>, ApiError>> GetAsync(
        IdPath serverId, FieldSelection fields, CallContext call, ResourceServerQueries servers, CancellationToken cancellationToken)
    {
        var server = await servers.FindAsync(call.Tenant, serverId.Value, cancellationToken);
        return server is null ? NotFound : Projection.Of(server, fields);
    }

    private static async Task<Results<Ok<ResourceServerResponse>, ApiError>> PatchAsync(
        IdPath serverId, Body<PatchResourceServerRequest> body, CallContext call, ManageResourceServers servers, CancellationToken cancellationToken)
    {
        var (outcome, server) = await servers.PatchAsync(serverId.Value, body.Value, body.Raw, call, cancellationToken);
        return outcome switch
        {
            ChangeResourceServerOutcome.Done => TypedResults.Ok(ResourceServerResponse.Of(server!)),
            ChangeResourceServerOutcome.NotFound => NotFound,
            ChangeResourceServerOutcome.IsSystem => IsSystem,
            ChangeResourceServerOutcome.SettingsTooLarge => ApiError.SettingsTooLarge,
        };
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        IdPath serverId, CallContext call, ManageResourceServers servers, CancellationToken cancellationToken)
    {
        var outcome = await servers.DeleteAsync(serverId.Value, call, cancellationToken);
        return outcome == ChangeResourceServerOutcome.IsSystem ? IsSystem : TypedResults.NoContent();
    }
}
