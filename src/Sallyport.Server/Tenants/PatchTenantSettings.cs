using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tenants;

internal sealed class PatchTenantSettings(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public ValueTask<TenantSettings> RunAsync(JsonElement patch, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                var merged = TenantSettings.Merge(await TenantStore.LockSettingsAsync(unit, Tenant, cancellationToken), patch);
                unit.Enqueue(TenantStore.UpdateSettings(Tenant, merged, clock.GetUtcNow()));
                audit.Add(unit, Tenant, entry);
                return TenantSettings.Parse(merged);
            },
            cancellationToken);
}
