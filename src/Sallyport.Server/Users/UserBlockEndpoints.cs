using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>Who is locked out by wrong codes. The budget is the user's, wherever the codes come from, so no address is shown.</summary>
internal static class UserBlockEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;
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
        UserIdPath userId, Database database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (user, isExhausted) = await database.ReadAsync(
            async session => (
                await UserStore.FindAsync(session, Tenant, userId.Value, cancellationToken),
                await AttemptLimit.IsExhaustedAsync(session, Tenant, userId.Value, clock.GetUtcNow(), cancellationToken)),
            cancellationToken);
        return user is null ? NotFound
            : TypedResults.Ok(new UserBlocksResponse(isExhausted ? [new UserBlock(user.Email ?? user.Username ?? user.PhoneNumber)] : []));
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        UserIdPath userId, HttpContext context, Unblock unblock, CancellationToken cancellationToken) =>
        await unblock.RunAsync(userId.Value, ApiOperation.Succeeded(context, 204, userId.Value), cancellationToken)
            ? TypedResults.NoContent()
            : NotFound;

    /// <summary>Who is not known is not blocked: an answer does not tell them apart.</summary>
    private static async Task<Ok<UserBlocksResponse>> GetByIdentifierAsync(
        UserIdentifier identifier, Database database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var isBlocked = await database.ReadAsync(
            async session =>
            {
                var exhausted = false;
                foreach (var userId in await UserStore.ListIdsByIdentifierAsync(session, Tenant, identifier.Value, cancellationToken))
                {
                    exhausted |= await AttemptLimit.IsExhaustedAsync(session, Tenant, userId, clock.GetUtcNow(), cancellationToken);
                }

                return exhausted;
            },
            cancellationToken);
        return TypedResults.Ok(new UserBlocksResponse(isBlocked ? [new UserBlock(identifier.Value)] : []));
    }

    private static async Task<NoContent> DeleteByIdentifierAsync(
        UserIdentifier identifier, HttpContext context, Database database, Unblock unblock, CancellationToken cancellationToken)
    {
        var userIds = await database.ReadAsync(
            session => UserStore.ListIdsByIdentifierAsync(session, Tenant, identifier.Value, cancellationToken), cancellationToken);
        foreach (var userId in userIds)
        {
            await unblock.RunAsync(userId, ApiOperation.Succeeded(context, 204, userId), cancellationToken);
        }

        return TypedResults.NoContent();
    }
}

public sealed record UserBlocksResponse([property: JsonPropertyName("blocked_for")] IReadOnlyList<UserBlock> BlockedFor);

public sealed record UserBlock([property: JsonPropertyName("identifier")] string? Identifier);
