using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Users;

internal static class UserEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;

    private static readonly ApiError NotFound = ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser);
    private static readonly ApiError TimedOut = new(
        503, "The search took longer than 2 seconds. Ask for fewer users, or without a wildcard at the beginning.", ErrorCodes.ServiceUnavailable);

    private static readonly ApiError Exists = ApiError.Conflict("The user already exists.", ErrorCodes.IdentityProvider);

    private static readonly ApiError ConnectionNotFound = ApiError.BadRequest(
        "The connection does not exist. POST /api/v2/connections makes one.", ErrorCodes.InexistentConnection);

    private static readonly ApiError OtherConnection = ApiError.BadRequest(
        "The connection is not the one that the user is in.", ErrorCodes.InexistentConnection);

    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Users");
        group.MapGet("/users", ListAsync).RequireScope(ManagementScopes.ReadUsers).WithName("ListUsers")
            .Produces<ApiErrorBody>(503);
        group.MapPost("/users", CreateAsync).RequireScope(ManagementScopes.CreateUsers).WithName("CreateUser")
            .Produces<ApiErrorBody>(409);
        group.MapGet("/users-by-email", ListByEmailAsync).RequireScope(ManagementScopes.ReadUsers).WithName("ListUsersByEmail")
            .WithMetadata(new QueryParameter("email", JsonSchemaType.String, IsRequired: true));
        group.MapGet("/users/{id}", GetAsync).RequireScope(ManagementScopes.ReadUsers).WithName("GetUser")
            .Produces<ApiErrorBody>(404);
        group.MapPatch("/users/{id}", PatchAsync)
            .RequireScope(ManagementScopes.UpdateUsers, ManagementScopes.UpdateUsersAppMetadata).WithName("PatchUser")
            .Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(409);
        group.MapDelete("/users/{id}", DeleteAsync).RequireScope(ManagementScopes.DeleteUsers).WithName("DeleteUser");
    }

    private static async Task<Results<Projection<IReadOnlyList<User>>, UserPageResult, ApiError>> ListAsync(
        UserListing listing, FieldSelection fields, SearchUsers search, CancellationToken cancellationToken)
    {
        if (await search.RunAsync(listing, cancellationToken) is not { } page)
        {
            return TimedOut;
        }

        return listing.Page.IncludeTotals
            ? new UserPageResult(page, fields)
            : Projection.Of(page.Users, fields);
    }

    private static async Task<Results<Created<User>, ApiError>> CreateAsync(
        Body<CreateUserRequest> body, HttpContext context, CreateUser create, CancellationToken cancellationToken)
    {
        if (body.Value.FindMissing() is { } missing)
        {
            return missing;
        }

        var (outcome, user) = await create.RunAsync(
            body.Value, userId => ApiOperation.Succeeded(context, 201, userId, body.Raw), cancellationToken);
        return outcome switch
        {
            CreateUserOutcome.Created => TypedResults.Created((string?)null, user!),
            CreateUserOutcome.UserExists => Exists,
            CreateUserOutcome.ConnectionNotFound => ConnectionNotFound,
        };
    }

    private static async Task<Results<Projection<IReadOnlyList<User>>, ApiError>> ListByEmailAsync(
        HttpContext context, FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        if (QueryValues.Text(context.Request.Query, "email") is not { } email)
        {
            return ApiError.Query("Missing required property: email", "email");
        }

        var users = await database.ReadAsync(
            session => UserStore.ListByEmailAsync(session, Tenant, email, cancellationToken), cancellationToken);
        return Projection.Of<IReadOnlyList<User>>(users, fields);
    }

    private static async Task<Results<Projection<User>, ApiError>> GetAsync(
        UserIdPath userId, FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        var user = await database.ReadAsync(
            session => UserStore.FindAsync(session, Tenant, userId.Value, cancellationToken), cancellationToken);
        return user is null ? NotFound : Projection.Of(user, fields);
    }

    private static async Task<Results<Ok<User>, ApiError>> PatchAsync(
        UserIdPath userId, Body<PatchUserRequest> body, HttpContext context, PatchUser patch, CancellationToken cancellationToken)
    {
        if (PatchUser.FindForbidden(body.Raw, (ICaller)context.User) is { } fault)
        {
            return fault;
        }

        var (outcome, user) = await patch.RunAsync(
            userId.Value, body, ApiOperation.Succeeded(context, 200, userId.Value, body.Raw), cancellationToken);
        return outcome switch
        {
            PatchUserOutcome.Patched => TypedResults.Ok(user!),
            PatchUserOutcome.UserNotFound => NotFound,
            PatchUserOutcome.UserExists => Exists,
            PatchUserOutcome.OtherConnection => OtherConnection,
        };
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        UserIdPath userId, HttpContext context, DeleteUser delete, CancellationToken cancellationToken)
    {
        await delete.RunAsync(userId.Value, ApiOperation.Succeeded(context, 204, userId.Value), cancellationToken);
        return TypedResults.NoContent();
    }
}
