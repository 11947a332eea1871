using System.Security.Cryptography;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Languages;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors.WebAuthn;

/// <summary>A WebAuthn credential on a security key, or in the device of the browser (docs/webauthn.md).</summary>
internal sealed class WebAuthnFactor(FactorTraits traits, CredentialKind kind, WebAuthnServices services) : IFactor
{
    private const int ChallengeLength = 32;
    private const int UserHandleLength = 32;

    private static readonly TimeSpan ChallengeLifetime = TimeSpan.FromMinutes(5);

    private static readonly FactorLogTypes LogTypes =
        new(AuditTypes.AuthenticationSucceeded, AuditTypes.WebAuthnChallengeFailed, AuditTypes.WebAuthnChallengeFailed)
        {
            EnrollmentFailed = AuditTypes.WebAuthnEnrollmentFailed,
        };

    private static readonly ChallengeLimit Limit = new(Burst: 15, Refill: TimeSpan.FromSeconds(4), MinPause: TimeSpan.Zero)
    {
        ErrorCode = ErrorCodes.TooManyAttempts,
    };

    private static readonly FactorTraits RoamingTraits = TraitsFor(FactorNames.WebAuthnRoaming, texts => texts.FactorSecurityKey) with { Rank = 40 };

    private static readonly FactorTraits PlatformTraits = TraitsFor(FactorNames.WebAuthnPlatform, texts => texts.FactorDevice) with
    {
        Rank = 50,
        IsDependent = true,
        IsOfferedAfterSignIn = true,
    };

    public FactorTraits Traits => traits;

    public ResponseKind ResponseKind => ResponseKind.Credential;

    public static WebAuthnFactor Roaming(WebAuthnServices services) => new(RoamingTraits, CredentialKind.Roaming, services);

    public static WebAuthnFactor Platform(WebAuthnServices services) => new(PlatformTraits, CredentialKind.Platform, services);

    public NewAuthenticator? Begin(EnrollmentRequest request) =>
        RelyingParty.Of(services.Options.PublicUrl, identifier: null) is null
            ? null
            : new NewAuthenticator(Authenticator.Pending(request, Traits, Authenticator.NewId(), new WebAuthnDataV1(null, null).ToStored()));

    public async ValueTask<ChallengeDraft?> ChallengeAsync(
        Authenticator authenticator, ChallengeRequest request, CancellationToken cancellationToken)
    {
        var (settings, tenant, user) = await services.Database.ReadAsync(
            async session => (
                await WebAuthnSettings.ReadAsync(services.Settings, session, request.Tenant, kind, cancellationToken),
                await TenantStore.GetSettingsAsync(session, request.Tenant, cancellationToken),
                await UserStore.FindAsync(session, request.Tenant, authenticator.UserId, cancellationToken)),
            cancellationToken);
        if (user is null)
        {
            return null;
        }

        if (RelyingParty.Of(services.Options.PublicUrl, settings.RelyingPartyIdentifier) is not { } party)
        {
            WebAuthnLog.NoRelyingParty(services.Logger, settings.RelyingPartyIdentifier ?? "", services.Options.PublicUrl);
            return null;
        }

        var expected = new WebAuthnChallengeDataV1(
            party, RandomNumberGenerator.GetBytes(ChallengeLength), settings.UserVerification == "required");
        return authenticator.Status == AuthenticatorStatus.Pending
            ? Registration(expected, settings, request, new CredentialUser(user, tenant.DisplayName, LabelFor(tenant, request.AcceptLanguage)))
            : Assertion(expected, settings, request);
    }

