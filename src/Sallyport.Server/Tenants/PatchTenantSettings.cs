using System.Text.Json;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tenants;

/// <summary>Changes the settings of a tenant.</summary>
internal sealed class PatchTenantSettings(Database database, AuditLog audit, TimeProvider clock)
{
    /// <param name="changes">The members of the request, in which <c>null</c> removes a setting.</param>
    /// <returns>The settings, or the error in the template of the hosted page.</returns>
    public async ValueTask<(TenantSettings? Settings, LiquidError? TemplateError)> RunAsync(
        TenantSettingsPatch patch, JsonElement changes, CallContext call, CancellationToken cancellationToken)
    {
        if (patch.GuardianMfaPage?.Html is { } html && !MfaPageTemplate.TryParse(html, out _, out var error))
        {
            return (null, error);
        }

        var settings = await database.WriteAsync(
            async unit =>
            {
                var stored = await TenantStore.LockSettingsAsync(unit, call.Tenant, cancellationToken);
                return Save(unit, stored, TenantSettings.Merge(stored, changes), call);
            },
            cancellationToken);
        return (settings, null);
    }

    /// <param name="stored">From <see cref="TenantStore.LockSettingsAsync"/> in the same unit.</param>
    public TenantSettings Save(UnitOfWork unit, string stored, string merged, CallContext call)
    {
        var now = clock.GetUtcNow();
        var settings = TenantSettings.Parse(merged);
        unit.Enqueue(TenantStore.UpdateSettings(call.Tenant, merged, now));

        // Only a changed page becomes a version. Otherwise a tool that applies the same settings again would push out earlier versions.
        if (settings.GuardianMfaPage?.Html is { } html && html != TenantSettings.Parse(stored).GuardianMfaPage?.Html)
        {
            MfaPageVersionStore.Add(unit, call, html, now);
        }

        audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
        return settings;
    }
}
