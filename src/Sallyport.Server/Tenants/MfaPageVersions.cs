using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tenants;

/// <summary>Parses a hosted page with the limits for hosted pages.</summary>
internal static class MfaPageTemplate
{
    /// <summary>
    /// A page of fifty tags takes a few hundred steps. An endless loop must end within milliseconds, because anyone with a link can request
    /// the page repeatedly.
    /// </summary>
    private static readonly LiquidLimits Limits = new() { MaxSteps = 100_000, MaxRangeLength = 10_000 };

    public static bool TryParse(
        string source, [NotNullWhen(true)] out LiquidTemplate? template, [NotNullWhen(false)] out LiquidError? error) =>
        LiquidTemplate.TryParse(source, Limits, out template, out error);
}

/// <summary>A saved version of the hosted page. Version numbers increase and are never reused.</summary>
public sealed record MfaPageVersion(
    [property: JsonPropertyName("version")] long Version,
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("saved_at")] DateTimeOffset SavedAt)
{
    /// <summary>Null in lists.</summary>
    [JsonPropertyName("html")]
    public string? Html { get; init; }

    /// <summary>The address of the administrator who saved it in the dashboard. The Management API does not show administrators.</summary>
    [JsonIgnore]
    public string? SavedBy { get; init; }
}

/// <summary>Table <c>mfa_page_version</c>.</summary>
internal static class MfaPageVersionStore
{
    public const int Kept = 20;

    /// <summary>
    /// Adds a version and deletes the oldest ones beyond <see cref="Kept"/>. The unit has locked the settings of the tenant, so saves run one
    /// after the other and no number is used twice.
    /// </summary>
    public static void Add(UnitOfWork unit, CallContext call, string html, DateTimeOffset now)
    {
        unit.Enqueue(new Statement("""
            INSERT INTO mfa_page_version (tenant_id, version, html, client_id, saved_by, saved_at)
            SELECT @tenant_id, COALESCE(MAX(version), 0) + 1, @html, @client_id, @saved_by, @saved_at
            FROM mfa_page_version WHERE tenant_id = @tenant_id
            """,
            ("tenant_id", call.Tenant.Value),
            ("html", html),
            ("client_id", call.Source.ClientId),
            ("saved_by", call.Actor?.Email),
            ("saved_at", now.ToUnixTimeMilliseconds())));
        unit.Enqueue(new Statement("""
            DELETE FROM mfa_page_version
            WHERE tenant_id = @tenant_id
                AND version <= (SELECT MAX(version) FROM mfa_page_version WHERE tenant_id = @tenant_id) - @kept
            """,
            ("tenant_id", call.Tenant.Value),
            ("kept", (long)Kept)));
    }

    /// <summary>Newest first, without the HTML.</summary>
    public static ValueTask<List<MfaPageVersion>> ListAsync(
        Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement("""
                SELECT version, client_id, saved_at, saved_by FROM mfa_page_version
                WHERE tenant_id = @tenant_id ORDER BY version DESC
                """,
                ("tenant_id", tenant.Value)),
            Read,
            cancellationToken);

    public static ValueTask<MfaPageVersion?> FindAsync(
        Session session, TenantId tenant, long version, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement("""
                SELECT version, client_id, saved_at, saved_by, html FROM mfa_page_version
                WHERE tenant_id = @tenant_id AND version = @version
                """,
                ("tenant_id", tenant.Value),
                ("version", version)),
            row => Read(row) with { Html = row.GetString(4) },
            cancellationToken);

    /// <summary>The version before the newest, which a reset to "last" restores.</summary>
    public static ValueTask<MfaPageVersion?> FindLastAsync(
        Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement("""
                SELECT version, client_id, saved_at, saved_by, html FROM mfa_page_version
                WHERE tenant_id = @tenant_id ORDER BY version DESC LIMIT 1 OFFSET 1
                """,
                ("tenant_id", tenant.Value)),
            row => Read(row) with { Html = row.GetString(4) },
            cancellationToken);

    private static MfaPageVersion Read(DbDataReader row) =>
        new(row.GetInt64(0), row.GetStringOrNull(1), row.GetInstant(2)) { SavedBy = row.GetStringOrNull(3) };
}