    public Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now) =>
        Evaluate(authenticator, open, response, now).Acceptance;

    public Evaluation Evaluate(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now)
    {
        if (open is null)
        {
            return default;
        }

        var expected = FactorDataJson.Read(open.Data, FactorDataJson.Default.WebAuthnChallengeDataV1);
        return authenticator.Status == AuthenticatorStatus.Confirmed
            ? EvaluateAssertion(authenticator, expected, response.Value, now)
            : open.AuthenticatorId == authenticator.Id ? EvaluateRegistration(authenticator, expected, response.Value)
            : default;
    }

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) =>
        new WebAuthnDataV1(details.KeyId, details.Credential).ToStored();

    public AuthenticatorDetails Describe(Authenticator authenticator)
    {
        var data = WebAuthnDataV1.Of(authenticator);
        return new AuthenticatorDetails { KeyId = data.KeyId, Credential = data.Credential };
    }

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => Describe(known).KeyId == details.KeyId;

    private static FactorTraits TraitsFor(string name, Func<Texts, string> label) => new(name, name, name)
    {
        Label = label,
        Amr = CredentialMethods.All,
        TicketName = name,
        EnrollmentMethod = name,
        IsAnsweredByBrowser = true,
        ChallengeLimit = Limit,
        LogTypes = LogTypes,
    };

    private ChallengeDraft Registration(
        WebAuthnChallengeDataV1 expected, WebAuthnSettings settings, ChallengeRequest request, CredentialUser user)
    {
        // The credentials of both factors: a second one in the same device would replace the first one or prove nothing more.
        var known = request.Confirmed.Where(IsWebAuthn).ToList();
        var credentials = known.Select(WebAuthnDataV1.Of).ToList();
        var handle = credentials.Select(data => BinaryText.TryDecode(data.Credential?.UserHandle)).FirstOrDefault(found => found is { Length: > 0 });
        expected = expected with
        {
            UserHandle = handle ?? RandomNumberGenerator.GetBytes(UserHandleLength),
            AllowedAaguids = settings.AllowedAaguids,
            DefaultName = user.Label,
            OtherNames = [.. known.Select(other => other.Name).OfType<string>()],
        };
        return Draft(expected, CeremonyOptions.Create(expected, kind, settings, user, credentials));
    }

    /// <returns>Null if the user has no credential for this relying party.</returns>
    private ChallengeDraft? Assertion(WebAuthnChallengeDataV1 expected, WebAuthnSettings settings, ChallengeRequest request)
    {
        var usable = request.Confirmed
            .Where(known => known.Factor == Traits.Name)
            .Select(known => (known.Id, Data: WebAuthnDataV1.Of(known)))
            .Where(known => known.Data.Credential is { } credential
                && (credential.RelyingPartyIdentifier is null || credential.RelyingPartyIdentifier == expected.RelyingParty.Id))
            .ToList();
        expected = expected with { Authenticators = [.. usable.Select(known => known.Id)] };
        return usable.Count == 0 ? null : Draft(expected, CeremonyOptions.Get(expected, kind, settings, usable.ConvertAll(known => known.Data)));
    }

    private static ChallengeDraft Draft(WebAuthnChallengeDataV1 expected, string options) =>
        new(JsonSerializer.Serialize(expected, FactorDataJson.Default.WebAuthnChallengeDataV1), ChallengeLifetime, Message: null) { Shown = options };

    private static Evaluation EvaluateRegistration(Authenticator authenticator, WebAuthnChallengeDataV1 expected, string response)
    {
        var (registered, refusal) = RegistrationCeremony.Verify(expected, response);
        if (registered is null)
        {
            return new Evaluation(null, refusal);
        }

        var stored = new WebAuthnDataV1(registered.KeyId, registered.Credential) { SignCount = registered.SignCount }.ToStored();
        var name = KnownAuthenticators.NameFor(registered.Aaguid, expected.DefaultName!, [.. expected.OtherNames!]);
        return new Evaluation(new Acceptance(AuthenticatorStore.Register(
            authenticator with { Data = stored.Data, UniqueKey = stored.UniqueKey, Name = name }))
        {
            UniqueKey = stored.UniqueKey,
            Name = name,
            Amr = CredentialMethods.Of(registered.Credential),
        });
    }

    private Evaluation EvaluateAssertion(Authenticator authenticator, WebAuthnChallengeDataV1 expected, string response, DateTimeOffset now)
    {
        var data = WebAuthnDataV1.Of(authenticator);
        if (expected.Authenticators?.Contains(authenticator.Id) != true || data.KeyId is null || CeremonyResponse.TryParse(response)?.KeyId != data.KeyId)
        {
            // The response may belong to another authenticator.
            return default;
        }

        var (asserted, refusal) = AssertionCeremony.Verify(expected, data, response);
        if (refusal == RefusalReasons.SignCount)
        {
            WebAuthnLog.SignCountRegressed(services.Logger, authenticator.Id, data.SignCount);
        }

        return asserted is null
            ? new Evaluation(null, refusal)
            : new Evaluation(new Acceptance(AuthenticatorStore.Use(authenticator, asserted.ToJson(), now))
            {
                Amr = CredentialMethods.Of(asserted.Credential!),
            });
    }

    private string LabelFor(TenantSettings tenant, string? acceptLanguage)
    {
        var texts = LanguageChoice.Choose(tenant.EnabledLocales, uiLocales: null, acceptLanguage).Texts;
        return kind == CredentialKind.Roaming ? texts.SecurityKeyName : texts.DeviceName;
    }

    private static bool IsWebAuthn(Authenticator authenticator) =>
        authenticator.Factor is FactorNames.WebAuthnRoaming or FactorNames.WebAuthnPlatform or FactorNames.Passkey;
}

