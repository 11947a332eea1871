using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs.Exports;

/// <summary>Table <c>export_chunk</c>: the files of exports. They are deleted with their jobs.</summary>
internal static class ExportStore
{
    /// <summary>Finished exports that are kept, so that a client that exports in a loop does not fill the disk.</summary>
    public const int MaxKept = 20;

    /// <summary>Binds a sealed piece to its row.</summary>
    public static AssociatedData ChunkData(TenantId tenant, string jobId, long number) =>
        new(tenant, "export_chunk", "sealed_content", $"{jobId}/{number}");

    public static Statement InsertChunk(TenantId tenant, string jobId, long number, byte[] sealedContent) =>
        new("""
            INSERT INTO export_chunk (tenant_id, job_id, number, sealed_content) VALUES (@tenant_id, @job_id, @number, @sealed_content)
            """,
            ("tenant_id", tenant.Value),
            ("job_id", jobId),
            ("number", number),
            ("sealed_content", sealedContent));

    public static ValueTask<byte[]?> FindChunkAsync(
        Session session, TenantId tenant, string jobId, long number, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                "SELECT sealed_content FROM export_chunk WHERE tenant_id = @tenant_id AND job_id = @job_id AND number = @number",
                ("tenant_id", tenant.Value),
                ("job_id", jobId),
                ("number", number)),
            row => row.GetBytes(0),
            cancellationToken);

    public static Statement DeleteChunks(TenantId tenant, string jobId) =>
        new("DELETE FROM export_chunk WHERE tenant_id = @tenant_id AND job_id = @job_id", ("tenant_id", tenant.Value), ("job_id", jobId));

    /// <summary>Deletes all finished exports but the newest.</summary>
    public static Statement DeleteOldest(TenantId tenant) =>
        new($"""
            DELETE FROM job WHERE tenant_id = @tenant_id AND job_id IN (
                SELECT job_id FROM job
                WHERE tenant_id = @tenant_id AND type = '{Job.UsersExport}' AND finished_at IS NOT NULL
                ORDER BY finished_at DESC, job_id
                LIMIT {MaxKept} OFFSET {MaxKept})
            """,
            ("tenant_id", tenant.Value));
}
