using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.AuthenticationMethods;

internal static class MethodEndpoints
{
    private static readonly ApiError UserNotFound = ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser);

    private static readonly ApiError NotFound = ApiError.NotFound(
        "The authentication method could not be found.", ErrorCodes.InexistentAuthenticationMethod);

    private static readonly ApiError Exists = ApiError.Conflict(
        "Authentication method already exists.", ErrorCodes.AuthenticationMethodExists);

    private static readonly ApiError TooMany = ApiError.Forbidden(
        $"The maximum number of authentication methods has been reached: {MethodRules.MaxMethods}", ErrorCodes.AuthenticationMethodLimit);

    private static readonly ApiError HasPasskey = ApiError.Forbidden(
        "The authentication methods of a user who has a passkey cannot be replaced together.", ErrorCodes.OperationNotSupported);

    public static void MapAuthenticationMethods(this IEndpointRouteBuilder api)
    {
        const string One = "/{authentication_method_id}";
        var group = api.MapGroup("/users/{id}/authentication-methods").WithTags("Authentication methods")
            .RequireRateLimit(RateLimitKind.AuthenticationMethods);
        group.MapGet("", ListAsync).RequireScope(ManagementScopes.ReadAuthenticationMethods).WithName("ListAuthenticationMethods")
            .Produces<ApiErrorBody>(404);
        group.MapGet(One, GetAsync).RequireScope(ManagementScopes.ReadAuthenticationMethods).WithName("GetAuthenticationMethod")
            .Produces<ApiErrorBody>(404);
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateAuthenticationMethods).WithName("CreateAuthenticationMethod")
            .Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(409);
        group.MapPut("", ReplaceAsync).RequireScope(ManagementScopes.UpdateAuthenticationMethods).WithName("SetAuthenticationMethods")
            .Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(409);
        group.MapPatch(One, PatchAsync).RequireScope(ManagementScopes.UpdateAuthenticationMethods).WithName("PatchAuthenticationMethod")
            .Produces<ApiErrorBody>(404);
        group.MapDelete("", DeleteAllAsync).RequireScope(ManagementScopes.DeleteAuthenticationMethods).WithName("DeleteAuthenticationMethods")
            .Produces<ApiErrorBody>(404);
        group.MapDelete(One, DeleteAsync).RequireScope(ManagementScopes.DeleteAuthenticationMethods).WithName("DeleteAuthenticationMethod")
            .Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<Ok<IReadOnlyList<AuthenticationMethodResponse>>, AuthenticationMethodPageResult, ApiError>> ListAsync(
        UserIdPath userId, Page page, CallContext call, MethodQueries methods, CancellationToken cancellationToken)
    {
        var all = await methods.ListAsync(call.Tenant, userId.Value, cancellationToken);
        if (all is null)
        {
            return UserNotFound;
        }

        IReadOnlyList<AuthenticationMethodResponse> shown = [.. all.Skip(page.Start).Take(page.Size)];
        return page.IncludeTotals
            ? new AuthenticationMethodPageResult(new AuthenticationMethodPage(shown, all.Count == 0 ? null : all.Count, page.Start, page.Size))
            : TypedResults.Ok(shown);
    }

    private static async Task<Results<Ok<AuthenticationMethodResponse>, ApiError>> GetAsync(
        MethodPath path, CallContext call, MethodQueries methods, CancellationToken cancellationToken)
    {
        var found = await methods.FindAsync(call.Tenant, path, cancellationToken);
        return found is null ? UserNotFound : found.Count == 0 ? NotFound : TypedResults.Ok(found[0]);
    }

    private static async Task<Results<Created<AuthenticationMethodResponse>, ApiError>> CreateAsync(
        UserIdPath userId, Body<CreateAuthenticationMethodRequest> body, CallContext call, CreateAuthenticationMethod create,
        CancellationToken cancellationToken)
    {
        if (MethodRules.FindFault(body.Raw) is { } fault)
        {
            return fault;
        }

        var (outcome, method) = await create.RunAsync(call, userId.Value, NewAuthenticationMethod.Of(body.Value), cancellationToken);
        return outcome switch
        {
            CreateAuthenticationMethodOutcome.Created => TypedResults.Created((string?)null, method!),
            CreateAuthenticationMethodOutcome.UserNotFound => UserNotFound,
            CreateAuthenticationMethodOutcome.Exists => Exists,
            CreateAuthenticationMethodOutcome.TooMany => TooMany,
        };
    }

    private static async Task<Results<Ok<IReadOnlyList<AuthenticationMethodResponse>>, ApiError>> ReplaceAsync(
        UserIdPath userId, ListBody<SetAuthenticationMethodRequest> body, CallContext call, ReplaceAuthenticationMethods replace,
        CancellationToken cancellationToken)
    {
        if (MethodRules.FindFault(body) is { } fault)
        {
            return fault;
        }

        var (outcome, methods) = await replace.RunAsync(call, userId.Value, [.. body.Items.Select(NewAuthenticationMethod.Of)], cancellationToken);
        return outcome switch
        {
            ReplaceAuthenticationMethodsOutcome.Replaced => TypedResults.Ok(methods),
            ReplaceAuthenticationMethodsOutcome.UserNotFound => UserNotFound,
            ReplaceAuthenticationMethodsOutcome.Exists => Exists,
            ReplaceAuthenticationMethodsOutcome.TooMany => TooMany,
            ReplaceAuthenticationMethodsOutcome.HasPasskey => HasPasskey,
        };
    }

    private static async Task<Results<Ok<AuthenticationMethodResponse>, ApiError>> PatchAsync(
        MethodPath path, Body<PatchAuthenticationMethodRequest> body, CallContext call, PatchAuthenticationMethod patch,
        CancellationToken cancellationToken)
    {
        var (outcome, method) = await patch.RunAsync(call, path, body.Value, cancellationToken);
        return outcome switch
        {
            PatchAuthenticationMethodOutcome.Patched => TypedResults.Ok(method!),
            PatchAuthenticationMethodOutcome.UserNotFound => UserNotFound,
            PatchAuthenticationMethodOutcome.MethodNotFound => NotFound,
            PatchAuthenticationMethodOutcome.NotAPhone =>
                ApiError.Payload("Applies to methods of type phone only", "preferred_authentication_method"),
        };
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAllAsync(
        UserIdPath userId, CallContext call, RemoveAuthenticators remove, CancellationToken cancellationToken)
    {
        return Answer(await remove.RunAsync(call, new Removal(userId.Value, _ => true) { IsReset = true }, cancellationToken));
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        MethodPath path, CallContext call, RemoveAuthenticators remove, FactorCatalog catalog, CancellationToken cancellationToken)
    {
        var removal = new Removal(path.UserId, known => MethodIds.Matches(known, catalog.TraitsOf(known), path.MethodId)) { IsOfOne = true };
        return Answer(await remove.RunAsync(call, removal, cancellationToken));
    }

    private static Results<NoContent, ApiError> Answer(RemoveOutcome outcome) => outcome switch
    {
        RemoveOutcome.Removed => TypedResults.NoContent(),
        RemoveOutcome.NothingToRemove => NotFound,
        RemoveOutcome.UserNotFound => UserNotFound,
    };
}