/// <summary>What both factors need.</summary>
internal sealed record WebAuthnServices(Database Database, SettingReader Settings, SallyportOptions Options, ILogger<WebAuthnFactor> Logger);

internal enum CredentialKind
{
    /// <summary>On a security key, or another device that is not the browser's.</summary>
    Roaming,

    /// <summary>In the device of the browser.</summary>
    Platform,
}

/// <summary>A passkey signs a person in by itself. Its credentials are stored for the Management API and are no second factor.</summary>
internal sealed class PasskeyFactor : IStoredFactor
{
    public FactorTraits Traits { get; } = new(FactorNames.Passkey, "passkey", "passkey")
    {
        Label = texts => texts.FactorPasskey,
        Rank = 90,
        IsEnrollment = false,
        IsFirstFactor = true,
    };

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) =>
        new WebAuthnDataV1(details.KeyId, details.Credential).ToStored();

    public AuthenticatorDetails Describe(Authenticator authenticator)
    {
        var data = WebAuthnDataV1.Of(authenticator);
        return new AuthenticatorDetails { KeyId = data.KeyId, Credential = data.Credential };
    }

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => Describe(known).KeyId == details.KeyId;
}

/// <summary>Values for <c>amr</c> (RFC 8176 section 2).</summary>
internal static class CredentialMethods
{
    private const string HardwareKey = "hwk";
    private const string SoftwareKey = "swk";

    /// <summary>Every ceremony tests that a person is present. Whether a PIN or a fingerprint verified that person is not known here.</summary>
    private const string Presence = "user";

    public static readonly IReadOnlyList<string> All = [HardwareKey, SoftwareKey, Presence];

    /// <summary>A credential that may be copied to other devices is not secured by one piece of hardware.</summary>
    public static IReadOnlyList<string> Of(WebAuthnCredential credential) =>
        [credential.DeviceType == WebAuthnCredential.MultiDevice ? SoftwareKey : HardwareKey, Presence];
}

/// <summary>Event ids 2100 to 2199.</summary>
internal static partial class WebAuthnLog
{
    [LoggerMessage(2100, LogLevel.Warning, "Security key {AuthenticatorId} was refused: its signature counter is not above {SignCount}, so the key may have been copied.")]
    public static partial void SignCountRegressed(ILogger logger, string authenticatorId, long signCount);

    [LoggerMessage(2101, LogLevel.Warning, "Security keys cannot be used: the relying party identifier '{Identifier}' is no registrable suffix of the host of {PublicUrl}.")]
    public static partial void NoRelyingParty(ILogger logger, string identifier, string publicUrl);
}
