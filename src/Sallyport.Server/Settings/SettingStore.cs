using Sallyport.Server.Storage;

namespace Sallyport.Server.Settings;

/// <summary>Table <c>setting</c>.</summary>
internal static class SettingStore
{
    private const string SelectText = "SELECT value, sealed_secrets FROM setting WHERE tenant_id = @tenant_id AND name = @name";

    /// <returns>Null if it was never set.</returns>
    public static async ValueTask<SettingRow?> FindAsync(
        Session session, TenantId tenant, string name, CancellationToken cancellationToken) =>
        await session.FindAsync(Select(SelectText, tenant, name), Read, cancellationToken) is { Value: not null } row ? row : null;

    /// <summary>The value without its secrets; null if it was never set.</summary>
    public static Query<string?> FindValue(TenantId tenant, string name) => new(Select(SelectText, tenant, name), row => row.GetStringOrNull(0));

    /// <summary>Creates the row if it is missing and locks it until the unit ends, so that the first two changes also wait for each other.</summary>
    /// <returns>A row without a value if it was never set.</returns>
    public static async ValueTask<SettingRow> LockAsync(
        UnitOfWork unit, TenantId tenant, string name, CancellationToken cancellationToken)
    {
        unit.Enqueue(new Statement("""
            INSERT INTO setting (tenant_id, name, updated_at) VALUES (@tenant_id, @name, 0) ON CONFLICT (tenant_id, name) DO NOTHING
            """,
            ("tenant_id", tenant.Value),
            ("name", name)));
        return (await unit.FindAsync(Select(unit.Locking(SelectText), tenant, name), Read, cancellationToken))!;
    }

    public static Statement Update(TenantId tenant, string name, SettingRow row, DateTimeOffset now) =>
        new("""
            UPDATE setting SET value = @value, sealed_secrets = @sealed_secrets, updated_at = @now
            WHERE tenant_id = @tenant_id AND name = @name
            """,
            ("tenant_id", tenant.Value),
            ("name", name),
            ("value", row.Value),
            ("sealed_secrets", row.SealedSecrets),
            ("now", now.ToUnixTimeMilliseconds()));

    public static Statement Delete(TenantId tenant, string name) =>
        new("DELETE FROM setting WHERE tenant_id = @tenant_id AND name = @name", ("tenant_id", tenant.Value), ("name", name));

    private static Statement Select(string text, TenantId tenant, string name) => new(text, ("tenant_id", tenant.Value), ("name", name));

    private static SettingRow Read(System.Data.Common.DbDataReader row) => new(row.GetStringOrNull(0), row.GetBytesOrNull(1));
}

internal sealed record SettingRow(string? Value, byte[]? SealedSecrets);
