using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;

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
        var group = api.MapGroup("/users/{id}/authentication-methods").WithTags("Authentication methods");
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

    private static async Task<Results<Ok<IReadOnlyList<MethodResponse>>, MethodPageResult, ApiError>> ListAsync(
        UserIdPath userId, Page page, ReadMethods methods, CancellationToken cancellationToken)
    {
        var all = await methods.ListAsync(userId.Value, cancellationToken);
        if (all is null)
        {
            return UserNotFound;
        }

        IReadOnlyList<MethodResponse> shown = [.. all.Skip(page.Start).Take(page.Size)];
        return page.IncludeTotals
            ? new MethodPageResult(new MethodPage(shown, all.Count == 0 ? null : all.Count, page.Start, page.Size))
            : TypedResults.Ok(shown);
    }

    private static async Task<Results<Ok<MethodResponse>, ApiError>> GetAsync(
        MethodPath path, ReadMethods methods, CancellationToken cancellationToken)
    {
        var found = await methods.FindAsync(path, cancellationToken);
        return found is null ? UserNotFound : found.Count == 0 ? NotFound : TypedResults.Ok(found[0]);
    }

    private static async Task<Results<Created<MethodResponse>, ApiError>> CreateAsync(
        UserIdPath userId, Body<CreateMethodRequest> body, HttpContext context, CreateMethod create, CancellationToken cancellationToken)
    {
        if (MethodRules.FindFault(body.Raw) is { } fault)
        {
            return fault;
        }

        var entry = ApiOperation.Succeeded(context, 201, userId.Value, body.Raw);
        var (outcome, method) = await create.RunAsync(userId.Value, NewMethod.Of(body.Value), entry, cancellationToken);
        return outcome switch
        {
            CreateMethodOutcome.Created => TypedResults.Created((string?)null, method!),
            CreateMethodOutcome.UserNotFound => UserNotFound,
            CreateMethodOutcome.Exists => Exists,
            CreateMethodOutcome.TooMany => TooMany,
        };
    }

    private static async Task<Results<Ok<IReadOnlyList<MethodResponse>>, ApiError>> ReplaceAsync(
        UserIdPath userId, ListBody<SetMethodRequest> body, HttpContext context, ReplaceMethods replace, CancellationToken cancellationToken)
    {
        if (MethodRules.FindFault(body) is { } fault)
        {
            return fault;
        }

        var entry = ApiOperation.Succeeded(context, 200, userId.Value, body.Raw);
        var (outcome, methods) = await replace.RunAsync(userId.Value, [.. body.Items.Select(NewMethod.Of)], entry, cancellationToken);
        return outcome switch
        {
            ReplaceMethodsOutcome.Replaced => TypedResults.Ok(methods),
            ReplaceMethodsOutcome.UserNotFound => UserNotFound,
            ReplaceMethodsOutcome.Exists => Exists,
            ReplaceMethodsOutcome.TooMany => TooMany,
            ReplaceMethodsOutcome.HasPasskey => HasPasskey,
        };
    }

    private static async Task<Results<Ok<MethodResponse>, ApiError>> PatchAsync(
        MethodPath path, Body<PatchMethodRequest> body, HttpContext context, PatchMethod patch, CancellationToken cancellationToken)
    {
        var entry = ApiOperation.Succeeded(context, 200, path.UserId, body.Raw);
        var (outcome, method) = await patch.RunAsync(path, body.Value, entry, cancellationToken);
        return outcome switch
        {
            PatchMethodOutcome.Patched => TypedResults.Ok(method!),
            PatchMethodOutcome.UserNotFound => UserNotFound,
            PatchMethodOutcome.MethodNotFound => NotFound,
            PatchMethodOutcome.NotAPhone => ApiError.Payload("Applies to methods of type phone only", "preferred_authentication_method"),
        };
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAllAsync(
        UserIdPath userId, HttpContext context, RemoveAuthenticators remove, CancellationToken cancellationToken)
    {
        var entry = ApiOperation.Succeeded(context, 204, userId.Value);
        return Answer(await remove.RunAsync(new Removal(userId.Value, _ => true), entry, cancellationToken));
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        MethodPath path, HttpContext context, RemoveAuthenticators remove, CancellationToken cancellationToken)
    {
        var removal = new Removal(path.UserId, authenticator => MethodTypes.IsNamed(authenticator, path.MethodId)) { IsOfOne = true };
        return Answer(await remove.RunAsync(removal, ApiOperation.Succeeded(context, 204, path.UserId), cancellationToken));
    }

    private static Results<NoContent, ApiError> Answer(RemoveOutcome outcome) => outcome switch
    {
        RemoveOutcome.Removed => TypedResults.NoContent(),
        RemoveOutcome.NothingToRemove => NotFound,
        RemoveOutcome.UserNotFound => UserNotFound,
    };
}
