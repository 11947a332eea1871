using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs.Exports;

/// <summary>Opens the file of an export by its link. Each download is logged before the first byte is sent.</summary>
internal sealed class DownloadExport(Database database, AuditLog audit, ExportLink link, ColumnCipher cipher)
{
    /// <returns>The job of the file; null if the link is invalid or has expired.</returns>
    public ValueTask<Job?> OpenAsync(string token, CallContext call, CancellationToken cancellationToken) =>
        link.Open(call.Tenant, token) is not { } jobId
            ? ValueTask.FromResult<Job?>(null)
            : database.WriteAsync(
                async unit =>
                {
                    var job = await JobStore.FindAsync(unit, call.Tenant, jobId, cancellationToken);
                    if (job is not null)
                    {
                        audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.ExportDownloaded, call.Source)
                        {
                            Details = $$"""{"job_id":"{{job.Id}}"}""",
                        });
                    }

                    return job;
                },
                cancellationToken);

    public async Task WriteAsync(Job job, TenantId tenant, Stream output, CancellationToken cancellationToken)
    {
        for (var number = 0L; number < job.Progress.Position; number++)
        {
            var chunk = await database.ReadAsync(
                session => ExportStore.FindChunkAsync(session, tenant, job.Id, number, cancellationToken), cancellationToken)
                ?? throw new InvalidOperationException("The export was deleted while it was downloaded.");
            await output.WriteAsync(cipher.Open(chunk, ExportStore.ChunkData(tenant, job.Id, number)), cancellationToken);
        }
    }
}

internal static class ExportEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound(
        "The export does not exist, or its address has expired. GET /api/v2/jobs/{id} gives a new one.", ErrorCodes.InexistentJob);

    public static void MapExports(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/exports/{token}/{name}", DownloadAsync).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

    /// <summary>Sends a gzip file, as the published API does. If gzip were the content encoding, a script would receive the unpacked text.</summary>
    private static async Task<IResult> DownloadAsync(
        string token, CallContext call, DownloadExport download, CancellationToken cancellationToken) =>
        await download.OpenAsync(token, call, cancellationToken) is { } job
            ? TypedResults.Stream(stream => download.WriteAsync(job, call.Tenant, stream, cancellationToken), "application/gzip")
            : NotFound;
}
