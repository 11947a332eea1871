using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Connections;

/// <summary>Connections as rows of the Management API (docs/management-api.md §C.7).</summary>
internal static class ConnectionEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;

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
        group.MapDelete("/{id}", DeleteAsync).RequireScope(ManagementScopes.DeleteConnections).WithName("DeleteConnection")
            .Produces<ApiErrorBody>(404);
        group.MapGet("/{id}/clients", ListClientsAsync).RequireScope(ManagementScopes.ReadConnections).WithName("ListConnectionClients")
            .Produces<ApiErrorBody>(404);
        group.MapPatch("/{id}/clients", SwitchClientsAsync).RequireScope(ManagementScopes.UpdateConnections).WithName("PatchConnectionClients")
            .Produces<ApiErrorBody>(404);
        // A connection may name an action that hashes passwords: deploy tools ask which there are before they look at one.
        api.MapGet("/actions/actions", ListActions).RequireScope(ManagementScopes.ReadActions).WithTags("Connections").WithName("ListActions");
    }

    private static async Task<Results<ListAnswer<ConnectionResponse, ConnectionPage>, ApiError>> ListAsync(
        ConnectionListing listing, FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        var part = await database.ReadAsync(session => ConnectionStore.ListAsync(session, Tenant, listing, cancellationToken), cancellationToken);
        return ListAnswer.Of(part.Show(ConnectionResponse.Of), ConnectionPage.Of, fields);
    }

    private static async Task<Results<Created<ConnectionResponse>, ApiError>> CreateAsync(
        Body<CreateConnectionRequest> body, HttpContext context, ManageConnections connections, CancellationToken cancellationToken)
    {
        var connection = await connections.CreateAsync(body, ApiOperation.Succeeded(context, 201, userId: null, body.Loggable), cancellationToken);
        return connection is null ? Exists : TypedResults.Created((string?)null, ConnectionResponse.Of(connection));
    }

    private static async Task<Results<Projection<ConnectionResponse>, ApiError>> GetAsync(
        IdPath connectionId, FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        var connection = await FindAsync(connectionId, database, cancellationToken);
        return connection is null ? NotFound : Projection.Of(ConnectionResponse.Of(connection), fields);
    }

    private static async Task<Results<Ok<ConnectionResponse>, ApiError>> PatchAsync(
        IdPath connectionId, Body<PatchConnectionRequest> body, HttpContext context, ManageConnections connections, CancellationToken cancellationToken)
    {
        var connection = await connections.PatchAsync(
            connectionId.Value, body.Raw, ApiOperation.Succeeded(context, 200, userId: null, body.Loggable), cancellationToken);
        return connection is null ? NotFound : TypedResults.Ok(ConnectionResponse.Of(connection));
    }

    private static async Task<Results<NoContent, StatusCodeHttpResult, ApiError>> DeleteAsync(
        IdPath connectionId, HttpContext context, DeleteConnection delete, CancellationToken cancellationToken)
    {
        var outcome = await delete.RunAsync(connectionId.Value, ApiOperation.Succeeded(context, 204, userId: null), cancellationToken);
        return outcome switch
        {
            DeleteConnectionOutcome.Deleted => TypedResults.NoContent(),
            DeleteConnectionOutcome.BeingDeleted => TypedResults.StatusCode(202),
            DeleteConnectionOutcome.NotFound => NotFound,
        };
    }

    private static async Task<Results<Ok<ConnectionClientPage>, ApiError>> ListClientsAsync(
        IdPath connectionId, Database database, CancellationToken cancellationToken)
    {
        var connection = await FindAsync(connectionId, database, cancellationToken);
        return connection is null
            ? NotFound
            : TypedResults.Ok(new ConnectionClientPage(
                [.. ConnectionResponse.Of(connection).EnabledClients!.Select(client => new ConnectionClient(client))], null));
    }

    private static async Task<Results<NoContent, ApiError>> SwitchClientsAsync(
        IdPath connectionId, Body<ConnectionClientChanges> body, HttpContext context, ManageConnections connections, CancellationToken cancellationToken)
    {
        var connection = await connections.SwitchClientsAsync(
            connectionId.Value, body.Value, ApiOperation.Succeeded(context, 204, userId: null, body.Loggable), cancellationToken);
        return connection is null ? NotFound : TypedResults.NoContent();
    }

    /// <summary>There are none here.</summary>
    private static Ok<ActionPage> ListActions(Page page) => TypedResults.Ok(new ActionPage(page.Number, page.Size, 0, []));

    private static ValueTask<Connection?> FindAsync(IdPath connectionId, Database database, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ConnectionStore.FindAsync(session, Tenant, connectionId.Value, cancellationToken), cancellationToken);
}
