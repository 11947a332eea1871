using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Clients;

/// <summary>Clients (docs/management-api.md §C.7). No scope shows a secret again: only its hash is stored.</summary>
internal static class ClientEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The client does not exist", ErrorCodes.InexistentClient);
    private static readonly ApiError IsGlobal =
        ApiError.BadRequest("The global client has no secret and cannot be removed.", ErrorCodes.OperationNotSupported);

    public static void MapClients(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/clients").WithTags("Clients");
        group.MapGet("", ListAsync).RequireScope(ManagementScopes.ReadClients, ManagementScopes.ReadClientKeys).WithName("ListClients");
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateClients).WithName("CreateClient");
        group.MapGet("/{id}", GetAsync).RequireScope(ManagementScopes.ReadClients, ManagementScopes.ReadClientKeys).WithName("GetClient")
            .Produces<ApiErrorBody>(404);
        group.MapPatch("/{id}", PatchAsync).RequireScope(ManagementScopes.UpdateClients).WithName("PatchClient").Produces<ApiErrorBody>(404);
        group.MapDelete("/{id}", DeleteAsync).RequireScope(ManagementScopes.DeleteClients).WithName("DeleteClient");
        group.MapPost("/{id}/rotate-secret", RotateSecretAsync).RequireScope(ManagementScopes.UpdateClientKeys).WithName("RotateClientSecret")
            .Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<ListAnswer<ClientResponse, ClientPage>, ApiError>> ListAsync(
        Listing<ClientFilter> listing, FieldSelection fields, CallContext call, ClientQueries clients, CancellationToken cancellationToken) =>
        ListAnswer.Of(await clients.ListAsync(call.Tenant, listing, cancellationToken), ClientPage.Of, fields);

    private static async Task<Results<Created<ClientResponse>, ApiError>> CreateAsync(
        Body<CreateClientRequest> body, CallContext call, ManageClients clients, CancellationToken cancellationToken)
    {
        var client = await clients.CreateAsync(body.Value, call, cancellationToken);
        return client is null ? ApiError.SettingsTooLarge : TypedResults.Created((string?)null, client);
    }

    private static async Task<Results<Projection<ClientResponse>, ApiError>> GetAsync(
        IdPath clientId, FieldSelection fields, CallContext call, ClientQueries clients, CancellationToken cancellationToken)
    {
        var client = await clients.FindAsync(call.Tenant, clientId.Value, cancellationToken);
        return client is null ? NotFound : Projection.Of(client, fields);
    }

    private static async Task<Results<Ok<ClientResponse>, ApiError>> PatchAsync(
        IdPath clientId, Body<PatchClientRequest> body, CallContext call, ManageClients clients, HttpContext context)
    {
        if (body.Value.ClientSecret is not null && !((ICaller)context.User).Scopes.Contains(ManagementScopes.UpdateClientKeys))
        {
            return ApiError.MissingScope(ManagementScopes.UpdateClientKeys);
        }

        return Answer(await clients.PatchAsync(clientId.Value, body.Value, body.Raw, call, context.RequestAborted));
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        IdPath clientId, CallContext call, ManageClients clients, CancellationToken cancellationToken)
    {
        var outcome = await clients.DeleteAsync(clientId.Value, call, cancellationToken);
        return outcome == ChangeClientOutcome.IsGlobal ? IsGlobal : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ClientResponse>, ApiError>> RotateSecretAsync(
        IdPath clientId, CallContext call, ManageClients clients, CancellationToken cancellationToken) =>
        Answer(await clients.RotateSecretAsync(clientId.Value, call, cancellationToken));

    private static Results<Ok<ClientResponse>, ApiError> Answer((ChangeClientOutcome Outcome, ClientResponse? Client) result) => result.Outcome switch
    {
        ChangeClientOutcome.Done => TypedResults.Ok(result.Client),
        ChangeClientOutcome.NotFound => NotFound,
        ChangeClientOutcome.IsGlobal => IsGlobal,
        ChangeClientOutcome.SettingsTooLarge => ApiError.SettingsTooLarge,
    };
}
