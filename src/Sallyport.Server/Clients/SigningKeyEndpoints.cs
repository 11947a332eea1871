using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;

namespace Sallyport.Server.Clients;

/// <summary>The keys behind <c>jwks.json</c> and their rotation without a restart (docs/management-api.md §C.8).</summary>
internal static class SigningKeyEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The signing key does not exist.", ErrorCodes.InexistentSigningKey);
    private static readonly ApiError NotPrevious =
        ApiError.BadRequest("Only a previous key can be revoked: rotate first.", ErrorCodes.OperationNotSupported);

    public static void MapSigningKeys(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/keys/signing").WithTags("Signing keys");
        group.MapGet("", List).RequireScope(ManagementScopes.ReadSigningKeys).WithName("ListSigningKeys");
        group.MapGet("/{kid}", Get).RequireScope(ManagementScopes.ReadSigningKeys).WithName("GetSigningKey").Produces<ApiErrorBody>(404);
        group.MapPost("/rotate", RotateAsync).RequireScope(ManagementScopes.CreateSigningKeys).WithName("RotateSigningKey");
        group.MapPut("/{kid}/revoke", RevokeAsync).RequireScope(ManagementScopes.UpdateSigningKeys).WithName("RevokeSigningKey")
            .Produces<ApiErrorBody>(404);
    }

    private static Ok<IReadOnlyList<SigningKeyResponse>> List(SigningKeys keys) => TypedResults.Ok(keys.List());

    private static Results<Ok<SigningKeyResponse>, ApiError> Get(string kid, SigningKeys keys) =>
        keys.Find(kid) is { } key ? TypedResults.Ok(key) : NotFound;

    private static async Task<Created<SigningKeyResponse>> RotateAsync(CallContext call, SigningKeys keys, CancellationToken cancellationToken) =>
        TypedResults.Created((string?)null, await keys.RotateAsync(call, cancellationToken));

    private static async Task<Results<Ok<SigningKeyResponse>, ApiError>> RevokeAsync(
        string kid, CallContext call, SigningKeys keys, CancellationToken cancellationToken)
    {
        var (outcome, key) = await keys.RevokeAsync(kid, call, cancellationToken);
        return outcome switch
        {
            RevokeSigningKeyOutcome.Revoked => TypedResults.Ok(key),
            RevokeSigningKeyOutcome.NotFound => NotFound,
            RevokeSigningKeyOutcome.NotPrevious => NotPrevious,
        };
    }
}
