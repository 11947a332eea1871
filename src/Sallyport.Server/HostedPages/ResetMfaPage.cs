using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// Puts an earlier text back into the settings. That is a save like any other: it becomes the newest version, and can itself
/// be taken back.
/// </summary>
internal sealed class ResetMfaPage(Database database, PatchTenantSettings settings)
{
    /// <returns>The settings, or null where there is no such version.</returns>
    public ValueTask<TenantSettings?> ToVersionAsync(long version, CallContext call, CancellationToken cancellationToken) =>
        RunAsync(
            async unit => (await MfaPageVersionStore.FindAsync(unit, call.Tenant, version, cancellationToken))?.Html, call, cancellationToken);

    public ValueTask<TenantSettings?> ToLastAsync(CallContext call, CancellationToken cancellationToken) =>
        RunAsync(async unit => (await MfaPageVersionStore.FindLastAsync(unit, call.Tenant, cancellationToken))?.Html, call, cancellationToken);

    public ValueTask<TenantSettings?> ToDefaultAsync(CallContext call, CancellationToken cancellationToken) =>
        RunAsync(_ => ValueTask.FromResult<string?>(DefaultPage.Source), call, cancellationToken);

    private ValueTask<TenantSettings?> RunAsync(
        Func<UnitOfWork, ValueTask<string?>> find, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                // Held before looking, or "last" might be another by the time of writing.
                var stored = await TenantStore.LockSettingsAsync(unit, call.Tenant, cancellationToken);
                return await find(unit) is { } html ? settings.Save(unit, stored, TenantSettings.WithPage(stored, html), call) : null;
            },
            cancellationToken);
}
