using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Table <c>file_import</c>.</summary>
internal static class FileImportStore
{
    /// <returns>Where the import stands: at the beginning, unless a run before this one has been interrupted.</returns>
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

    /// <summary>Moves over lines, once: no row where somebody else has moved it. The unit that moves it writes the users.</summary>
    public static Statement Move(TenantId tenant, byte[] hash, (long From, long To) lines, DateTimeOffset now) =>
        new("""
            UPDATE file_import SET lines = @to, moved_at = @now
            WHERE tenant_id = @tenant_id AND file_hash = @file_hash AND lines = @from
            """,
            ("tenant_id", tenant.Value),
            ("file_hash", hash),
            ("from", lines.From),
            ("to", lines.To),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>For the unit that has moved it.</summary>
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
