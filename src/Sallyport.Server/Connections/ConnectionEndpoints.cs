using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Connections;

/// <summary>Connections (docs/management-api.md §C.7).</summary>
internal static class ConnectionEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The connection does not exist", ErrorCodes.InexistentConnection);
    private static readonly ApiError Exists =
        ApiError.Conflict("A connection with this name exists already, or is being removed.", ErrorCodes.ConnectionConflict);

    public static void MapConnections(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/connections").WithTags("Connections");
        group.MapGet("", ListAsync).RequireScope(ManagementScopes.ReadConnections).WithName("ListConnections");
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateConnections).WithName("CreateConnection").Produces<ApiErrorBody>(409);
        group.MapGet("/{id}", GetAsync).RequireScope(ManagementScopes.ReadConnections).WithName("GetConnection").Produces<ApiErrorBody>(404);
        group.MapPatch("/{id}", PatchAsync).RequireScope(ManagementScopes.UpdateConnections).WithName("PatchConnection")
            .Produces<ApiErrorBody>(404);
        group.MapDelete("/{id}", DeleteAsync).RequireScope(ManagementScopes.DeleteConnections).WithName("DeleteConnection");
        group.MapGet("/{id}/clients", ListClientsAsync).RequireScope(ManagementScopes.ReadConnections).WithName("ListConnectionClients")
            .Produces<ApiErrorBody>(404);
        group.MapPatch("/{id}/clients", SwitchClientsAsync).RequireScope(ManagementScopes.UpdateConnections).WithName("PatchConnectionClients")
            .Produces<ApiErrorBody>(404);
        // A connection may name an action that hashes passwords, so deploy tools list the actions before they read connections.
        api.MapGet("/actions/actions", ListActions).RequireScope(ManagementScopes.ReadActions).WithTags("Connections").WithName("ListActions");
    }

    private static async Task<Results<ListAnswer<ConnectionResponse, ConnectionPage>, ApiError>> ListAsync(
        Listing<ConnectionFilter> listing, FieldSelection fields, CallContext call, ConnectionQueries connections, CancellationToken cancellationToken) =>
        ListAnswer.Of(await connections.ListAsync(call.Tenant, listing, cancellationToken), ConnectionPage.Of, fields);

    private static async Task<Results<Created<ConnectionResponse>, ApiError>> CreateAsync(
        Body<CreateConnectionRequest> body, CallContext call, ManageConnections connections, CancellationToken cancellationToken)
    {
        var (outcome, connection) = await connections.CreateAsync(body.Value, call, cancellationToken);
        return outcome switch
        {
            CreateConnectionOutcome.Created => TypedResults.Created((string?)null, ConnectionResponse.Of(connection!)),
            CreateConnectionOutcome.Exists => Exists,
            CreateConnectionOutcome.SettingsTooLarge => ApiError.SettingsTooLarge,
        };
    }

    private static async Task<Results<Projection<ConnectionResponse>, ApiError>> GetAsync(
        IdPath connectionId, FieldSelection fields, CallContext call, ConnectionQueries connections, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(call.Tenant, connectionId.Value, cancellationToken);
        return connection is null ? NotFound : Projection.Of(connection, fields);
    }

    private static async Task<Results<Ok<ConnectionResponse>, ApiError>> PatchAsync(
        IdPath connectionId, Body<PatchConnectionRequest> body, CallContext call, ManageConnections connections, CancellationToken cancellationToken)
    {
        var (outcome, connection) = await connections.PatchAsync(connectionId.Value, body.Raw, call, cancellationToken);
        return outcome switch
        {
            ChangeConnectionOutcome.Done => TypedResults.Ok(ConnectionResponse.Of(connection!)),
            ChangeConnectionOutcome.NotFound => NotFound,
            ChangeConnectionOutcome.SettingsTooLarge => ApiError.SettingsTooLarge,
        };
    }

    private static async Task<Results<Accepted<DeletedConnection>, NoContent, ApiError>> DeleteAsync(
        IdPath connectionId, CallContext call, DeleteConnection delete, CancellationToken cancellationToken) =>
        await delete.RunAsync(connectionId.Value, call, cancellationToken) is { } deletedAt
            ? TypedResults.Accepted((string?)null, new DeletedConnection(deletedAt))
            : TypedResults.NoContent();

    private static async Task<Results<Ok<ConnectionClientPage>, ApiError>> ListClientsAsync(
        IdPath connectionId, CallContext call, ConnectionQueries connections, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(call.Tenant, connectionId.Value, cancellationToken);
        return connection is null
            ? NotFound
            : TypedResults.Ok(new ConnectionClientPage([.. connection.EnabledClients!.Select(client => new ConnectionClient(client))], null));
    }

    private static async Task<Results<NoContent, ApiError>> SwitchClientsAsync(
        IdPath connectionId, Body<ConnectionClientChanges> body, CallContext call, ManageConnections connections, CancellationToken cancellationToken)
    {
        var (outcome, _) = await connections.SwitchClientsAsync(connectionId.Value, body.Value, call, cancellationToken);
        return outcome switch
        {
            ChangeConnectionOutcome.Done => TypedResults.NoContent(),
            ChangeConnectionOutcome.NotFound => NotFound,
            ChangeConnectionOutcome.SettingsTooLarge => ApiError.SettingsTooLarge,
        };
    }

    /// <summary>There are no actions here.</summary>
    private static Ok<ActionPage> ListActions(Page page) => TypedResults.Ok(new ActionPage(page.Number, page.Size, 0, []));
}
