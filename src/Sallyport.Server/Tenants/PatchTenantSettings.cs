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
                var stored = await TenantStore.LockSettingsAsync(unit, Tenant, cancellationToken);
                return Save(unit, stored, TenantSettings.Merge(stored, patch), entry);
            },
            cancellationToken);

    /// <param name="stored">As <see cref="TenantStore.LockSettingsAsync"/> gave it in the same unit.</param>
    public TenantSettings Save(UnitOfWork unit, string stored, string merged, AuditEntry entry)
    {
        var now = clock.GetUtcNow();
        var settings = TenantSettings.Parse(merged);
        unit.Enqueue(TenantStore.UpdateSettings(Tenant, merged, now));

        // A tool that applies the same settings again and again must not push the versions of people out.
        if (settings.GuardianMfaPage?.Html is { } html && html != TenantSettings.Parse(stored).GuardianMfaPage?.Html)
        {
            MfaPageVersionStore.Add(unit, Tenant, html, entry.Source.ClientId, now);
        }

        audit.Add(unit, Tenant, entry);
        return settings;
    }
}
