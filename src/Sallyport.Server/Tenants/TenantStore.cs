using System.Text.Json;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tenants;

/// <summary>Table <c>tenant</c>.</summary>
internal static class TenantStore
{
    public static Statement InsertIfMissing(TenantId tenant, DateTimeOffset now) =>
        new("""
            INSERT INTO tenant (tenant_id, settings, created_at, updated_at) VALUES (@tenant_id, '{}', @now, @now)
            ON CONFLICT (tenant_id) DO NOTHING
            """,
            ("tenant_id", tenant.Value),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>The settings for pages and messages: with absolute addresses.</summary>
    public static async ValueTask<TenantSettings> GetSettingsAsync(
        Session session, TenantId tenant, CancellationToken cancellationToken) =>
        (await GetSettingsAsSentAsync(session, tenant, cancellationToken)).WithAbsoluteAddresses();

    /// <summary>The settings for the Management API: tools expect to read what they wrote.</summary>
    public static async ValueTask<TenantSettings> GetSettingsAsSentAsync(
        Session session, TenantId tenant, CancellationToken cancellationToken) =>
        TenantSettings.Parse((await session.FindAsync(Select(tenant, SelectText), row => row.GetString(0), cancellationToken))!);

    /// <returns>False also if the tenant has never set the flag.</returns>
    public static async ValueTask<bool> IsFlagSetAsync(
        Session session, TenantId tenant, string name, CancellationToken cancellationToken)
    {
        var text = (await session.FindAsync(Select(tenant, SelectText), row => row.GetString(0), cancellationToken))!;
        using var settings = JsonDocument.Parse(text);
        return settings.RootElement.TryGetProperty("flags", out var flags)
            && flags.ValueKind == JsonValueKind.Object
            && flags.TryGetProperty(name, out var flag)
            && flag.ValueKind == JsonValueKind.True;
    }

    /// <returns>The stored JSON. The row is locked until the unit ends.</returns>
    public static async ValueTask<string> LockSettingsAsync(
        UnitOfWork unit, TenantId tenant, CancellationToken cancellationToken) =>
        (await unit.FindAsync(Select(tenant, unit.Locking(SelectText)), row => row.GetString(0), cancellationToken))!;

    public static Statement UpdateSettings(TenantId tenant, string settings, DateTimeOffset now) =>
        new("UPDATE tenant SET settings = @settings, updated_at = @now WHERE tenant_id = @tenant_id",
            ("settings", settings),
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value));

    private const string SelectText = "SELECT settings FROM tenant WHERE tenant_id = @tenant_id";

    private static Statement Select(TenantId tenant, string text) => new(text, ("tenant_id", tenant.Value));
}

/// <summary>Reads the settings for the Management API.</summary>
internal sealed class TenantQueries(Database database)
{
    public async ValueTask<TenantSettings> GetSettingsAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var settings = await database.ReadAsync(
            session => TenantStore.GetSettingsAsSentAsync(session, tenant, cancellationToken), cancellationToken);
        return settings with { SandboxVersionsAvailable = [TenantDefaults.SandboxVersion] };
    }
}
