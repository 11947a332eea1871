using Sallyport.Protocols.Liquid;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

internal enum MfaPageChangeOutcome
{
    Saved,
    TemplateFailed,

    /// <summary>There is no such version.</summary>
    NotFound,

    /// <summary>The page is not the one that the caller has seen: somebody else has saved another text.</summary>
    Outdated,
}

internal sealed record MfaPageChange(MfaPageChangeOutcome Outcome)
{
    /// <summary>Set when the page was saved.</summary>
    public TenantSettings? Settings { get; init; }

    /// <summary>Set when the template failed.</summary>
    public LiquidError? Error { get; init; }
}

/// <summary>
/// Saves a text of the hosted page, an earlier one or the built-in one, and switches the page on and off. Each new text is a version, so it can be
/// undone. A caller who names the <see cref="MfaPageState.Tag"/> that it has seen never replaces a text that it has not seen.
/// </summary>
internal sealed class ChangeMfaPage(Database database, PatchTenantSettings settings)
{
    public async ValueTask<MfaPageChange> SaveAsync(string html, string seenTag, CallContext call, CancellationToken cancellationToken) =>
        MfaPageTemplate.TryParse(html, out _, out var error)
            ? await RunAsync(_ => ValueTask.FromResult<string?>(html), seenTag, call, cancellationToken)
            : new MfaPageChange(MfaPageChangeOutcome.TemplateFailed) { Error = error };

    /// <param name="seenTag">Null to replace whatever is there.</param>
    public ValueTask<MfaPageChange> ToVersionAsync(long version, string? seenTag, CallContext call, CancellationToken cancellationToken) =>
        RunAsync(
            async unit => (await MfaPageVersionStore.FindAsync(unit, call.Tenant, version, cancellationToken))?.Html, seenTag, call, cancellationToken);

    /// <param name="seenTag">Null to replace whatever is there.</param>
    public ValueTask<MfaPageChange> ToLastAsync(string? seenTag, CallContext call, CancellationToken cancellationToken) =>
        RunAsync(
            async unit => (await MfaPageVersionStore.FindLastAsync(unit, call.Tenant, cancellationToken))?.Html, seenTag, call, cancellationToken);

    /// <param name="seenTag">Null to replace whatever is there.</param>
    public ValueTask<MfaPageChange> ToDefaultAsync(string? seenTag, CallContext call, CancellationToken cancellationToken) =>
        RunAsync(_ => ValueTask.FromResult<string?>(DefaultPage.Source), seenTag, call, cancellationToken);

    /// <summary>Shows the tenant's page, or the built-in one. Without a text of its own, the tenant gets a copy of the built-in one.</summary>
    public async ValueTask SwitchAsync(bool isEnabled, CallContext call, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            async unit =>
            {
                var stored = await TenantStore.LockSettingsAsync(unit, call.Tenant, cancellationToken);
                var html = MfaPageState.Of(stored).Html ?? (isEnabled ? DefaultPage.Source : null);
                return settings.Save(unit, stored, TenantSettings.WithPage(stored, html, isEnabled), call);
            },
            cancellationToken);

    private ValueTask<MfaPageChange> RunAsync(
        Func<UnitOfWork, ValueTask<string?>> find, string? seenTag, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                // The lock comes first: otherwise another text could become the last one before the write.
                var stored = await TenantStore.LockSettingsAsync(unit, call.Tenant, cancellationToken);
                if (await find(unit) is not { } html)
                {
                    unit.Abandon();
                    return new MfaPageChange(MfaPageChangeOutcome.NotFound);
                }

                var current = MfaPageState.Of(stored);
                if (seenTag is not null && seenTag != current.Tag && html != current.Html)
                {
                    unit.Abandon();
                    return new MfaPageChange(MfaPageChangeOutcome.Outdated);
                }

                return new MfaPageChange(MfaPageChangeOutcome.Saved)
                {
                    Settings = settings.Save(unit, stored, TenantSettings.WithPage(stored, html), call),
                };
            },
            cancellationToken);
}
