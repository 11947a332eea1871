using System.IO.Compression;
using System.Text;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs.Exports;

/// <summary>
/// Runs a job that exports users: writes them to a gzip file, which is stored sealed and in pieces. All users are read in one snapshot of
/// the database, so the file shows one moment, however long it takes to write and whenever it is downloaded.
/// </summary>
internal sealed class ExportJob(Database database, ColumnCipher cipher)
{
    public const int PageSize = 200;

    /// <summary>Compressed bytes; a piece exceeds it by one user at most.</summary>
    private const int ChunkSize = 256 * 1024;

    public async Task RunAsync(HeldJob job, CancellationToken cancellationToken)
    {
        // A worker that died may have left pieces of the file.
        if (await TryWriteAsync(job, ExportStore.DeleteChunks(job.Call.Tenant, job.Job.Id), cancellationToken))
        {
            await database.ReadSnapshotAsync(session => WriteAsync(session, job, cancellationToken), cancellationToken);
        }
    }

    /// <returns>False if the job was taken over by another worker.</returns>
    private async ValueTask<bool> WriteAsync(Session session, HeldJob job, CancellationToken cancellationToken)
    {
        using var packed = new MemoryStream();
        var chunks = 0L;
        await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var parameters = job.Job.Parameters;
            zip.Write(Encoding.UTF8.GetBytes(new ExportFormat(parameters).Header));
            await foreach (var line in ExportLines.ReadAsync(session, job.Call.Tenant, parameters, cancellationToken))
            {
                zip.Write(Encoding.UTF8.GetBytes(line));
                if (packed.Length >= ChunkSize && !await TryStoreAsync(job, chunks++, packed, cancellationToken))
                {
                    return false;
                }
            }
        }

        return await TryStoreAsync(job, chunks++, packed, cancellationToken) && await TryCompleteAsync(job, chunks, cancellationToken);
    }

    private async ValueTask<bool> TryStoreAsync(HeldJob job, long number, MemoryStream packed, CancellationToken cancellationToken)
    {
        var content = cipher.Seal(packed.GetBuffer().AsSpan(0, (int)packed.Length), ExportStore.ChunkData(job.Call.Tenant, job.Job.Id, number));
        packed.SetLength(0);
        return await TryWriteAsync(job, ExportStore.InsertChunk(job.Call.Tenant, job.Job.Id, number, content), cancellationToken);
    }

    /// <returns>False if the job was taken over by another worker; nothing is written then.</returns>
    private ValueTask<bool> TryWriteAsync(HeldJob job, Statement statement, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (!await unit.TryApplyAsync([job.Renew()], cancellationToken))
                {
                    return false;
                }

                unit.Enqueue(statement);
                return true;
            },
            cancellationToken);

    private ValueTask<bool> TryCompleteAsync(HeldJob job, long chunks, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (!await unit.TryApplyAsync([job.Advance((0, chunks)), job.Complete()], cancellationToken))
                {
                    return false;
                }

                unit.Enqueue(ExportStore.DeleteOldest(job.Call.Tenant));
                return true;
            },
            cancellationToken);
}
