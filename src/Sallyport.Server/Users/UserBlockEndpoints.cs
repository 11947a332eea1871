using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;

namespace Sallyport.Server.Users;

/// <summary>Users who are locked out by wrong codes. The attempts are counted per user and not per address, so no address is shown.</summary>
internal static class UserBlockEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser);

    public static void MapUserBlocks(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/user-blocks/{id}").WithTags("User blocks");
        group.MapGet("", GetAsync).RequireScope(ManagementScopes.ReadUsers).WithName("GetUserBlocks").Produces<ApiErrorBody>(404);
        group.MapDelete("", DeleteAsync).RequireScope(ManagementScopes.UpdateUsers).WithName("DeleteUserBlocks").Produces<ApiErrorBody>(404);
        var byIdentifier = api.MapGroup("/user-blocks").WithTags("User blocks");
        byIdentifier.MapGet("", GetByIdentifierAsync).RequireScope(ManagementScopes.ReadUsers).WithName("GetUserBlocksByIdentifier");
        byIdentifier.MapDelete("", DeleteByIdentifierAsync).RequireScope(ManagementScopes.UpdateUsers).WithName("DeleteUserBlocksByIdentifier");
    }

    private static async Task<Results<Ok<UserBlocksResponse>, ApiError>> GetAsync(
        UserIdPath userId, CallContext call, UserQueries users, CancellationToken cancellationToken) =>
        await users.FindLockoutAsync(call.Tenant, userId.Value, cancellationToken) is var (user, isLockedOut)
            ? TypedResults.Ok(UserBlocksResponse.Of(isLockedOut, user.Email ?? user.Username ?? user.PhoneNumber))
            : NotFound;

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        UserIdPath userId, CallContext call, UnblockUser unblock, CancellationToken cancellationToken) =>
        await unblock.RunAsync(userId.Value, call, cancellationToken) ? TypedResults.NoContent() : NotFound;

    /// <summary>An unknown identifier gets the answer for a user who is not blocked.</summary>
    private static async Task<Ok<UserBlocksResponse>> GetByIdentifierAsync(
        UserIdentifier identifier, CallContext call, UserQueries users, CancellationToken cancellationToken) =>
        TypedResults.Ok(UserBlocksResponse.Of(
            await users.IsAnyLockedOutAsync(call.Tenant, identifier.Value, cancellationToken), identifier.Value));

    private static async Task<NoContent> DeleteByIdentifierAsync(
        UserIdentifier identifier, CallContext call, UserQueries users, UnblockUser unblock, CancellationToken cancellationToken)
    {
        foreach (var userId in await users.ListIdsByIdentifierAsync(call.Tenant, identifier.Value, cancellationToken))
        {
            await unblock.RunAsync(userId, call, cancellationToken);
        }

        return TypedResults.NoContent();
    }
}

/// <summary>The name that a user signs in with: an email address, a user name or a phone number.</summary>
internal sealed record UserIdentifier(string Value) : IEndpointParameterMetadataProvider
{
    private const string Name = "identifier";

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new QueryParameter(Name, JsonSchemaType.String, IsRequired: true));

    /// <exception cref="ApiException">400: it is missing.</exception>
    public static ValueTask<UserIdentifier> BindAsync(HttpContext context, ParameterInfo _) =>
        QueryValues.Text(context.Request.Query, Name) is { } text
            ? ValueTask.FromResult(new UserIdentifier(text))
            : throw new ApiException(ApiError.Query($"Missing required property: {Name}", Name));
}

public sealed record UserBlocksResponse([property: JsonPropertyName("blocked_for")] IReadOnlyList<UserBlock> BlockedFor)
{
    internal static UserBlocksResponse Of(bool isBlocked, string? identifier) => new(isBlocked ? [new UserBlock(identifier)] : []);
}

public sealed record UserBlock([property: JsonPropertyName("identifier")] string? Identifier);
