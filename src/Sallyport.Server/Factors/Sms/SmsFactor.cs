using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Factors.Sms.Guard;
using Sallyport.Server.Http;
using Sallyport.Server.Messages;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Sms;

/// <summary>A code that is sent to a phone, by text message or by call.</summary>
internal sealed class SmsFactor(Database database, SettingReader settings, PhoneMessages messages, SentCodes codes, PhoneGuard guard)
    : IAddressedFactor
{
    private static readonly string[] AllChannels = [Message.Sms, Message.Voice];

    public FactorTraits Traits { get; } = new(FactorNames.Sms, "sms", "phone")
    {
        Label = texts => texts.FactorPhone,
        Amr = ["sms"],
        Rank = 30,
        Channels = AllChannels,
        TicketName = "phone",
        EnrollmentMethod = "sms",
        ChallengeLimit = new ChallengeLimit(Burst: 10, Refill: TimeSpan.FromHours(1), MinPause: TimeSpan.FromSeconds(30))
        {
            ErrorCode = ErrorCodes.TooManySms,
            TenantErrorCode = ErrorCodes.TooManySmsPerTenant,
        },
    };

    public ResponseKind ResponseKind => ResponseKind.Code;

    /// <summary>Without a number: the person gives it afterwards.</summary>
    public NewAuthenticator Begin(EnrollmentRequest request)
    {
        var id = Authenticator.NewId();
        return new NewAuthenticator(Authenticator.Pending(request, Traits, id, Store(AuthenticatorDetails.None, request.Tenant, id)));
    }

    public Authenticator? WithAddress(Authenticator pending, string address, string? channel) =>
        PhoneNumberRules.TryNormalize(address) is { } number
            ? pending with
            {
                Data = Store(
                    new AuthenticatorDetails { PhoneNumber = number, PreferredMethod = channel ?? Describe(pending).PreferredMethod ?? Message.Sms },
                    pending.Tenant,
                    pending.Id).Data,
            }
            : null;

    public async ValueTask<SentCodeSettings?> FindCodeSettingsAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        await ReadCodeSettingsAsync(session, tenant, cancellationToken);

    public async ValueTask<ChallengeDraft?> ChallengeAsync(
        Authenticator authenticator, ChallengeRequest request, CancellationToken cancellationToken)
    {
        var details = Describe(authenticator);
        var (sent, source, limits) = await database.ReadAsync(
            async session => (
                await ReadCodeSettingsAsync(session, request.Tenant, cancellationToken),
                await messages.ReadSourceAsync(session, request.Tenant, cancellationToken),
                await guard.ReadAsync(session, request.Tenant, cancellationToken)),
            cancellationToken);
        if (details.PhoneNumber is not { } number || Choose(request.Channel, details.PreferredMethod, sent.Channels) is not { } channel)
        {
            return null;
        }

        if (limits.TryFind(number) is not { } destination)
        {
            return PhoneDestination.TryFind(number) is null ? ChallengeDraft.AddressRefused : ChallengeDraft.CountryRefused;
        }

        var code = SentCodes.New(sent.Length);
        var message = messages.Compose(source, new PhoneMessageRequest(channel, number, code)
        {
            IsEnrollment = authenticator.Status == AuthenticatorStatus.Pending,
            Language = request.AcceptLanguage,
            Context = new PhoneMessageContextV1(authenticator.UserId, code)
            {
                ClientId = request.Source.ClientId,
                Address = request.Source.Address,
                UserAgent = request.Source.UserAgent,
            },
        });
        return new ChallengeDraft(
            codes.Store(request.ChallengeId, number, code),
            sent.Lifetime,
            Message.Of(message) with { UserId = authenticator.UserId, Destination = destination.Prefix, ExpiresAt = request.Now + sent.Lifetime })
        {
            Channel = channel,
            LogType = channel == Message.Voice ? AuditTypes.CallMade : AuditTypes.SmsSent,
            RefusalLogType = channel == Message.Voice ? AuditTypes.CallNotMade : AuditTypes.SmsNotSent,
            Destination = destination.Prefix,
            Quotas = limits.Count(destination, request.Now),
            FindRefusalReason = (session, token) => PhoneUsageStore.FindRefusalReasonAsync(session, request.Tenant, destination, token),
        };
    }

    public Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now) =>
        codes.Verify(authenticator, Describe(authenticator).PhoneNumber, open, response, now);

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) =>
        new(JsonSerializer.Serialize(new PhoneDataV1(details.PhoneNumber, details.PreferredMethod), FactorDataJson.Default.PhoneDataV1));

    public AuthenticatorDetails Describe(Authenticator authenticator)
    {
        var data = FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.PhoneDataV1);
        return new AuthenticatorDetails { PhoneNumber = data.PhoneNumber, PreferredMethod = data.PreferredMethod };
    }

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => Describe(known).PhoneNumber == details.PhoneNumber;

    /// <returns>Null if the requested channel is not allowed. A preference that is not allowed any more does not count.</returns>
    private static string? Choose(string? requested, string? preferred, IReadOnlyList<string> allowed) =>
        requested is null
            ? preferred is not null && allowed.Contains(preferred) ? preferred : allowed[0]
            : allowed.Contains(requested) ? requested : null;

    /// <summary>Text messages are allowed unless the tenant has chosen otherwise: the published API begins with an empty list.</summary>
    private async ValueTask<SentCodeSettings> ReadCodeSettingsAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var stored = await settings.FindAsync(session, tenant, FactorSettings.PhoneMessageTypes, cancellationToken);
        var chosen = stored?.Json.Deserialize(FactorJson.Default.PhoneMessageTypes)?.MessageTypes ?? [];
        var sent = await codes.ReadSettingsAsync(session, tenant, FactorSettings.PhoneCodes, cancellationToken);
        return sent with { Channels = chosen.Length == 0 ? [Message.Sms] : [.. AllChannels.Where(chosen.Contains)] };
    }
}

/// <param name="PhoneNumber">E.164; null until the person who enrolls has given it.</param>
/// <param name="PreferredMethod"><c>sms</c> or <c>voice</c>.</param>
internal sealed record PhoneDataV1(string? PhoneNumber, string? PreferredMethod)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}
