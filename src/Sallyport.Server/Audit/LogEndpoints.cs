using Sallyport.Server.Http.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

internal static class LogEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The log does not exist.", ErrorCodes.InexistentLog);
    private static readonly ApiError TimedOut = new(
        503, "The search took longer than 2 seconds. Ask for a shorter time, or for a user.", ErrorCodes.ServiceUnavailable);

    public static void MapLogs(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Logs")
            .RequireScope(ManagementScopes.ReadLogs, ManagementScopes.ReadLogsUsers);
        group.MapGet("/logs", ListAsync).WithName("ListLogs").Produces<ApiErrorBody>(503);
        group.MapGet("/logs/{id}", GetAsync).WithName("GetLog").Produces<ApiErrorBody>(404);
        group.MapGet("/users/{id}/logs", ListOfUserAsync).WithName("ListUserLogs").Produces<ApiErrorBody>(503);
    }

    private static async Task<Results<Projection<IReadOnlyList<LogEntryResponse>>, LogPageResult, ApiError>> ListAsync(
        LogListing listing, FieldSelection fields, HttpContext context, ReadLog log, CancellationToken cancellationToken)
    {
        if (listing.Checkpoint is not { } checkpoint)
        {
            return await AnswerAsync(listing, fields, log, cancellationToken);
        }

        if (await log.ListAfterAsync(checkpoint, cancellationToken) is not { } entries)
        {
            return TimedOut;
        }

        context.Response.Headers.Link = checkpoint.Link(log.PublicUrl, entries.Count > 0 ? entries[^1].LogId : null);
        return Projection.Of(entries, FieldSelection.Everything);
    }

    private static async Task<Results<Ok<LogEntryResponse>, ApiError>> GetAsync(
        string id, ReadLog log, CancellationToken cancellationToken)
    {
        var entry = id.Length == LogIds.Length ? await log.FindAsync(id, cancellationToken) : null;
        return entry is null ? NotFound : TypedResults.Ok(entry);
    }

    /// <summary>Also of a user who is gone: what happened to them has happened.</summary>
    private static Task<Results<Projection<IReadOnlyList<LogEntryResponse>>, LogPageResult, ApiError>> ListOfUserAsync(
        UserIdPath userId, UserLogListing listing, FieldSelection fields, ReadLog log, CancellationToken cancellationToken) =>
        AnswerAsync(listing.Of(userId.Value), fields, log, cancellationToken);

    private static async Task<Results<Projection<IReadOnlyList<LogEntryResponse>>, LogPageResult, ApiError>> AnswerAsync(
        LogListing listing, FieldSelection fields, ReadLog log, CancellationToken cancellationToken)
    {
        if (await log.ListAsync(listing, cancellationToken) is not var (entries, total))
        {
            return TimedOut;
        }

        return listing.Page.IncludeTotals
            ? new LogPageResult(new LogPage(listing.Page.Start, listing.Page.Size, entries.Count, total, entries), fields)
            : Projection.Of(entries, fields);
    }
}
