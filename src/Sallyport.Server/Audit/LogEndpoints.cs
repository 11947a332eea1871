using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Search;

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
        LogListing listing, FieldSelection fields, HttpContext context, LogQueries log, CancellationToken cancellationToken)
    {
        var call = CallContext.Of(context);
        if (listing.Checkpoint is not { } checkpoint)
        {
            return await SearchAsync(listing, fields, call, log, cancellationToken);
        }

        if (await log.ListAfterAsync(call.Tenant, checkpoint, cancellationToken) is not { } entries)
        {
            return TimedOut;
        }

        context.Response.Headers.Link = checkpoint.Link(log.PublicUrl, entries.Count > 0 ? entries[^1].LogId : null);
        return Projection.Of(entries, FieldSelection.Everything);
    }

    private static async Task<Results<Ok<LogEntryResponse>, ApiError>> GetAsync(
        string id, CallContext call, LogQueries log, CancellationToken cancellationToken)
    {
        var entry = id.Length == LogIds.Length ? await log.FindAsync(call.Tenant, id, cancellationToken) : null;
        return entry is null ? NotFound : TypedResults.Ok(entry);
    }

    /// <summary>Also lists the entries of a deleted user.</summary>
    private static Task<Results<Projection<IReadOnlyList<LogEntryResponse>>, LogPageResult, ApiError>> ListOfUserAsync(
        UserIdPath userId, UserLogListing listing, CallContext call, LogQueries log, CancellationToken cancellationToken) =>
        SearchAsync(listing.Of(userId.Value), listing.Fields, call, log, cancellationToken);

    private static async Task<Results<Projection<IReadOnlyList<LogEntryResponse>>, LogPageResult, ApiError>> SearchAsync(
        LogListing listing, FieldSelection fields, CallContext call, LogQueries log, CancellationToken cancellationToken)
    {
        try
        {
            return await log.SearchAsync(call.Tenant, listing, cancellationToken) switch
            {
                null => TimedOut,
                var page when listing.Page.IncludeTotals => new LogPageResult(page, fields),
                var page => Projection.Of(page.Logs, fields),
            };
        }
        catch (SearchException exception)
        {
            return exception.ToApiError();
        }
    }
}

/// <summary>A page with totals. The field selection applies to the entries in it.</summary>
internal sealed class LogPageResult(LogPage page, FieldSelection fields) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new AlternativeAnswer(typeof(LogPage)));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var node = JsonSerializer.SerializeToNode(page, LogJson.Default.LogPage)!.AsObject();
        foreach (var entry in node["logs"]!.AsArray().OfType<JsonObject>())
        {
            fields.Apply(entry);
        }

        return httpContext.Response.WriteAsJsonAsync(node);
    }
}
