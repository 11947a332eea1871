using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Http;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages;
using Sallyport.Server.Security;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors.Push;

/// <summary>A phone with an app that is built on the Guardian SDK. It enrolls itself, and answers with a signature of its own key.</summary>
internal sealed class PushFactor(Database database, SettingReader settings, PushChannel channel, SecretHash hash, SallyportOptions options)
    : IDeviceFactor
{
    /// <summary>How long a person has to answer on the phone.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int NonceLength = 32;
    private const int ConsentIdLength = 24;
    private const int DeviceTokenLength = 48;

    /// <summary>The reasons that report a sign-in of somebody else, in upper or lower case (docs/push.md).</summary>
    private static readonly HashSet<string> ReportReasons = new(StringComparer.OrdinalIgnoreCase)
    {
        "not_me", "not me", "this was not me", "fraud", "report_fraud", "suspicious", "hack", "hacked", "hacker",
    };

    private readonly HashSet<string> audiences = new(
        DeviceAudiences.Of(options, "/api/resolve-transaction").Concat(DeviceAudiences.Of(options, "")), StringComparer.Ordinal);

    public FactorTraits Traits { get; } = new(FactorNames.Push, "push", "push")
    {
        Label = texts => texts.FactorPush,
        // RFC 8176 section 2: the possession of a key is proved.
        Amr = ["swk"],
        Rank = 5,
        TicketName = "push-notification",
        EnrollmentMethod = "guardian",
        SendName = "push-notification",
        Channel = "auth0",
        NotConfiguredCode = ErrorCodes.PushNotConfigured,
        Companion = FactorNames.Otp,
        IsGuessable = false,
        ChallengeLimit = new ChallengeLimit(Burst: 5, Refill: TimeSpan.FromSeconds(12), MinPause: TimeSpan.Zero) { ErrorCode = ErrorCodes.TooManyPushes },
        LogTypes = FactorLogTypes.Codes with { Rejected = AuditTypes.AuthenticationRejected },
    };

    public ResponseKind ResponseKind => ResponseKind.DeviceSignature;

    public NewAuthenticator? Begin(EnrollmentRequest request)
    {
        var id = Authenticator.NewId();
        return new NewAuthenticator(Authenticator.Pending(request, Traits, id, new StoredData(Write(new PushDataV1()))));
    }

    public (Authenticator Authenticator, string DeviceToken) Complete(Authenticator pending, DeviceRegistration device)
    {
        var token = Tokens.NewAlphaNumeric(DeviceTokenLength);
        var data = new PushDataV1
        {
            Identifier = device.Identifier,
            PublicKey = device.PublicKey,
            Service = device.PushService,
            Token = device.PushToken,
            DeviceTokenHash = hash.DeviceToken(pending.Id, token),
        };
        return (pending with { Name = device.Name, Data = Write(data) }, token);
    }

    public async ValueTask<DeviceApp> FindAppAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var stored = await settings.FindAsync(session, tenant, FactorSettings.MfaPush, cancellationToken);
        var app = stored?.Json.Deserialize(FactorJson.Default.MfaPushPrompt);
        return new DeviceApp(app?.AppName, app?.AppleAppLink, app?.GoogleAppLink);
    }

    public async ValueTask<ChallengeDraft?> ChallengeAsync(
        Authenticator authenticator, ChallengeRequest request, CancellationToken cancellationToken)
    {
        var data = Read(authenticator);
        if (data is not { Token: { } token, Service: { } service })
        {
            return null;
        }

        var (user, tenant, matching, isConfigured) = await database.ReadAsync(
            async session => (
                await UserStore.FindAsync(session, request.Tenant, authenticator.UserId, cancellationToken),
                await TenantStore.GetSettingsAsync(session, request.Tenant, cancellationToken),
                await settings.FindAsync(session, request.Tenant, FactorSettings.Push, cancellationToken),
                await channel.IsConfiguredAsync(session, request.Tenant, service, cancellationToken)),
            cancellationToken);
        if (!isConfigured)
        {
            return ChallengeDraft.NotConfigured;
        }

        var compares = matching?.Json["number_matching"]?.GetValue<bool>() == true;
        var texts = LanguageChoice.Choose(tenant.EnabledLocales, uiLocales: null, acceptLanguage: null).Texts;
        var (nonce, expiresAt) = (Tokens.NewAlphaNumeric(NonceLength), request.Now + Lifetime);
        var challenge = new PushChallengeDataV1(hash.ChallengeNonce(request.ChallengeId, nonce))
        {
            ConsentId = compares ? "cns_" + Tokens.NewAlphaNumeric(ConsentIdLength) : null,
            BindingMessage = compares ? RandomNumberGenerator.GetInt32(10, 100).ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
            Address = request.Source.Address,
            Browser = BrowserName.Of(request.Source.UserAgent),
        };
        var facts = new PushFacts
        {
            Server = options.PublicUrl,
            AuthenticatorId = authenticator.Id,
            AnswerToken = request.IssueDeviceToken(expiresAt),
            Nonce = nonce,
            At = request.Now,
            Browser = new PushBrowser(BrowserName.BrowserOf(request.Source.UserAgent), BrowserName.SystemOf(request.Source.UserAgent)),
            ConsentId = challenge.ConsentId,
            Title = tenant.DisplayName,
            Body = Texts.Fill(texts.PushBody, "account", user?.Email ?? user?.Username ?? authenticator.UserId),
        };
        return new ChallengeDraft(
            JsonSerializer.Serialize(challenge, FactorDataJson.Default.PushChallengeDataV1),
            Lifetime,
            NewMessage(new PushTarget(service, token, data.Endpoint), facts, expiresAt) with { UserId = authenticator.UserId })
        {
            BindingMessage = challenge.BindingMessage,
            LogType = AuditTypes.PushSent,
        };
    }

    public Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now)
    {
        var data = Read(authenticator);
        if (open is null || data.PublicKey is null || DeviceToken.Read(response.Value, DeviceKey.Parse(data.PublicKey)) is not { } token)
        {
            return null;
        }

        var challenge = FactorDataJson.Read(open.Data, FactorDataJson.Default.PushChallengeDataV1);
        if (!token.IsCurrent(now) || !token.IsFor(audiences) || token.Issuer != data.Identifier || token.Text("auth0_guardian_method") != "push"
            || !CryptographicOperations.FixedTimeEquals(hash.ChallengeNonce(open.Id, token.Subject ?? ""), challenge.NonceHash))
        {
            return null;
        }

        return token.Flag("auth0_guardian_accepted") switch
        {
            true => new Acceptance(ChallengeStore.Answer(open, now), AuthenticatorStore.Use(authenticator, authenticator.Data, now)),
            false => new Acceptance(ChallengeStore.Answer(open, now)) { Rejection = RejectionOf(token.Text("auth0_guardian_reason"), challenge) },
            null => null,
        };
    }

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) => new(Write(new PushDataV1()));

    public AuthenticatorDetails Describe(Authenticator authenticator) => AuthenticatorDetails.None;

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => false;

    public bool CanAnswer(Authenticator authenticator) => Read(authenticator).Token is not null;

    public static PushDataV1 Read(Authenticator authenticator) => FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.PushDataV1);

    public static string Write(PushDataV1 data) => JsonSerializer.Serialize(data, FactorDataJson.Default.PushDataV1);

    public static Message NewMessage(PushTarget target, PushFacts facts, DateTimeOffset expiresAt)
    {
        var content = new JsonObject
        {
            ["channel"] = Message.Push,
            ["service"] = target.Service,
            ["token"] = target.Token,
            ["payload"] = PushPayload.Of(target.Service, facts),
        };
        if (target.Endpoint is { } endpoint)
        {
            content["endpoint"] = endpoint;
        }

        return new Message(Message.Push, content.ToJsonString()) { ExpiresAt = expiresAt };
    }

    private static Rejection RejectionOf(string? reason, PushChallengeDataV1 challenge) =>
        new(reason, reason is not null && ReportReasons.Contains(reason.Trim())) { Address = challenge.Address, Browser = challenge.Browser };
}

/// <summary>
/// The audiences of tokens that phones sign: the address of the call below both bases of the API, or, for SDKs before 0.3, the base itself.
/// </summary>
internal static class DeviceAudiences
{
    public static IEnumerable<string> Of(SallyportOptions options, string path) =>
        new[] { options.PublicUrl, options.GuardianUrl }.Select(url => DeviceToken.Canonical(url + path));
}
