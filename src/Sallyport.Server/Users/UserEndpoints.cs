using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Search;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Users;

internal static class UserEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser);

    private static readonly ApiError TimedOut = new(
        503, "The search took longer than 2 seconds. Ask for fewer users, or without a wildcard at the beginning.", ErrorCodes.ServiceUnavailable);

    private static readonly ApiError Exists = ApiError.Conflict("The user already exists.", ErrorCodes.IdentityProvider);

    private static readonly ApiError ConnectionNotFound = ApiError.BadRequest(
        "The connection does not exist. POST /api/v2/connections makes one.", ErrorCodes.InexistentConnection);

    private static readonly ApiError OtherConnection = ApiError.BadRequest(
        "The connection is not the one that the user is in.", ErrorCodes.InexistentConnection);

    private static readonly ApiError PasswordTooShort = ApiError.Payload(
        "PasswordStrengthError: Password is too weak. The passwordPolicy of the connection wants a longer one", "password");

    private static readonly ApiError TooMuchMetadata = ApiError.Payload(UserRules.TooMuchMetadata);

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
        UserListing listing, FieldSelection fields, CallContext call, UserQueries users, CancellationToken cancellationToken)
    {
        try
        {
            return await users.SearchAsync(call.Tenant, listing, cancellationToken) switch
            {
                null => TimedOut,
                var page when listing.Page.IncludeTotals => new UserPageResult(page, fields),
                var page => Projection.Of(page.Users, fields),
            };
        }
        catch (SearchException exception)
        {
            return exception.ToApiError();
        }
    }

    private static async Task<Results<Created<User>, ApiError>> CreateAsync(
        Body<CreateUserRequest> body, CallContext call, CreateUser create, CancellationToken cancellationToken)
    {
        if (body.Value.FindMissing() is { } missing)
        {
            return missing;
        }

        var (outcome, user) = await create.RunAsync(body.Value, call, cancellationToken);
        return outcome switch
        {
            CreateUserOutcome.Created => TypedResults.Created((string?)null, user!),
            CreateUserOutcome.UserExists => Exists,
            CreateUserOutcome.ConnectionNotFound => ConnectionNotFound,
            CreateUserOutcome.PasswordTooShort => PasswordTooShort,
            CreateUserOutcome.TooMuchMetadata => TooMuchMetadata,
        };
    }

    private static async Task<Results<Projection<IReadOnlyList<User>>, ApiError>> ListByEmailAsync(
        HttpRequest request, FieldSelection fields, CallContext call, UserQueries users, CancellationToken cancellationToken) =>
        QueryValues.Text(request.Query, "email") is { } email
            ? Projection.Of(await users.ListByEmailAsync(call.Tenant, email, cancellationToken), fields)
            : ApiError.Query("Missing required property: email", "email");

    private static async Task<Results<Projection<User>, ApiError>> GetAsync(
        UserIdPath userId, FieldSelection fields, CallContext call, UserQueries users, CancellationToken cancellationToken) =>
        await users.FindAsync(call.Tenant, userId.Value, cancellationToken) is { } user ? Projection.Of(user, fields) : NotFound;

    private static async Task<Results<Ok<User>, ApiError>> PatchAsync(
        UserIdPath userId, Body<PatchUserRequest> body, HttpContext context, PatchUser patchUser, CancellationToken cancellationToken)
    {
        var patch = new UserPatch(body.Value, body.Raw);
        if (!patch.IsMetadataOnly && !((ICaller)context.User).Scopes.Contains(ManagementScopes.UpdateUsers))
        {
            return ApiError.MissingScope(ManagementScopes.UpdateUsers);
        }

        if (patch.FindConflict() is var (first, second))
        {
            return ApiError.BadRequest($"Cannot update {first} and {second} simultaneously", ErrorCodes.InvalidBody);
        }

        var (outcome, user) = await patchUser.RunAsync(userId.Value, patch, CallContext.Of(context), cancellationToken);
        return outcome switch
        {
            PatchUserOutcome.Patched => TypedResults.Ok(user!),
            PatchUserOutcome.UserNotFound => NotFound,
            PatchUserOutcome.UserExists => Exists,
            PatchUserOutcome.OtherConnection => OtherConnection,
            PatchUserOutcome.PasswordTooShort => PasswordTooShort,
            PatchUserOutcome.TooMuchMetadata => TooMuchMetadata,
        };
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        UserIdPath userId, CallContext call, DeleteUser delete, CancellationToken cancellationToken)
    {
        await delete.RunAsync(userId.Value, call, cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <summary>A page with totals. The field selection applies to the users in it.</summary>
internal sealed class UserPageResult(UserPage page, FieldSelection fields) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new AlternativeAnswer(typeof(UserPage)));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (fields.Names is null)
        {
            return httpContext.Response.WriteAsJsonAsync(page);
        }

        var node = JsonSerializer.SerializeToNode(page, UserJson.Default.UserPage)!.AsObject();
        foreach (var user in node["users"]!.AsArray().OfType<JsonObject>())
        {
            fields.Apply(user);
        }

        return httpContext.Response.WriteAsJsonAsync(node);
    }
}
