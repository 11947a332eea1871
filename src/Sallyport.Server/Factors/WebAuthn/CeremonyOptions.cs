using Fido2NetLib;
using Fido2NetLib.Objects;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors.WebAuthn;

/// <summary>The user as authenticators show and store them.</summary>
/// <param name="Label">The name for a new credential.</param>
internal sealed record CredentialUser(User User, string TenantName, string Label)
{
    public string Name => User.Email ?? User.Username ?? User.UserId;

    public string DisplayName => User.Name ?? Name;
}

/// <summary>
/// The options that a browser gets (WebAuthn level 3 sections 5.4 and 5.5), as JSON. Only this file and the two ceremonies use Fido2,
/// so that it is loaded with the first ceremony and not at start.
/// </summary>
internal static class CeremonyOptions
{
    private const int TimeoutMilliseconds = 300_000;

    public static readonly IReadOnlyList<PubKeyCredParam> Algorithms = [PubKeyCredParam.ES256, PubKeyCredParam.Ed25519, PubKeyCredParam.RS256];

    /// <param name="others">The user's credentials. An authenticator that has one of them refuses to make another.</param>
    public static string Create(
        WebAuthnChallengeDataV1 expected, CredentialKind kind, WebAuthnSettings settings, CredentialUser user, IReadOnlyList<WebAuthnDataV1> others) =>
        new CredentialCreateOptions
        {
            Rp = new PublicKeyCredentialRpEntity(expected.RelyingParty.Id, user.TenantName),
            User = new Fido2User { Id = expected.UserHandle!, Name = user.Name, DisplayName = user.DisplayName },
            Challenge = expected.Challenge,
            PubKeyCredParams = Algorithms,
            Timeout = TimeoutMilliseconds,
            // The model is only known if the authenticator attests it.
            Attestation = expected.AllowedAaguids is null ? AttestationConveyancePreference.None : AttestationConveyancePreference.Direct,
            Hints = [HintOf(kind)],
            AuthenticatorSelection = new AuthenticatorSelection
            {
                AuthenticatorAttachment = kind == CredentialKind.Roaming ? AuthenticatorAttachment.CrossPlatform : AuthenticatorAttachment.Platform,
                ResidentKey = ResidentKeyRequirement.Preferred,
                UserVerification = RequirementOf(settings),
            },
            ExcludeCredentials = Descriptors(others),
        }.ToJson();

    public static string Get(
        WebAuthnChallengeDataV1 expected, CredentialKind kind, WebAuthnSettings settings, IReadOnlyList<WebAuthnDataV1> allowed) =>
        new AssertionOptions
        {
            Challenge = expected.Challenge,
            RpId = expected.RelyingParty.Id,
            Timeout = TimeoutMilliseconds,
            Hints = [HintOf(kind)],
            UserVerification = RequirementOf(settings),
            AllowCredentials = Descriptors(allowed),
        }.ToJson();

    private static PublicKeyCredentialHint HintOf(CredentialKind kind) =>
        kind == CredentialKind.Roaming ? PublicKeyCredentialHint.SecurityKey : PublicKeyCredentialHint.ClientDevice;

    private static UserVerificationRequirement RequirementOf(WebAuthnSettings settings) => settings.UserVerification switch
    {
        "required" => UserVerificationRequirement.Required,
        "preferred" => UserVerificationRequirement.Preferred,
        _ => UserVerificationRequirement.Discouraged,
    };

    private static List<PublicKeyCredentialDescriptor> Descriptors(IReadOnlyList<WebAuthnDataV1> credentials) =>
    [
        .. credentials
            .Select(data => (Id: BinaryText.TryDecode(data.KeyId), data.Credential?.Transports))
            .Where(credential => credential.Id is not null)
            .Select(credential => new PublicKeyCredentialDescriptor(
                PublicKeyCredentialType.PublicKey, credential.Id!, TransportNames.Parse(credential.Transports))),
    ];
}

/// <summary>How the browser reaches an authenticator (WebAuthn level 3 section 5.8.4). Names that are not known are dropped.</summary>
internal static class TransportNames
{
    private static readonly Dictionary<string, AuthenticatorTransport> Known = new(StringComparer.Ordinal)
    {
        ["usb"] = AuthenticatorTransport.Usb,
        ["nfc"] = AuthenticatorTransport.Nfc,
        ["ble"] = AuthenticatorTransport.Ble,
        ["smart-card"] = AuthenticatorTransport.SmartCard,
        ["hybrid"] = AuthenticatorTransport.Hybrid,
        ["internal"] = AuthenticatorTransport.Internal,
    };

    public static AuthenticatorTransport[]? Parse(IReadOnlyList<string>? names) =>
        names?.Where(Known.ContainsKey).Select(name => Known[name]).ToArray() is { Length: > 0 } transports ? transports : null;

    public static IReadOnlyList<string>? KnownOf(IReadOnlyList<string> names) =>
        names.Where(Known.ContainsKey).Distinct().ToList() is { Count: > 0 } known ? known : null;
}
