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
        var group = api.MapGroup("/user-blocks").WithTags("User blocks");
        group.MapGet("", ListAsync).RequireScope(ManagementScopes.ReadUsers).WithName("ListBlocksOfIdentifier");
        group.MapDelete("", DeleteAllAsync).RequireScope(ManagementScopes.UpdateUsers).WithName("DeleteBlocksOfIdentifier");
        group.MapGet("/{id}", GetAsync).RequireScope(ManagementScopes.ReadUsers).WithName("GetUserBlocks").Produces<ApiErrorBody>(404);
        group.MapDelete("/{id}", DeleteAsync).RequireScope(ManagementScopes.UpdateUsers).WithName("DeleteUserBlocks").Produces<ApiErrorBody>(404);
    }

    /// <summary>Nobody by this name is nobody who is blocked: the published API has no 404 here.</summary>
    private static async Task<Results<Ok<UserBlocksResponse>, ApiError>> ListAsync(
        UserIdentifier identifier, Database database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var isExhausted = await database.ReadAsync(
            async session =>
            {
                var isExhausted = false;
                foreach (var userId in await UserStore.ListIdsAsync(session, Tenant, identifier.Value, cancellationToken))
                {
                    isExhausted |= await AttemptLimit.IsExhaustedAsync(session, Tenant, userId, clock.GetUtcNow(), cancellationToken);
                }

                return isExhausted;
            },
            cancellationToken);
        return TypedResults.Ok(new UserBlocksResponse(isExhausted ? [new UserBlock(identifier.Value)] : []));
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAllAsync(
        UserIdentifier identifier, HttpContext context, Database database, Unblock unblock, CancellationToken cancellationToken)
    {
        var userIds = await database.ReadAsync(
            session => UserStore.ListIdsAsync(session, Tenant, identifier.Value, cancellationToken), cancellationToken);
        foreach (var userId in userIds)
        {
            await unblock.RunAsync(userId, ApiOperation.Succeeded(context, 204, userId), cancellationToken);
        }

        return TypedResults.NoContent();
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
}

public sealed record UserBlocksResponse([property: JsonPropertyName("blocked_for")] IReadOnlyList<UserBlock> BlockedFor);

public sealed record UserBlock([property: JsonPropertyName("identifier")] string? Identifier);
