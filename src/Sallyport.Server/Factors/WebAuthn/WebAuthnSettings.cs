using System.Text.Json;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.WebAuthn;

/// <summary>The settings of either factor.</summary>
/// <param name="UserVerification"><c>required</c>, <c>preferred</c> or <c>discouraged</c>.</param>
/// <param name="RelyingPartyIdentifier">Null for the host of the public URL.</param>
/// <param name="AllowedAaguids">The only models that may be registered; null for any.</param>
internal sealed record WebAuthnSettings(string UserVerification, string? RelyingPartyIdentifier, IReadOnlyList<string>? AllowedAaguids)
{
    public static async ValueTask<WebAuthnSettings> ReadAsync(
        SettingReader settings, Session session, TenantId tenant, CredentialKind kind, CancellationToken cancellationToken)
    {
        var setting = kind == CredentialKind.Roaming ? FactorSettings.WebAuthnRoaming : FactorSettings.WebAuthnPlatform;
        var shown = SettingValue.Show(setting, await settings.FindAsync(session, tenant, setting, cancellationToken), withSecrets: false);
        if (kind == CredentialKind.Roaming)
        {
            var roaming = shown.Deserialize(FactorJson.Default.WebAuthnRoamingSettings)!;
            return Of(roaming.UserVerification!, roaming.OverrideRelyingParty, roaming.RelyingPartyIdentifier, roaming.AllowedAaguids);
        }

        // A device is a second factor because its owner unlocks it, so its settings have no member for user verification.
        var platform = shown.Deserialize(FactorJson.Default.WebAuthnPlatformSettings)!;
        return Of("required", platform.OverrideRelyingParty, platform.RelyingPartyIdentifier, platform.AllowedAaguids);
    }

    private static WebAuthnSettings Of(string userVerification, bool? overrides, string? identifier, string[]? allowedAaguids) =>
        new(userVerification, overrides == true ? identifier ?? "" : null, allowedAaguids is { Length: > 0 } ? allowedAaguids : null);
}
