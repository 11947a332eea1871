using Sallyport.Server.Http.RateLimiting;
using System.IO.Compression;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Where an export is loaded from: straight out of the database, on any node, in constant memory.</summary>
internal static class ExportEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound(
        "The export does not exist, or its address has expired. GET /api/v2/jobs/{id} gives a new one.", ErrorCodes.InexistentJob);

    public static void MapExports(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/exports/{token}/{name}", LoadAsync).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

    private static async Task<IResult> LoadAsync(
        string token, ExportLink link, Database database, UserExport export, CancellationToken cancellationToken)
    {
        var job = link.Open(token) is { } jobId
            ? await database.ReadAsync(session => JobStore.FindAsync(session, TenantId.Default, jobId, cancellationToken), cancellationToken)
            : null;
        return job is null
            ? NotFound
            : TypedResults.Stream(stream => WriteAsync(stream, job.Parameters, export, cancellationToken), "application/gzip");
    }

    /// <summary>A file as the published API gives it, which scripts unpack: not a transfer encoding, which they would not see.</summary>
    private static async Task WriteAsync(
        Stream stream, JobParametersV1 parameters, UserExport export, CancellationToken cancellationToken)
    {
        await using var zip = new GZipStream(stream, CompressionLevel.Fastest);
        await export.WriteAsync(zip, parameters, cancellationToken);
    }
}
