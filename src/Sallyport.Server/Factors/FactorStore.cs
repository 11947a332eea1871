using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>Table <c>factor</c>: which factors the tenant has switched on. A row that is missing means off.</summary>
internal static class FactorStore
{
    public static async ValueTask<IReadOnlySet<string>> EnabledAsync(
        Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var names = await session.QueryAsync(
            new Statement(
                "SELECT name FROM factor WHERE tenant_id = @tenant_id AND enabled = @enabled",
                ("tenant_id", tenant.Value),
                ("enabled", true)),
            row => row.GetString(0),
            cancellationToken);
        return names.ToHashSet(StringComparer.Ordinal);
    }

    public static Statement Set(TenantId tenant, string name, bool enabled) =>
        new("""
            INSERT INTO factor (tenant_id, name, enabled) VALUES (@tenant_id, @name, @enabled)
            ON CONFLICT (tenant_id, name) DO UPDATE SET enabled = @enabled
            """,
            ("tenant_id", tenant.Value),
            ("name", name),
            ("enabled", enabled));

    public static Statement InsertIfMissing(TenantId tenant, string name, bool enabled) =>
        new("""
            INSERT INTO factor (tenant_id, name, enabled) VALUES (@tenant_id, @name, @enabled)
            ON CONFLICT (tenant_id, name) DO NOTHING
            """,
            ("tenant_id", tenant.Value),
            ("name", name),
            ("enabled", enabled));
}
