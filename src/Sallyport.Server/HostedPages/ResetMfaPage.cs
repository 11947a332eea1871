using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>Saves an earlier text of the page again. Like any other save it creates a version, so it can be undone.</summary>
internal sealed class ResetMfaPage(Database database, PatchTenantSettings settings)
{
    /// <returns>The settings, or null if there is no such version.</returns>
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
                // The lock comes first: otherwise another text could become the last one before the write.
                var stored = await TenantStore.LockSettingsAsync(unit, call.Tenant, cancellationToken);
                return await find(unit) is { } html ? settings.Save(unit, stored, TenantSettings.WithPage(stored, html), call) : null;
            },
            cancellationToken);
}
