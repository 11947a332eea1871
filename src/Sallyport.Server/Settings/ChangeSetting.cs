using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Settings;

/// <summary>Changes a setting while nobody else does: of those who change different fields at once, none is lost.</summary>
internal sealed class ChangeSetting(Database database, SettingReader settingReader, AuditLog audit, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <param name="change">From what is stored, null where nobody has set it, to what is to be stored; null to leave it.</param>
    /// <returns>What is stored now, or null where it was left as it is.</returns>
    public ValueTask<SettingValue?> RunAsync(
        SettingKind kind, Func<SettingValue?, SettingValue?> change, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                var changed = change(settingReader.Open(Tenant, kind, await SettingStore.LockAsync(unit, Tenant, kind.Name, cancellationToken)));
                if (changed is null)
                {
                    unit.Abandon();
                    return null;
                }

                unit.Enqueue(SettingStore.Update(Tenant, kind.Name, settingReader.Seal(Tenant, kind, changed), clock.GetUtcNow()));
                audit.Add(unit, Tenant, entry);
                return changed;
            },
            cancellationToken);
}
