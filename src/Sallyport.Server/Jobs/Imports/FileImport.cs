using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs.Imports;

/// <summary>
/// Imports a file with a JSON object per line, from the command line. Progress is stored under a hash of the file, so the same command
/// continues an import that was interrupted. Standard input cannot be read twice and has no stored progress.
/// </summary>
internal sealed class FileImport(Database database, ImportEngine engine, TimeProvider clock)
{
    /// <summary>Finds out where an earlier run stopped, if it was interrupted.</summary>
    public async Task<FileImportStart> StartAsync(Stream lines, string connection, bool upsert, CancellationToken cancellationToken)
    {
        var call = CallContext.Internal(CallChannel.CommandLine);
        call = call with { Source = call.Source with { UserAgent = "import from the command line" } };
        var target = new ImportTarget(call, connection, upsert, JobId: null);
        if (!lines.CanSeek)
        {
            return new FileImportStart(target, Hash: null, default);
        }

        var hash = await HashAsync(lines, target, cancellationToken);
        var position = await database.WriteAsync(
            unit => FileImportStore.FindOrInsertAsync(unit, call.Tenant, hash, clock.GetUtcNow(), cancellationToken), cancellationToken);
        return new FileImportStart(target, hash, position);
    }

    /// <param name="written">Called after each batch is committed.</param>
    public Task<ImportOutcome> RunAsync(
        Stream lines, FileImportStart start, Action<ImportResult> written, CancellationToken cancellationToken) =>
        engine.RunAsync(
            start.Target, JsonLines.ReadAsync(lines, cancellationToken), new Progress(database, start, written, clock), cancellationToken);

    /// <summary>The same file with another target is another import.</summary>
    private static async Task<byte[]> HashAsync(Stream file, ImportTarget target, CancellationToken cancellationToken)
    {
        var content = await SHA256.HashDataAsync(file, cancellationToken);
        file.Position = 0;
        return SHA256.HashData([.. content, .. Encoding.UTF8.GetBytes($"{target.Upsert}\n{target.Connection}")]);
    }

    private sealed class Progress(Database database, FileImportStart start, Action<ImportResult> written, TimeProvider clock) : IImportProgress
    {
        private readonly TenantId tenant = start.Target.Call.Tenant;

        public long Position => start.Position.Lines;

        public Statement? Advance((long From, long To) position) =>
            start.Hash is { } hash ? FileImportStore.Advance(tenant, hash, position, clock.GetUtcNow()) : null;

        public void Add(UnitOfWork unit, ImportResult result)
        {
            if (start.Hash is { } hash)
            {
                unit.Enqueue(FileImportStore.Count(tenant, hash, result.Counts));
            }
        }

        public void OnCommitted(ImportResult result) => written(result);

        /// <summary>The position is deleted, so that the same file can be imported again.</summary>
        public ValueTask CompleteAsync(CancellationToken cancellationToken) =>
            database.WriteAsync(
                unit =>
                {
                    if (start.Hash is { } hash)
                    {
                        unit.Enqueue(FileImportStore.Delete(tenant, hash));
                    }

                    return ValueTask.CompletedTask;
                },
                cancellationToken);
    }
}

/// <param name="Hash">Identifies the file and its target; null for standard input.</param>
internal sealed record FileImportStart(ImportTarget Target, byte[]? Hash, FilePosition Position);

/// <param name="Lines">Finished lines, including empty ones.</param>
internal readonly record struct FilePosition(long Lines, long Inserted, long Updated, long Failed);

/// <summary>Table <c>file_import</c>.</summary>
internal static class FileImportStore
{
    /// <returns>The position of an import that was interrupted; the beginning if there is none.</returns>
    public static async ValueTask<FilePosition> FindOrInsertAsync(
        UnitOfWork unit, TenantId tenant, byte[] hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        unit.Enqueue(new Statement("""
            INSERT INTO file_import (tenant_id, file_hash, lines, inserted, updated, failed, moved_at)
            VALUES (@tenant_id, @file_hash, 0, 0, 0, 0, @now)
            ON CONFLICT (tenant_id, file_hash) DO NOTHING
            """,
            ("tenant_id", tenant.Value),
            ("file_hash", hash),
            ("now", now.ToUnixTimeMilliseconds())));
        var rows = await unit.QueryAsync(
            new Statement(
                "SELECT lines, inserted, updated, failed FROM file_import WHERE tenant_id = @tenant_id AND file_hash = @file_hash",
                ("tenant_id", tenant.Value),
                ("file_hash", hash)),
            row => new FilePosition(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken);
        return rows[0];
    }

    /// <summary>Moves the position from one line to another. Changes no row if the stored position is not the first one. The same unit writes the users.</summary>
    public static Statement Advance(TenantId tenant, byte[] hash, (long From, long To) lines, DateTimeOffset now) =>
        new("""
            UPDATE file_import SET lines = @to, moved_at = @now
            WHERE tenant_id = @tenant_id AND file_hash = @file_hash AND lines = @from
            """,
            ("tenant_id", tenant.Value),
            ("file_hash", hash),
            ("from", lines.From),
            ("to", lines.To),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>Adds to the counts of the import. Called in the unit that has moved the position.</summary>
    public static Statement Count(TenantId tenant, byte[] hash, ImportCounts counts) =>
        new("""
            UPDATE file_import SET inserted = inserted + @inserted, updated = updated + @updated, failed = failed + @failed
            WHERE tenant_id = @tenant_id AND file_hash = @file_hash
            """,
            ("tenant_id", tenant.Value),
            ("file_hash", hash),
            ("inserted", (long)counts.Inserted),
            ("updated", (long)counts.Updated),
            ("failed", (long)counts.Failed));

    public static Statement Delete(TenantId tenant, byte[] hash) =>
        new("DELETE FROM file_import WHERE tenant_id = @tenant_id AND file_hash = @file_hash", ("tenant_id", tenant.Value), ("file_hash", hash));
}
