using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>Reads the saved texts and the previews of the hosted page.</summary>
internal sealed class MfaPageQueries(Database database, SecretHash hash, TimeProvider clock)
{
    public ValueTask<MfaPageState> GetAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => MfaPageState.Of(await TenantStore.GetSettingsAsync(session, tenant, cancellationToken)), cancellationToken);

    public async ValueTask<IReadOnlyList<MfaPageVersion>> ListVersionsAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await database.ReadAsync(session => MfaPageVersionStore.ListAsync(session, tenant, cancellationToken), cancellationToken);

    public ValueTask<MfaPageVersion?> FindVersionAsync(TenantId tenant, long version, CancellationToken cancellationToken) =>
        database.ReadAsync(session => MfaPageVersionStore.FindAsync(session, tenant, version, cancellationToken), cancellationToken);

    /// <returns>The text that a reset to the last one restores; null if there is none.</returns>
    public async ValueTask<string?> FindLastAsync(TenantId tenant, CancellationToken cancellationToken) =>
        (await database.ReadAsync(session => MfaPageVersionStore.FindLastAsync(session, tenant, cancellationToken), cancellationToken))?.Html;

    /// <returns>Null if the preview does not exist or has expired.</returns>
    public async ValueTask<RenderedPage?> FindPreviewAsync(TenantId tenant, string? id, CancellationToken cancellationToken) =>
        LinkId.TryParse(id, out var link)
            ? await database.ReadAsync(
                session => MfaPagePreviewStore.FindAsync(
                    session, tenant, hash.Link(MfaPagePreviewStore.Table, link.Value), clock.GetUtcNow(), cancellationToken),
                cancellationToken)
            : null;
}

/// <summary>The saved page of a tenant.</summary>
/// <param name="Html">Null if none was ever saved, or it was removed.</param>
/// <param name="Locales">The languages that the tenant offers, the default first; null for English alone.</param>
internal sealed record MfaPageState(bool Enabled, string? Html, IReadOnlyList<string>? Locales)
{
    private const int TagLength = 16;

    /// <summary>Whether people see this text.</summary>
    public bool IsShown => Enabled && Html is { Length: > 0 };

    /// <summary>Identifies the text.</summary>
    public string Tag => Html is null ? "none" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Html)).AsSpan(0, TagLength));

    /// <param name="stored">The settings of the tenant, as stored.</param>
    public static MfaPageState Of(string stored) => Of(TenantSettings.Parse(stored));

    public static MfaPageState Of(TenantSettings settings) =>
        new(settings.GuardianMfaPage?.Enabled == true, settings.GuardianMfaPage?.Html, settings.EnabledLocales);
}
