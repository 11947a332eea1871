using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Settings;

/// <summary>Changes a setting under a row lock: when requests change different fields at the same time, no change is lost.</summary>
internal sealed class ChangeSetting(Database database, SettingReader reader, AuditLog audit, TimeProvider clock)
{
    /// <param name="change">Gets the stored value, or null if it was never set, and returns the value to store, or null to change nothing.</param>
    /// <returns>The value that is stored now, or null if nothing was changed.</returns>
    public ValueTask<SettingValue?> RunAsync(
        SettingKind kind, Func<SettingValue?, SettingValue?> change, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                var row = await SettingStore.LockAsync(unit, call.Tenant, kind.Name, cancellationToken);
                var changed = change(reader.Open(call.Tenant, kind, row));
                if (changed is null)
                {
                    unit.Abandon();
                    return null;
                }

                unit.Enqueue(SettingStore.Update(call.Tenant, kind.Name, reader.Seal(call.Tenant, kind, changed), clock.GetUtcNow()));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return changed;
            },
            cancellationToken);

    /// <summary>Succeeds if it was never set, too.</summary>
    public ValueTask DeleteAsync(SettingKind kind, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                unit.Enqueue(SettingStore.Delete(call.Tenant, kind.Name));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}
