using Sallyport.Server.Storage;

namespace Sallyport.Server.HostedPages;

/// <summary>Table <c>mfa_page_preview</c>.</summary>
internal static class MfaPagePreviewStore
{
    /// <summary>Previews of a tenant at a time: they are made again and again, and a page may have a million characters.</summary>
    public const int Kept = 20;

    public const string Table = "mfa_page_preview";

    public const string HashColumn = "preview_hash";

    public static void Add(UnitOfWork unit, TenantId tenant, byte[] hash, RenderedPage page, DateTimeOffset expiresAt)
    {
        unit.Enqueue(new Statement("""
            DELETE FROM mfa_page_preview
            WHERE tenant_id = @tenant_id AND preview_hash NOT IN (
                SELECT preview_hash FROM mfa_page_preview WHERE tenant_id = @tenant_id ORDER BY expires_at DESC LIMIT @others)
            """,
            ("tenant_id", tenant.Value),
            ("others", Kept - 1L)));
        unit.Enqueue(new Statement("""
            INSERT INTO mfa_page_preview (tenant_id, preview_hash, html, nonce, expires_at)
            VALUES (@tenant_id, @preview_hash, @html, @nonce, @expires_at)
            """,
            ("tenant_id", tenant.Value),
            ("preview_hash", hash),
            ("html", page.Html),
            ("nonce", page.Nonce),
            ("expires_at", expiresAt.ToUnixTimeMilliseconds())));
    }

    public static ValueTask<RenderedPage?> FindAsync(
        Session session, TenantId tenant, byte[] hash, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement("""
                SELECT html, nonce FROM mfa_page_preview
                WHERE tenant_id = @tenant_id AND preview_hash = @preview_hash AND expires_at > @now
                """,
                ("tenant_id", tenant.Value),
                ("preview_hash", hash),
                ("now", now.ToUnixTimeMilliseconds())),
            row => new RenderedPage(row.GetString(0), row.GetString(1)),
            cancellationToken);
}
