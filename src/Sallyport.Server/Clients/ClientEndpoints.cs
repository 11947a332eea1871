using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Clients as rows of the Management API (docs/management-api.md §C.7). No scope shows a secret again: only its hash is kept.</summary>
internal static class ClientEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;

    private static readonly ApiError NotFound = ApiError.NotFound("The client does not exist", ErrorCodes.InexistentClient);
    private static readonly ApiError IsGlobal =
        ApiError.BadRequest("The global client has no secret and cannot be removed.", ErrorCodes.OperationNotSupported);

    private static readonly ApiError NeedsKeyScope = ApiError.Forbidden(
        $"Insufficient scope, expected any of: {ManagementScopes.UpdateClientKeys}", ErrorCodes.InsufficientScope);

    public static void MapClients(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/clients").WithTags("Clients");
        group.MapGet("", ListAsync).RequireScope(ManagementScopes.ReadClients, ManagementScopes.ReadClientKeys).WithName("ListClients");
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateClients).WithName("CreateClient");
        group.MapGet("/{id}", GetAsync).RequireScope(ManagementScopes.ReadClients, ManagementScopes.ReadClientKeys).WithName("GetClient")
            .Produces<ApiErrorBody>(404);
        group.MapPatch("/{id}", PatchAsync).RequireScope(ManagementScopes.UpdateClients).WithName("PatchClient").Produces<ApiErrorBody>(404);
        group.MapDelete("/{id}", DeleteAsync).RequireScope(ManagementScopes.DeleteClients).WithName("DeleteClient").Produces<ApiErrorBody>(404);
        group.MapPost("/{id}/rotate-secret", RotateSecretAsync).RequireScope(ManagementScopes.UpdateClientKeys).WithName("RotateClientSecret")
            .Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<ListAnswer<ClientResponse, ClientPage>, ApiError>> ListAsync(
        ClientListing listing, FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        var part = await database.ReadAsync(session => ClientStore.ListAsync(session, Tenant, listing, cancellationToken), cancellationToken);
        return ListAnswer.Of(part.Show(client => ClientResponse.Of(client)), ClientPage.Of, fields);
    }

    private static async Task<Results<Created<ClientResponse>, ApiError>> CreateAsync(
        Body<CreateClientRequest> body, HttpContext context, ManageClients clients, CancellationToken cancellationToken)
    {
        var client = await clients.CreateAsync(body, ApiOperation.Succeeded(context, 201, userId: null, body.Raw), cancellationToken);
        return TypedResults.Created((string?)null, client);
    }

    private static async Task<Results<Projection<ClientResponse>, ApiError>> GetAsync(
        IdPath clientId, FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        var client = await database.ReadAsync(
            session => ClientStore.FindAsync(session, Tenant, clientId.Value, cancellationToken), cancellationToken);
        return client is null ? NotFound : Projection.Of(ClientResponse.Of(client), fields);
    }

    private static async Task<Results<Ok<ClientResponse>, ApiError>> PatchAsync(
        IdPath clientId, Body<PatchClientRequest> body, HttpContext context, ManageClients clients, CancellationToken cancellationToken)
    {
        if (body.Value.ClientSecret is not null && !((ICaller)context.User).Scopes.Contains(ManagementScopes.UpdateClientKeys))
        {
            return NeedsKeyScope;
        }

        var (outcome, client) = await clients.PatchAsync(
            clientId.Value, body, ApiOperation.Succeeded(context, 200, userId: null, body.Loggable), cancellationToken);
        return outcome switch
        {
            ChangeClientOutcome.Done => TypedResults.Ok(client),
            ChangeClientOutcome.NotFound => NotFound,
            ChangeClientOutcome.IsGlobal => IsGlobal,
        };
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        IdPath clientId, HttpContext context, ManageClients clients, CancellationToken cancellationToken)
    {
        var outcome = await clients.DeleteAsync(clientId.Value, ApiOperation.Succeeded(context, 204, userId: null), cancellationToken);
        return outcome switch
        {
            ChangeClientOutcome.Done => TypedResults.NoContent(),
            ChangeClientOutcome.NotFound => NotFound,
            ChangeClientOutcome.IsGlobal => IsGlobal,
        };
    }

    private static async Task<Results<Ok<ClientResponse>, ApiError>> RotateSecretAsync(
        IdPath clientId, HttpContext context, ManageClients clients, CancellationToken cancellationToken)
    {
        var (outcome, client) = await clients.RotateSecretAsync(
            clientId.Value, ApiOperation.Succeeded(context, 200, userId: null), cancellationToken);
        return outcome switch
        {
            ChangeClientOutcome.Done => TypedResults.Ok(client),
            ChangeClientOutcome.NotFound => NotFound,
            ChangeClientOutcome.IsGlobal => IsGlobal,
        };
    }
}
