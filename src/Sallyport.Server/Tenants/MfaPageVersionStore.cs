using System.Data.Common;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tenants;

/// <summary>Table <c>mfa_page_version</c>.</summary>
internal static class MfaPageVersionStore
{
    public const int Kept = 20;

    /// <summary>
    /// Adds a version and forgets the oldest beyond those that are kept. The unit holds the settings of the tenant, so two
    /// saves come one after the other and no number is given twice.
    /// </summary>
    public static void Add(UnitOfWork unit, TenantId tenant, string html, string? clientId, DateTimeOffset now)
    {
        unit.Enqueue(new Statement("""
            INSERT INTO mfa_page_version (tenant_id, version, html, client_id, saved_at)
            SELECT @tenant_id, COALESCE(MAX(version), 0) + 1, @html, @client_id, @saved_at
            FROM mfa_page_version WHERE tenant_id = @tenant_id
            """,
            ("tenant_id", tenant.Value),
            ("html", html),
            ("client_id", clientId),
            ("saved_at", now.ToUnixTimeMilliseconds())));
        unit.Enqueue(new Statement("""
            DELETE FROM mfa_page_version
            WHERE tenant_id = @tenant_id
                AND version <= (SELECT MAX(version) FROM mfa_page_version WHERE tenant_id = @tenant_id) - @kept
            """,
            ("tenant_id", tenant.Value),
            ("kept", (long)Kept)));
    }

    /// <summary>Newest first, without their texts.</summary>
    public static ValueTask<List<MfaPageVersion>> ListAsync(
        Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement("""
                SELECT version, client_id, saved_at FROM mfa_page_version
                WHERE tenant_id = @tenant_id ORDER BY version DESC
                """,
                ("tenant_id", tenant.Value)),
            Read,
            cancellationToken);

    public static ValueTask<MfaPageVersion?> FindAsync(
        Session session, TenantId tenant, long version, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement("""
                SELECT version, client_id, saved_at, html FROM mfa_page_version
                WHERE tenant_id = @tenant_id AND version = @version
                """,
                ("tenant_id", tenant.Value),
                ("version", version)),
            row => Read(row) with { Html = row.GetString(3) },
            cancellationToken);

    /// <summary>What was saved before the newest, which is what "last" means to whoever looks at the newest.</summary>
    public static ValueTask<MfaPageVersion?> FindLastAsync(
        Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement("""
                SELECT version, client_id, saved_at, html FROM mfa_page_version
                WHERE tenant_id = @tenant_id ORDER BY version DESC LIMIT 1 OFFSET 1
                """,
                ("tenant_id", tenant.Value)),
            row => Read(row) with { Html = row.GetString(3) },
            cancellationToken);

    private static MfaPageVersion Read(DbDataReader row) => new(row.GetInt64(0), row.GetStringOrNull(1), row.GetInstant(2));
}
